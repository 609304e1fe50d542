#include "testbench/app/url.hpp"

#include <algorithm>
#include <charconv>

#include "stack/header/dns_name.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::testbench {

namespace {

// Letters, digits and hyphens (RFC 1123, 2.1), or an address. What is made of digits and dots only
// was meant to be an address.
bool is_host(std::string_view text) {
  if (text.find_first_not_of("0123456789.") == std::string_view::npos) {
    return stack::Ipv4Address::parse(text).has_value();
  }
  bool const plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  return plain && stack::DnsName::parse(text).has_value();
}

// What may stand in a request line: visible ASCII. A fragment is never sent (RFC 9110, 4.2.5).
bool is_target(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7F && c != '#'; });
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (!text.starts_with(kScheme)) return std::nullopt;
  text.remove_prefix(kScheme.size());
  std::size_t const slash = text.find('/');
  std::string_view authority = text.substr(0, slash);
  Url url;
  if (slash != std::string_view::npos) url.target = text.substr(slash);
  if (std::size_t const colon = authority.find(':'); colon != std::string_view::npos) {
    std::string_view const port = authority.substr(colon + 1);
    auto const [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc{} || end != port.data() + port.size() || url.port == 0) {
      return std::nullopt;
    }
    authority = authority.substr(0, colon);
  }
  if (!is_host(authority) || !is_target(url.target)) return std::nullopt;
  url.host = authority;
  return url;
}

}  // namespace ringside::testbench
