// Strict reading of TOML: every key is asked for, has the right type and range, or is a mistake.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "testbench/scenario/scenario.hpp"

namespace ringside::testbench {

// Reads and parses a file. Throws ScenarioError; `wanted` says what to give in place of a file that
// can not be read.
toml::table read_toml(std::filesystem::path const& path, std::string const& wanted);

class TomlTable {
 public:
  // `what` names the table in messages: "host", "cable".
  TomlTable(toml::table const& table, std::string file, std::string what)
      : table_(table), file_(std::move(file)), what_(std::move(what)) {}

  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t fallback, std::int64_t least,
                       std::int64_t most);
  double probability(std::string_view key);
  // A table of its own, under [key]; nothing if there is none.
  std::optional<TomlTable> table(std::string_view key);
  // The tables of an array of tables, or none.
  std::vector<TomlTable> tables(std::string_view key, std::string what);

  // After all keys have been asked for: any other is a mistake.
  void finish() const;

  // Reports a mistake at a key's place (or the table's, if it has no such key).
  [[noreturn]] void fail(std::string_view key, std::string const& message) const;

 private:
  toml::node const* get(std::string_view key);

  toml::table const& table_;
  std::string file_;
  std::string what_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace ringside::testbench
