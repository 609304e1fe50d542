#include "stack/header/tcp.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "stack/header/internet_checksum.hpp"

namespace ringside::stack {
namespace {

enum OptionKind : std::uint8_t {
  kEndOfList = 0,
  kNoOperation = 1,
  kMaximumSegmentSize = 2,
  kWindowScale = 3,
  kSackPermitted = 4,
  kSack = 5,
  kTimestamps = 8,
};

// `body` is one option without kind and length. False if its length is not that of its kind.
bool take_option(std::uint8_t kind, Bytes body, TcpOptions& options) {
  switch (kind) {
    case kMaximumSegmentSize:
      if (body.size() != 2) return false;
      options.mss = load_be<std::uint16_t>(body.data());
      return true;
    case kWindowScale:
      if (body.size() != 1) return false;
      options.window_shift = std::min(body[0], kTcpMaxWindowShift);
      return true;
    case kSackPermitted:
      options.sack_permitted = true;
      return body.empty();
    case kSack:
      return !body.empty() && body.size() % 8 == 0;
    case kTimestamps:
      if (body.size() != 8) return false;
      options.timestamps = TcpTimestamps{load_be<std::uint32_t>(body.data()),
                                         load_be<std::uint32_t>(body.data() + 4)};
      return true;
    default:
      return true;  // unknown options are skipped (RFC 9293, MUST-6)
  }
}

bool parse_options(Bytes area, TcpOptions& options) {
  std::size_t at = 0;
  while (at < area.size()) {
    std::uint8_t const kind = area[at];
    if (kind == kEndOfList) return true;
    if (kind == kNoOperation) {
      ++at;
      continue;
    }
    if (area.size() - at < 2) return false;
    std::size_t const length = area[at + 1];
    if (length < 2 || length > area.size() - at) return false;
    if (!take_option(kind, area.subspan(at + 2, length - 2), options)) return false;
    at += length;
  }
  return true;
}

std::size_t options_size(TcpOptions const& options) {
  std::size_t size = 0;
  if (options.mss) size += 4;
  if (options.sack_permitted) size += options.timestamps ? 2 : 4;
  if (options.timestamps) size += options.sack_permitted ? 10 : 12;
  if (options.window_shift) size += 4;
  return size;
}

// In the order of Linux, which peers' parsers know best: MSS, SACK permitted, timestamps, scale.
// Each group fills whole words by no-operations in front of it.
void emit_options(TcpOptions const& options, std::uint8_t* at) {
  if (options.mss) {
    *at++ = kMaximumSegmentSize;
    *at++ = 4;
    store_be<std::uint16_t>(at, *options.mss);
    at += 2;
  }
  bool const both = options.sack_permitted && options.timestamps.has_value();
  if ((options.sack_permitted || options.timestamps) && !both) {
    *at++ = kNoOperation;
    *at++ = kNoOperation;
  }
  if (options.sack_permitted) {
    *at++ = kSackPermitted;
    *at++ = 2;
  }
  if (options.timestamps) {
    *at++ = kTimestamps;
    *at++ = 10;
    store_be<std::uint32_t>(at, options.timestamps->value);
    store_be<std::uint32_t>(at + 4, options.timestamps->echo);
    at += 8;
  }
  if (options.window_shift) {
    *at++ = kNoOperation;
    *at++ = kWindowScale;
    *at++ = 3;
    *at++ = *options.window_shift;
  }
}

}  // namespace

std::size_t TcpHeader::emitted_size() const { return kTcpMinHeader + options_size(options); }

Result<ParsedTcp, TcpHeaderError> parse_tcp(Bytes segment) {
  if (segment.size() < kTcpMinHeader) return TcpHeaderError::Truncated;
  std::size_t const size = std::size_t{segment[12]} >> 4 << 2;
  if (size < kTcpMinHeader || size > segment.size()) return TcpHeaderError::BadOffset;
  ParsedTcp parsed;
  parsed.size = size;
  TcpHeader& header = parsed.header;
  header.source_port = load_be<std::uint16_t>(segment.data());
  header.destination_port = load_be<std::uint16_t>(segment.data() + 2);
  header.sequence = load_be<std::uint32_t>(segment.data() + 4);
  header.acknowledgement = load_be<std::uint32_t>(segment.data() + 8);
  header.flags = segment[13];
  header.window = load_be<std::uint16_t>(segment.data() + 14);
  header.urgent = load_be<std::uint16_t>(segment.data() + 18);
  if (header.source_port == 0 || header.destination_port == 0) return TcpHeaderError::PortZero;
  if (!parse_options(segment.subspan(kTcpMinHeader, size - kTcpMinHeader), header.options)) {
    return TcpHeaderError::BadOption;
  }
  return parsed;
}

void emit_tcp(TcpHeader const& header, MutableBytes into) {
  std::size_t const size = header.emitted_size();
  assert(into.size() >= size && size % 4 == 0 && size <= kTcpMaxHeader);
  std::uint8_t* const at = into.data();
  store_be<std::uint16_t>(at, header.source_port);
  store_be<std::uint16_t>(at + 2, header.destination_port);
  store_be<std::uint32_t>(at + 4, header.sequence);
  store_be<std::uint32_t>(at + 8, header.acknowledgement);
  at[12] = static_cast<std::uint8_t>(size / 4 << 4);
  at[13] = header.flags;
  store_be<std::uint16_t>(at + 14, header.window);
  store_be<std::uint16_t>(at + kTcpChecksumOffset, 0);
  store_be<std::uint16_t>(at + 18, header.urgent);
  emit_options(header.options, at + kTcpMinHeader);
}

std::uint16_t tcp_checksum(Ipv4Address source, Ipv4Address destination, Bytes segment) {
  return pseudo_header_checksum(source, destination, kProtocolTcp,
                                static_cast<std::uint32_t>(segment.size()))
      .add(segment)
      .value();
}

void write_tcp_checksum(Ipv4Address source, Ipv4Address destination, MutableBytes segment) {
  assert(segment.size() >= kTcpMinHeader);
  store_be<std::uint16_t>(segment.data() + kTcpChecksumOffset,
                          tcp_checksum(source, destination, segment));
}

void begin_tcp_checksum(Ipv4Address source, Ipv4Address destination, MutableBytes segment) {
  assert(segment.size() >= kTcpMinHeader);
  auto const length = static_cast<std::uint32_t>(segment.size());
  store_be<std::uint16_t>(segment.data() + kTcpChecksumOffset,
                          pseudo_header_checksum(source, destination, kProtocolTcp, length).sum());
}

}  // namespace ringside::stack
