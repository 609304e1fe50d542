#include "model/device/transmit.hpp"

#include <algorithm>
#include <utility>

#include "model/device/segmentation.hpp"
#include "model/device/transmit_frame.hpp"

namespace ringside::model {

bool TransmitEngine::ready() const {
  DescriptorFetch const& available = queue_.available();
  return session_.live() && queue_.running() &&
         (!available.waiting().empty() || available.announced());
}

Result<Done, DeviceError> TransmitEngine::step() {
  DescriptorFetch& available = queue_.available();
  if (available.waiting().empty()) {
    if (auto fetched = available.fetch(); !fetched) return fetched;
    if (!session_.live()) return Done{};
  }
  gather();
  memory_.read_all(reads_);

  bool too_many_errors = false;
  for (Packet& packet : packets_) {
    if (!session_.live()) return Done{};
    bool const refused =
        std::any_of(reads_.begin() + static_cast<std::ptrdiff_t>(packet.first_read),
                    reads_.begin() + static_cast<std::ptrdiff_t>(packet.end_read),
                    [](HostMemory::Read const& read) { return read.refused; });
    if (refused) {
      statistics_.add("tx_dropped_error");
      too_many_errors = session_.count_data_error() || too_many_errors;
    } else if (packet.bytes.empty() || !send(packet)) {
      statistics_.add("tx_dropped_malformed");
    }
  }
  if (!session_.live()) return Done{};
  if (auto given = queue_.give_back(used_); !given) return given;
  statistics_.add("tx_packets", used_.size());
  if (too_many_errors) return DeviceError::TooManyDataErrors;
  return Done{};
}

// Takes buffers off the queue and lists the reads that bring their packets in. What a driver made
// writable in a transmit buffer is none of the device's business.
void TransmitEngine::gather() {
  DescriptorFetch& available = queue_.available();
  packets_.clear();
  reads_.clear();
  used_.clear();
  std::size_t bytes = 0;
  for (Buffer const& buffer : available.waiting()) {
    if (packets_.size() == kMostPackets || bytes >= kMostBytes) break;
    Packet packet;
    packet.first_read = reads_.size();
    std::uint64_t const length = buffer.readable_bytes();
    packet.may_be_cut = rules_.may_cut(buffer.elements.size());
    if (length >= rules_.shortest() && length <= rules_.longest(buffer.elements.size())) {
      packet.bytes.resize(length);
      std::size_t at = 0;
      for (Element const& element : buffer.elements) {
        if (element.writable || element.length == 0) continue;
        reads_.push_back({element.address, MutableBytes(packet.bytes).subspan(at, element.length)});
        at += element.length;
      }
    }
    packet.end_read = reads_.size();
    bytes += packet.bytes.size();
    packets_.push_back(std::move(packet));
    used_.push_back({.id = buffer.id, .slots = buffer.slots});
  }
  available.take(packets_.size());
}

bool TransmitEngine::send(Packet& packet) {
  if (!asks_for_segments(packet.bytes)) {
    if (!content_allowed(packet.bytes, rules_)) return false;
    wire_.send(frame_of_packet(std::move(packet.bytes), rules_));
    return true;
  }
  if (!packet.may_be_cut) return false;
  auto const plan = Segmentation::plan(packet.bytes, packet.bytes.size(), rules_);
  if (!plan) return false;
  for (std::size_t i = 0; i < plan->count() && session_.live(); ++i) {
    wire_.send(frame_of_packet(plan->segment(packet.bytes, i), rules_));
  }
  return true;
}

}  // namespace ringside::model
