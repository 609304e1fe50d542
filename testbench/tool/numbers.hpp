// Numbers on the command line: all of the text or nothing, and a complaint that says what is
// wanted.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ringside::testbench {

// All of `text` as a decimal number.
std::optional<double> parse_number(std::string_view text);

// For CLI::Option::check().
CLI::Validator whole_number(std::int64_t least, std::int64_t most);
CLI::Validator positive_seconds();

}  // namespace ringside::testbench
