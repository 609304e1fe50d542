// The TCP header and its options (RFC 9293 3.1, RFC 7323 2): parse from bytes, emit to bytes.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::size_t kTcpMinHeader = 20;
inline constexpr std::size_t kTcpMaxHeader = 60;

inline constexpr std::uint8_t kTcpFin = 0x01;
inline constexpr std::uint8_t kTcpSyn = 0x02;
inline constexpr std::uint8_t kTcpRst = 0x04;
inline constexpr std::uint8_t kTcpPsh = 0x08;
inline constexpr std::uint8_t kTcpAck = 0x10;
inline constexpr std::uint8_t kTcpUrg = 0x20;

// A shift above this is used as this (RFC 7323 2.3).
inline constexpr std::uint8_t kTcpMaxWindowShift = 14;

struct TcpTimestamps {
  std::uint32_t value = 0;
  std::uint32_t echo = 0;
  bool operator==(TcpTimestamps const&) const = default;
};

// SACK blocks are checked for their length and skipped.
struct TcpOptions {
  std::optional<std::uint16_t> mss{};
  std::optional<std::uint8_t> window_shift{};
  std::optional<TcpTimestamps> timestamps{};
  bool sack_permitted = false;
  bool operator==(TcpOptions const&) const = default;
};

struct TcpHeader {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;
  std::uint16_t window = 0;  // as on the wire, not scaled
  std::uint16_t urgent = 0;
  TcpOptions options;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  // What emit() writes: a multiple of 4 from 20 to 60.
  std::size_t emitted_size() const;
  bool operator==(TcpHeader const&) const = default;
};

enum class TcpHeaderError : std::uint8_t {
  Truncated,  // shorter than a header without options
  BadOffset,  // the data offset is below 5 or points behind the segment
  BadOption,  // an option of length 0 or 1, of a wrong length, or longer than the header
  PortZero,   // nobody can be answered there (RFC 6335 6)
};

struct ParsedTcp {
  TcpHeader header;
  std::size_t size = 0;  // where the payload begins
};

// Says nothing about the checksum. Never reads behind `segment`.
Result<ParsedTcp, TcpHeaderError> parse_tcp(Bytes segment);

// Writes header.emitted_size() bytes with checksum 0; padding is 0 (RFC 9293, MUST-69).
void emit_tcp(TcpHeader const& header, MutableBytes into);

// Internet checksum over pseudo header and `segment`: 0 for a received segment that is whole, and
// the value of the checksum field when that field holds 0.
std::uint16_t tcp_checksum(Ipv4Address source, Ipv4Address destination, Bytes segment);

// Computes and writes the checksum of a segment whose checksum field is 0.
void write_tcp_checksum(Ipv4Address source, Ipv4Address destination, MutableBytes segment);

// Writes the pseudo header's sum to where the checksum goes, for somebody else to add the segment.
inline constexpr std::uint16_t kTcpChecksumOffset = 16;
void begin_tcp_checksum(Ipv4Address source, Ipv4Address destination, MutableBytes segment);

}  // namespace ringside::stack
