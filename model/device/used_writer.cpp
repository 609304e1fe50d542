#include "model/device/used_writer.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ringside::model {
namespace {

// Length, id and flags are the second half of a descriptor: one aligned write makes them visible
// together. The address in the first half is of no use to the driver.
constexpr std::uint32_t kUsedOffset = 8;
using UsedBytes = std::array<std::uint8_t, kDescriptorBytes - kUsedOffset>;

UsedBytes encode(Used const& used, bool wrap) {
  std::uint16_t flags = used.length != 0 ? layout::kDescriptorWrite : 0;
  if (wrap) flags |= layout::kDescriptorAvail | layout::kDescriptorUsed;
  UsedBytes bytes;
  store_le<std::uint32_t>(&bytes[0], used.length);
  store_le<std::uint16_t>(&bytes[4], used.id);
  store_le<std::uint16_t>(&bytes[6], flags);
  return bytes;
}

}  // namespace

void UsedWriter::start(QueueSettings const& queue) {
  queue_ = queue;
  position_ = {};
}

Result<Done, DeviceError> UsedWriter::write(std::span<Used const> used) {
  std::vector<UsedBytes> encoded(used.size());
  std::vector<HostMemory::Write> firsts;
  std::vector<HostMemory::Write> others;
  RingPosition position = position_;
  bool first = true;
  for (std::size_t i = 0; i < used.size(); ++i) {
    encoded[i] = encode(used[i], position.wrap);
    std::uint64_t const slot = queue_.descriptors + position.offset * kDescriptorBytes;
    (first ? firsts : others).push_back({slot + kUsedOffset, encoded[i]});
    position.advance(used[i].slots, queue_.size);
    first = !used[i].more;
  }
  memory_.write_all(others);
  memory_.write_all(firsts);
  auto const refused = [](HostMemory::Write const& write) { return write.refused; };
  if (std::any_of(others.begin(), others.end(), refused) ||
      std::any_of(firsts.begin(), firsts.end(), refused)) {
    return DeviceError::RingRefused;
  }
  position_ = position;
  return Done{};
}

}  // namespace ringside::model
