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

  // Nothing if it is not one of ours: another scheme, no host, a port out of range, a fragment.
  static std::optional<Url> parse(std::string_view text);

  std::string authority() const { return port == 80 ? host : host + ":" + std::to_string(port); }
  std::string to_string() const { return "http://" + authority() + target; }
};

}  // namespace ringside::testbench
