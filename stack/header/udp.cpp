#include "stack/header/udp.hpp"

#include <cassert>

#include "stack/header/internet_checksum.hpp"

namespace ringside::stack {
namespace {

InternetChecksum checksum_of(Bytes datagram, Ipv4Address source, Ipv4Address destination) {
  auto const length = static_cast<std::uint32_t>(datagram.size());
  return pseudo_header_checksum(source, destination, kProtocolUdp, length).add(datagram);
}

}  // namespace

void UdpHeader::emit_unsummed(MutableBytes datagram, Ipv4Address source,
                              Ipv4Address destination) const {
  assert(datagram.size() >= kSize && datagram.size() <= 0xFFFF);
  std::uint8_t* const at = datagram.data();
  auto const length = static_cast<std::uint16_t>(datagram.size());
  store_be(at, source_port);
  store_be(at + 2, destination_port);
  store_be(at + 4, length);
  store_be(at + kChecksumOffset,
           pseudo_header_checksum(source, destination, kProtocolUdp, length).sum());
}

void UdpHeader::emit(MutableBytes datagram, Ipv4Address source, Ipv4Address destination) const {
  emit_unsummed(datagram, source, destination);
  // What stands in the place of the checksum is part of the sum, as the pseudo header has to be.
  std::uint16_t const checksum = internet_checksum(datagram);
  // 0 would say that there is no checksum; in one's complement 0xFFFF is the same number.
  store_be(datagram.data() + kChecksumOffset, checksum == 0 ? std::uint16_t{0xFFFF} : checksum);
}

Result<UdpView, UdpHeaderError> UdpView::of(Bytes bytes, UdpChecksumContext const& context) {
  if (bytes.size() < UdpHeader::kSize) return UdpHeaderError::TooShort;
  std::uint16_t const length = load_be<std::uint16_t>(bytes.data() + 4);
  if (length < UdpHeader::kSize || length > bytes.size()) return UdpHeaderError::BadLength;
  Bytes const datagram = bytes.first(length);
  bool const carries_checksum = load_be<std::uint16_t>(datagram.data() + 6) != 0;
  if (carries_checksum && !context.verified &&
      checksum_of(datagram, context.source, context.destination).sum() != 0xFFFF) {
    return UdpHeaderError::BadChecksum;
  }
  return UdpView(datagram);
}

UdpHeader UdpView::header() const {
  return {load_be<std::uint16_t>(bytes_.data()), load_be<std::uint16_t>(bytes_.data() + 2)};
}

}  // namespace ringside::stack
