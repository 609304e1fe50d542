#include "model/device/used_writer.hpp"

#include <algorithm>

namespace ringside::model {

UsedWriter::Encoded UsedWriter::encode(Used const& used, bool wrap) {
  std::uint16_t flags = used.length != 0 ? layout::kDescriptorWrite : 0;
  if (wrap) flags |= layout::kDescriptorAvail | layout::kDescriptorUsed;
  Encoded bytes;
  store_le<std::uint32_t>(&bytes[0], used.length);
  store_le<std::uint16_t>(&bytes[4], used.id);
  store_le<std::uint16_t>(&bytes[6], flags);
  return bytes;
}

void UsedWriter::start(QueueSettings const& queue) {
  queue_ = queue;
  position_ = {};
}

Result<Done, DeviceError> UsedWriter::write(std::span<Used const> used) {
  encoded_.resize(used.size());
  firsts_.clear();
  others_.clear();
  RingPosition position = position_;
  bool first = true;
  for (std::size_t i = 0; i < used.size(); ++i) {
    encoded_[i] = encode(used[i], position.wrap);
    std::uint64_t const slot = queue_.descriptors + position.offset * kDescriptorBytes;
    (first ? firsts_ : others_).push_back({slot + kOffset, encoded_[i]});
    position.advance(used[i].slots, queue_.size);
    first = !used[i].more;
  }
  memory_.write_all(others_);
  memory_.write_all(firsts_);
  auto const refused = [](HostMemory::Write const& write) { return write.refused; };
  if (std::any_of(others_.begin(), others_.end(), refused) ||
      std::any_of(firsts_.begin(), firsts_.end(), refused)) {
    return DeviceError::RingRefused;
  }
  position_ = position;
  return Done{};
}

}  // namespace ringside::model
