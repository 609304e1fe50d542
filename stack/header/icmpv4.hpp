// The ICMP message (RFC 792).
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"

namespace ringside::stack {

inline constexpr std::uint8_t kProtocolIcmp = 1;

enum class IcmpType : std::uint8_t {
  EchoReply = 0,
  DestinationUnreachable = 3,
  SourceQuench = 4,
  Redirect = 5,
  EchoRequest = 8,
  TimeExceeded = 11,
  ParameterProblem = 12,
  TimestampRequest = 13,
  TimestampReply = 14,
  InformationRequest = 15,
  InformationReply = 16,
  AddressMaskRequest = 17,
  AddressMaskReply = 18,
};

// Errors quote a datagram and must never be answered by an error (RFC 1122, 3.2.2). A type that
// nobody knows could be one.
constexpr bool is_icmp_query(IcmpType type) {
  switch (type) {
    case IcmpType::EchoReply:
    case IcmpType::EchoRequest:
    case IcmpType::TimestampRequest:
    case IcmpType::TimestampReply:
    case IcmpType::InformationRequest:
    case IcmpType::InformationReply:
    case IcmpType::AddressMaskRequest:
    case IcmpType::AddressMaskReply:
      return true;
    default:
      return false;
  }
}

// Codes of DestinationUnreachable.
inline constexpr std::uint8_t kNetUnreachable = 0;
inline constexpr std::uint8_t kHostUnreachable = 1;
inline constexpr std::uint8_t kProtocolUnreachable = 2;
inline constexpr std::uint8_t kPortUnreachable = 3;
inline constexpr std::uint8_t kFragmentationNeeded = 4;

enum class IcmpHeaderError : std::uint8_t { TooShort, BadChecksum };

struct IcmpHeader {
  static constexpr std::uint32_t kSize = 8;

  IcmpType type = IcmpType::EchoRequest;  // may hold any number that came over the wire
  std::uint8_t code = 0;
  // The second word, which each type uses in its own way.
  std::uint32_t rest = 0;

  // Echo: identifier and sequence number. FragmentationNeeded: next-hop MTU (RFC 1191).
  std::uint16_t identifier() const { return static_cast<std::uint16_t>(rest >> 16); }
  std::uint16_t sequence() const { return static_cast<std::uint16_t>(rest); }
  std::uint16_t next_hop_mtu() const { return static_cast<std::uint16_t>(rest); }
  static std::uint32_t echo(std::uint16_t identifier, std::uint16_t sequence) {
    return std::uint32_t{identifier} << 16 | sequence;
  }

  // Puts the header, checksum included, in front of the body that is already in `message` behind
  // kSize free bytes.
  void emit(MutableBytes message) const;

  bool operator==(IcmpHeader const&) const = default;
};

// A message whose checksum is right. Refers to the bytes it was made of.
class IcmpView {
 public:
  static Result<IcmpView, IcmpHeaderError> of(Bytes message);

  IcmpHeader header() const;
  Bytes body() const { return message_.subspan(IcmpHeader::kSize); }

 private:
  explicit IcmpView(Bytes message) : message_(message) {}

  Bytes message_;
};

}  // namespace ringside::stack
