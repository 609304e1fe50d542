#include "stack/header/ipv4.hpp"

#include <cassert>

#include "stack/header/internet_checksum.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint16_t kDontFragment = 0x4000;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kOffsetMask = 0x1FFF;

constexpr std::uint8_t kEndOfOptions = 0;
constexpr std::uint8_t kNoOperation = 1;
constexpr std::uint8_t kLooseSourceRoute = 131;
constexpr std::uint8_t kStrictSourceRoute = 137;

// Version and header length, which all else rests on.
std::optional<Ipv4HeaderError> refuse_shape(Bytes bytes) {
  if (bytes.size() < Ipv4Header::kSize) return Ipv4HeaderError::TooShort;
  if (bytes[0] >> 4 != 4) return Ipv4HeaderError::NotVersion4;
  std::uint32_t const header_size = (bytes[0] & 15u) * 4;
  if (header_size < Ipv4Header::kSize || header_size > bytes.size()) {
    return Ipv4HeaderError::BadHeaderLength;
  }
  return std::nullopt;
}

}  // namespace

void Ipv4Header::emit(MutableBytes into) const {
  assert(into.size() >= kSize && fragment_offset % 8 == 0);
  std::uint8_t* const at = into.data();
  at[0] = 0x45;
  at[1] = traffic_class;
  store_be(at + 2, total_length);
  store_be(at + 4, identification);
  store_be(at + 6,
           static_cast<std::uint16_t>((dont_fragment ? kDontFragment : 0) |
                                      (more_fragments ? kMoreFragments : 0) | fragment_offset / 8));
  at[8] = time_to_live;
  at[9] = protocol;
  store_be(at + 10, std::uint16_t{0});
  store_be(at + 12, source.value);
  store_be(at + 16, destination.value);
  store_be(at + 10, internet_checksum(into.first(kSize)));
}

Result<Ipv4View, Ipv4HeaderError> Ipv4View::of(Bytes bytes) {
  if (auto const error = refuse_shape(bytes)) return *error;
  std::uint32_t const header_size = (bytes[0] & 15u) * 4;
  std::uint16_t const total = load_be<std::uint16_t>(bytes.data() + 2);
  if (total < header_size || total > bytes.size()) return Ipv4HeaderError::BadTotalLength;
  if (InternetChecksum{}.add(bytes.first(header_size)).sum() != 0xFFFF) {
    return Ipv4HeaderError::BadChecksum;
  }
  return Ipv4View(bytes.first(total));
}

Result<Ipv4View, Ipv4HeaderError> Ipv4View::of_quoted(Bytes bytes) {
  if (auto const error = refuse_shape(bytes)) return *error;
  return Ipv4View(bytes);
}

Ipv4Header Ipv4View::header() const {
  std::uint8_t const* const at = bytes_.data();
  std::uint16_t const fragment = load_be<std::uint16_t>(at + 6);
  Ipv4Header header;
  header.traffic_class = at[1];
  header.total_length = load_be<std::uint16_t>(at + 2);
  header.identification = load_be<std::uint16_t>(at + 4);
  header.dont_fragment = (fragment & kDontFragment) != 0;
  header.more_fragments = (fragment & kMoreFragments) != 0;
  header.fragment_offset = static_cast<std::uint16_t>((fragment & kOffsetMask) * 8);
  header.time_to_live = at[8];
  header.protocol = at[9];
  header.source.value = load_be<std::uint32_t>(at + 12);
  header.destination.value = load_be<std::uint32_t>(at + 16);
  return header;
}

Ipv4Options Ipv4Options::scan(Bytes options) {
  Ipv4Options found;
  std::size_t at = 0;
  while (at < options.size() && options[at] != kEndOfOptions) {
    if (options[at] == kNoOperation) {
      ++at;
      continue;
    }
    // Kind and length, and the length covers both.
    bool const broken =
        at + 1 >= options.size() || options[at + 1] < 2 || options[at + 1] > options.size() - at;
    if (broken) {
      found.broken_at = static_cast<std::uint8_t>(Ipv4Header::kSize + at);
      return found;
    }
    std::uint8_t const length = options[at + 1];
    bool const source_route = options[at] == kLooseSourceRoute || options[at] == kStrictSourceRoute;
    // The pointer (from 4 on) names the next hop still to visit; past the end, all were visited.
    if (source_route && length >= 3 && options[at + 2] <= length) {
      found.unfinished_source_route = true;
    }
    at += length;
  }
  return found;
}

}  // namespace ringside::stack
