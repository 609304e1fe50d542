#include "stack/header/icmpv4.hpp"

#include <cassert>

#include "stack/header/internet_checksum.hpp"

namespace ringside::stack {

void IcmpHeader::emit(MutableBytes message) const {
  assert(message.size() >= kSize);
  std::uint8_t* const at = message.data();
  at[0] = static_cast<std::uint8_t>(type);
  at[1] = code;
  store_be(at + 2, std::uint16_t{0});
  store_be(at + 4, rest);
  store_be(at + 2, internet_checksum(message));
}

Result<IcmpView, IcmpHeaderError> IcmpView::of(Bytes message) {
  if (message.size() < IcmpHeader::kSize) return IcmpHeaderError::TooShort;
  if (InternetChecksum{}.add(message).sum() != 0xFFFF) return IcmpHeaderError::BadChecksum;
  return IcmpView(message);
}

IcmpHeader IcmpView::header() const {
  return {IcmpType{message_[0]}, message_[1], load_be<std::uint32_t>(message_.data() + 4)};
}

}  // namespace ringside::stack
