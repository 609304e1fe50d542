// The UDP header (RFC 768).
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

inline constexpr std::uint8_t kProtocolUdp = 17;

enum class UdpHeaderError : std::uint8_t { TooShort, BadLength, BadChecksum };

// What a checksum over IPv4 needs to know beside the datagram.
struct UdpChecksumContext {
  Ipv4Address source;
  Ipv4Address destination;
  bool verified = false;  // the device has checked it already
};

struct UdpHeader {
  static constexpr std::uint32_t kSize = 8;
  static constexpr std::uint16_t kChecksumOffset = 6;

  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;

  // Puts the header, checksum included, in front of the payload that is already in `datagram`
  // behind kSize free bytes. `datagram` is at most 65535 bytes long.
  void emit(MutableBytes datagram, Ipv4Address source, Ipv4Address destination) const;
  // The same, with the pseudo header's sum where the checksum goes: somebody else adds the rest.
  void emit_unsummed(MutableBytes datagram, Ipv4Address source, Ipv4Address destination) const;

  bool operator==(UdpHeader const&) const = default;
};

// A datagram whose length and checksum are right. Refers to the bytes it was made of.
class UdpView {
 public:
  // `bytes` is the payload of an IPv4 datagram; what lies behind the UDP length is left out.
  static Result<UdpView, UdpHeaderError> of(Bytes bytes, UdpChecksumContext const& context);

  UdpHeader header() const;
  Bytes payload() const { return bytes_.subspan(UdpHeader::kSize); }

 private:
  explicit UdpView(Bytes bytes) : bytes_(bytes) {}

  Bytes bytes_;
};

}  // namespace ringside::stack
