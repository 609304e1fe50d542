// How a PCIe link answers a device's reads, in good times and bad.
#include <algorithm>
#include <memory>
#include <utility>

#include "testbench/bus/pcie_link.hpp"

namespace ringside::testbench {

// The latency is drawn when the request leaves, in the order of requests; data is what memory holds
// when the completion starts.
void PcieLink::read(TimePoint at, std::uint64_t address, std::uint32_t size, std::uint32_t tag) {
  TimePoint const arrival = send_up(non_posted_.take(at, 0), kRequestOverhead);
  non_posted_.lend(arrival + timing_.credit_processing + timing_.down_latency, 0);
  ++statistics_.reads;
  ReadRequest const request{address, size, tag, trouble_.draw(trouble_random_)};
  if (request.fate.missing) {
    timeline_.at(arrival + trouble_.completion_timeout, up_origin_, [this, tag] {
      ++statistics_.missing;
      hash_.add(present());
      refuse_read(tag);
    });
    return;
  }
  Duration const latency = timing_.draw_memory_latency(random_) + request.fate.delay;
  timeline_.at(arrival + latency, up_origin_, [this, request] { complete_read(request); });
}

void PcieLink::refuse_read(std::uint32_t tag) {
  device_->completion(send_down(kCompletionOverhead), {tag, 0, {}, false, true});
}

void PcieLink::complete_read(ReadRequest const& request) {
  if (request.fate.held && !held_) {
    held_ = request;
    held_->fate.held = false;
    std::uint64_t const number = ++held_number_;
    timeline_.at(present() + trouble_.late_by, up_origin_, [this, number] {
      if (held_ && held_number_ == number) release_held();
    });
    return;
  }
  hash_.add(present());
  hash_.add(request.address);
  std::uint8_t const* memory = nullptr;
  if (!refused(AccessKind::Read, request.address, request.size)) {
    memory = memory_.device_reads(request.address, request.size);
    if (memory == nullptr) ++statistics_.refused;
  }
  if (memory == nullptr) {
    refuse_read(request.tag);
  } else if (request.fate.split) {
    answer_by_and_by(request, {memory, request.size});
  } else {
    for (std::uint32_t offset = 0; offset < request.size;) {
      offset += send_piece(request, offset, timing_.max_payload, {memory, request.size});
    }
  }
  if (held_) release_held();
}

void PcieLink::release_held() {
  ReadRequest const request = *held_;
  held_.reset();
  complete_read(request);
}

// Completions end at multiples of the read completion boundary and carry at most `most`. Returns
// how much of the read is answered by this one.
std::uint32_t PcieLink::send_piece(ReadRequest const& request, std::uint32_t offset,
                                   std::uint32_t most, Bytes memory) {
  std::uint64_t const begin = request.address + offset;
  std::uint64_t const limit = (begin & ~std::uint64_t{timing_.read_boundary - 1}) + most;
  auto const count =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(limit - begin, request.size - offset));
  bool const last = offset + count == request.size;
  if (last && request.fate.poisoned) {
    ++statistics_.poisoned;
    refuse_read(request.tag);
  } else {
    device_->completion(send_down(kCompletionOverhead + count),
                        {request.tag, offset, memory.subspan(offset, count), true, last});
  }
  return count;
}

// The device gets what was read at once, like the rest; only the pieces come in their own time.
// That is drawn from what was drawn with the request: how many of those have come by now depends on
// how far ahead the device runs.
void PcieLink::answer_by_and_by(ReadRequest const& request, Bytes memory) {
  struct Answer {
    ReadRequest request;
    std::vector<std::uint8_t> bytes;
  };
  auto const answer = std::make_shared<Answer>(Answer{request, {memory.begin(), memory.end()}});
  Random pauses(request.fate.pauses);
  TimePoint at = present();
  std::uint64_t const boundary = timing_.read_boundary;
  for (std::uint32_t offset = 0; offset < request.size;) {
    timeline_.at(at, up_origin_, [this, answer, offset] {
      send_piece(answer->request, offset, timing_.read_boundary, answer->bytes);
    });
    offset += static_cast<std::uint32_t>(boundary - (request.address + offset) % boundary);
    at += Duration{
        static_cast<std::int64_t>(pauses.below(static_cast<std::uint64_t>(kLongestPause.count())))};
  }
}

}  // namespace ringside::testbench
