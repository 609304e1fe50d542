#include "testbench/scenario/toml_table.hpp"

#include <fstream>
#include <sstream>

namespace ringside::testbench {

namespace {

// A directory opens like a file, and says so only when it is read.
std::string read_text(std::filesystem::path const& path, std::string const& wanted) {
  std::ifstream file(path);
  std::ostringstream text;
  std::error_code ignored;
  if (file && !std::filesystem::is_directory(path, ignored)) {
    text << file.rdbuf();
    if (!file.bad()) return text.str();
  }
  throw ScenarioError("can not read \"" + path.string() + "\"; give the path of " + wanted);
}

}  // namespace

toml::table read_toml(std::filesystem::path const& path, std::string const& wanted) {
  try {
    return toml::parse(read_text(path, wanted), path.string());
  } catch (toml::parse_error const& error) {
    std::ostringstream message;
    message << path.string() << ':' << error.source().begin.line << ':'
            << error.source().begin.column << ": " << error.description();
    throw ScenarioError(message.str());
  }
}

toml::node const* TomlTable::get(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void TomlTable::fail(std::string_view key, std::string const& message) const {
  toml::node const* const node = table_.get(key);
  auto const place = (node != nullptr ? node->source() : table_.source()).begin;
  throw ScenarioError(file_ + ":" + std::to_string(place.line) + ":" +
                      std::to_string(place.column) + ": " + message);
}

std::optional<std::string> TomlTable::text(std::string_view key) {
  toml::node const* const node = get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_string()) fail(key, std::string(key) + " must be a string in quotes");
  return std::string(*node->value<std::string_view>());
}

std::string TomlTable::required_text(std::string_view key) {
  std::optional<std::string> value = text(key);
  if (!value) fail(key, what_ + " needs a " + std::string(key));
  return *value;
}

std::int64_t TomlTable::integer(std::string_view key, std::int64_t fallback, std::int64_t least,
                                std::int64_t most) {
  toml::node const* const node = get(key);
  if (node == nullptr) return fallback;
  std::optional<std::int64_t> const value = node->value_exact<std::int64_t>();
  if (!value || *value < least || *value > most) {
    fail(key, std::string(key) + " must be a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most));
  }
  return *value;
}

double TomlTable::probability(std::string_view key) {
  toml::node const* const node = get(key);
  if (node == nullptr) return 0;
  std::optional<double> const value = node->value<double>();
  if (!value || !(*value >= 0) || *value > 1) {
    fail(key, std::string(key) + " must be a probability from 0 to 1, such as 0.01 for 1 %");
  }
  return *value;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
  toml::node const* const node = get(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table()) {
    fail(key, std::string(key) + " must be a table, under [" + std::string(key) + "]");
  }
  return TomlTable(*node->as_table(), file_, std::string(key));
}

std::vector<TomlTable> TomlTable::tables(std::string_view key, std::string what) {
  toml::node const* const node = get(key);
  if (node == nullptr) return {};
  toml::array const* const array = node->as_array();
  if (array == nullptr || !array->is_homogeneous<toml::table>()) {
    fail(key,
         std::string(key) + " must be a list of tables, each under [[" + std::string(key) + "]]");
  }
  std::vector<TomlTable> result;
  for (toml::node const& entry : *array) result.emplace_back(*entry.as_table(), file_, what);
  return result;
}

void TomlTable::finish() const {
  for (auto const& [key, node] : table_) {
    if (known_.contains(key.str())) continue;
    std::string known;
    for (std::string const& name : known_) known += (known.empty() ? "" : ", ") + name;
    fail(key.str(),
         "unknown key \"" + std::string(key.str()) + "\" in " + what_ + "; known are: " + known);
  }
}

}  // namespace ringside::testbench
