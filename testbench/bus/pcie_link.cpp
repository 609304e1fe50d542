#include "testbench/bus/pcie_link.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

namespace ringside::testbench {

PcieLink::PcieLink(Timeline& timeline, HostMemory& memory, PcieTiming const& timing, Random random)
    : timeline_(timeline),
      memory_(memory),
      timing_(timing),
      random_(random),
      trouble_random_(random.stream("trouble")),
      up_origin_(timeline.add_origin()),
      host_origin_(timeline.add_origin()),
      posted_{timing.posted_headers, timing.posted_data, {}},
      non_posted_{timing.non_posted_headers, 0, {}} {}

TimePoint PcieLink::Credits::take(TimePoint at, std::uint32_t data_units) {
  auto const collect = [this] {
    headers += loans.front().headers;
    data += loans.front().data;
    loans.pop_front();
  };
  while (!loans.empty() && loans.front().back <= at) collect();
  while (headers == 0 || data < data_units) {
    assert(!loans.empty() && "a TLP needs more credits than there are");
    at = loans.front().back;
    collect();
  }
  --headers;
  data -= data_units;
  return at;
}

// The time at which `bytes` that are ready at `at` have arrived at the root complex.
TimePoint PcieLink::send_up(TimePoint at, std::uint32_t bytes) {
  up_busy_ = std::max(up_busy_, at) + timing_.byte_time * static_cast<std::int64_t>(bytes);
  statistics_.up_bytes += bytes;
  return up_busy_ + timing_.up_latency;
}

TimePoint PcieLink::send_down(std::uint32_t bytes) {
  down_busy_ =
      std::max(down_busy_, present()) + timing_.byte_time * static_cast<std::int64_t>(bytes);
  statistics_.down_bytes += bytes;
  return down_busy_ + timing_.down_latency;
}

void PcieLink::write(TimePoint at, std::uint64_t address, Bytes bytes) {
  struct Payload {
    std::uint32_t size;
    std::array<std::uint8_t, 256> bytes;
  };
  assert(!bytes.empty() && bytes.size() <= std::min<std::size_t>(timing_.max_payload, 256));
  auto const size = static_cast<std::uint32_t>(bytes.size());
  std::uint32_t const units = (size + 15) / 16;
  TimePoint const arrival = send_up(posted_.take(at, units), kRequestOverhead + size);
  posted_.lend(arrival + timing_.credit_processing + timing_.down_latency, units);
  ++statistics_.writes;
  Payload payload;
  payload.size = size;
  std::memcpy(payload.bytes.data(), bytes.data(), size);
  timeline_.at(arrival, up_origin_, [this, address, payload] {
    write_arrives(address, {payload.bytes.data(), payload.size});
  });
}

void PcieLink::write_arrives(std::uint64_t address, Bytes bytes) {
  hash_.add(present());
  hash_.add(address);
  hash_.add(bytes);
  if ((address & ~std::uint64_t{0xF'FFFF}) == kMsiAddress && bytes.size() == 4) {
    ++statistics_.interrupts;
    if (interrupt_) interrupt_(load_le<std::uint32_t>(bytes.data()));
    return;
  }
  if (refused(AccessKind::Write, address, static_cast<std::uint32_t>(bytes.size()))) return;
  std::uint8_t* const memory = memory_.device_writes(address, bytes.size());
  if (memory == nullptr) {
    ++statistics_.refused;
    return;
  }
  std::memcpy(memory, bytes.data(), bytes.size());
}

bool PcieLink::refused(AccessKind kind, std::uint64_t address, std::uint32_t size) {
  if (!fault_ || !fault_(kind, address, size)) return false;
  ++statistics_.refused;
  return true;
}

void PcieLink::register_write(std::uint32_t offset, unsigned size, std::uint32_t value) {
  device_->register_write(send_down(kRequestOverhead + 4), offset, size, value);
}

void PcieLink::register_read(std::uint32_t offset, unsigned size,
                             std::function<void(std::uint32_t)> answered) {
  std::uint64_t const id = ++last_register_read_;
  register_reads_.push_back({id, std::move(answered)});
  device_->register_read(send_down(kRequestOverhead), offset, size);
  timeline_.at(present() + kCompletionTimeout, host_origin_, [this, id] { time_out(id); });
}

void PcieLink::time_out(std::uint64_t id) {
  if (register_reads_.empty() || id < register_reads_.front().id) return;
  auto const answered =
      std::exchange(register_reads_[id - register_reads_.front().id].answered, nullptr);
  ++statistics_.timeouts;
  answered(0xFFFF'FFFF);
}

// Goes up behind all writes that the device has sent before (PCIe 2.4.1: completions push posted
// writes), so a driver that reads device_status 0 has all of the old session's data.
void PcieLink::answer(TimePoint at, std::uint32_t value) {
  TimePoint const arrival = send_up(at, kCompletionOverhead + 4) + timing_.register_overhead;
  timeline_.at(arrival, up_origin_, [this, value] {
    if (register_reads_.empty()) return;
    auto const answered = std::move(register_reads_.front().answered);
    register_reads_.pop_front();
    if (answered) answered(value);
  });
}

void PcieLink::control(PciControl control) {
  device_->control(send_down(kRequestOverhead + 4), control);
}

}  // namespace ringside::testbench
