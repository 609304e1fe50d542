#include "testbench/app/url.hpp"

#include <charconv>

namespace ringside::testbench {

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
  if (authority.empty() || authority.find_first_of("@?#[] ") != std::string_view::npos) {
    return std::nullopt;
  }
  url.host = authority;
  return url;
}

}  // namespace ringside::testbench
