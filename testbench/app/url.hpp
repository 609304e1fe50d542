// The URLs that the simulated client understands: http://host[:port][/path].
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringside::testbench {

struct Url {
  std::string host;
  std::uint16_t port = 80;
  std::string target = "/";

  // Nothing if it is not one of ours: another scheme, no host, a port out of range.
  static std::optional<Url> parse(std::string_view text);
};

}  // namespace ringside::testbench
