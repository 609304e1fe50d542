#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {
namespace {

// Decimal digits without a leading zero (which some read as octal), up to `limit`. Takes them off
// the front of `text`.
std::optional<std::uint8_t> take_number(std::string_view& text, unsigned limit) {
  unsigned value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9') {
    value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
  }
  if (digits == 0 || value > limit || (digits > 1 && text[0] == '0')) return std::nullopt;
  text.remove_prefix(digits);
  return static_cast<std::uint8_t>(value);
}

bool take_char(std::string_view& text, char wanted) {
  if (text.empty() || text[0] != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Ipv4Address> take_address(std::string_view& text) {
  Ipv4Address address;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && !take_char(text, '.')) return std::nullopt;
    std::optional<std::uint8_t> const number = take_number(text, 255);
    if (!number) return std::nullopt;
    address.value = address.value << 8 | *number;
  }
  return address;
}

}  // namespace

std::optional<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  std::optional<Ipv4Address> const address = take_address(text);
  return text.empty() ? address : std::nullopt;
}

std::string Ipv4Address::to_string() const {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(value >> shift & 0xFF);
    if (shift > 0) text += '.';
  }
  return text;
}

std::optional<Ipv4Prefix> Ipv4Prefix::parse(std::string_view text) {
  std::optional<Ipv4Address> const address = take_address(text);
  if (!address || !take_char(text, '/')) return std::nullopt;
  std::optional<std::uint8_t> const length = take_number(text, 32);
  if (!length || !text.empty()) return std::nullopt;
  return Ipv4Prefix{*address, *length};
}

}  // namespace ringside::stack
