// The IPv4 header (RFC 791, 3.1).
#pragma once

#include <cstdint>
#include <optional>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

enum class Ipv4HeaderError : std::uint8_t {
  TooShort,
  NotVersion4,
  BadHeaderLength,  // below 20 bytes, or longer than what arrived
  BadTotalLength,   // shorter than the header, or longer than what arrived
  BadChecksum,
};

// A header without options.
struct Ipv4Header {
  static constexpr std::uint32_t kSize = 20;

  std::uint8_t traffic_class = 0;
  std::uint16_t total_length = kSize;
  std::uint16_t identification = 0;
  bool dont_fragment = false;
  bool more_fragments = false;
  std::uint16_t fragment_offset = 0;  // in bytes, a multiple of 8
  std::uint8_t time_to_live = 0;
  std::uint8_t protocol = 0;
  Ipv4Address source;
  Ipv4Address destination;

  bool is_fragment() const { return more_fragments || fragment_offset != 0; }

  // Header length 20 and the right checksum; `into` has kSize bytes or more.
  void emit(MutableBytes into) const;

  bool operator==(Ipv4Header const&) const = default;
};

// A datagram whose lengths and header checksum are right. Refers to the bytes it was made of.
class Ipv4View {
 public:
  // Bytes behind the total length (Ethernet padding) are left out.
  static Result<Ipv4View, Ipv4HeaderError> of(Bytes bytes);
  // For the beginning of a datagram that an ICMP error quotes: it may be cut off, and what the
  // path changed in its header is not held against it.
  static Result<Ipv4View, Ipv4HeaderError> of_quoted(Bytes bytes);

  Ipv4Header header() const;
  std::uint32_t header_size() const { return (bytes_[0] & 15u) * 4; }
  Bytes options() const { return bytes_.first(header_size()).subspan(Ipv4Header::kSize); }
  Bytes payload() const { return bytes_.subspan(header_size()); }
  Bytes bytes() const { return bytes_; }

 private:
  explicit Ipv4View(Bytes bytes) : bytes_(bytes) {}

  Bytes bytes_;
};

// What a host has to know of the options of a received datagram.
struct Ipv4Options {
  // Where a broken option lies, counted from the first byte of the header (the pointer of an ICMP
  // parameter problem).
  std::optional<std::uint8_t> broken_at;
  // A source route that has not come to its end: meant for somebody behind us (RFC 1122, 3.2.1.8).
  bool unfinished_source_route = false;

  static Ipv4Options scan(Bytes options);
};

}  // namespace ringside::stack
