#include "testbench/tool/seed_range.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "testbench/check/user_error.hpp"

namespace ringside::testbench {

namespace {

constexpr std::uint64_t kMost = INT64_MAX;  // what a TOML file can hold

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool const whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value <= kMost ? std::optional(value) : std::nullopt;
}

// The two numbers on both sides of `between`.
std::optional<std::pair<std::uint64_t, std::uint64_t>> parse_two(std::string_view text,
                                                                 std::string_view between) {
  std::size_t const at = text.find(between);
  if (at == std::string_view::npos) return std::nullopt;
  auto const one = parse_whole(text.substr(0, at));
  auto const two = parse_whole(text.substr(at + between.size()));
  if (!one || !two) return std::nullopt;
  return std::pair{*one, *two};
}

}  // namespace

SeedRange parse_seeds(std::string const& seeds, std::string const& shard) {
  SeedRange range;
  auto const bounds = parse_two(seeds, "..");
  if (!bounds || bounds->first > bounds->second || bounds->second - bounds->first == kMost) {
    throw UserError("--seeds " + seeds +
                    ": give two whole numbers, the smaller first, such as 1..200");
  }
  range.first = bounds->first;
  range.last = bounds->second;
  if (shard.empty()) return range;
  auto const part = parse_two(shard, "/");
  if (!part || part->first == 0 || part->first > part->second) {
    throw UserError("--shard " + shard +
                    ": give a part and how many there are, such as 1/4 to 4/4");
  }
  range.shard = part->first;
  range.shards = part->second;
  return range;
}

}  // namespace ringside::testbench
