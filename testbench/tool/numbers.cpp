#include "testbench/tool/numbers.hpp"

#include <charconv>
#include <string>
#include <system_error>

namespace ringside::testbench {

namespace {

template <class Number>
std::optional<Number> parse_all(std::string_view text) {
  Number value{};
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) { return parse_all<double>(text); }

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  auto const check = [least, most](std::string const& text) {
    auto const value = parse_all<std::int64_t>(text);
    if (value && *value >= least && *value <= most) return std::string();
    return "\"" + text + "\" is no whole number from " + std::to_string(least) + " to " +
           std::to_string(most);
  };
  return {check, ""};
}

CLI::Validator positive_seconds() {
  auto const check = [](std::string const& text) {
    constexpr double kMost = 1e9;
    auto const value = parse_number(text);
    if (value && *value > 0 && *value <= kMost) return std::string();
    return "\"" + text + "\" is no positive number of seconds";
  };
  return {check, ""};
}

}  // namespace ringside::testbench
