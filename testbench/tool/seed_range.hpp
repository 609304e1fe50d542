// Which seeds a command is to run, from its arguments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ringside::testbench {

struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t shard = 1;  // from 1 on
  std::uint64_t shards = 1;

  std::size_t count() const {
    std::uint64_t const all = last - first + 1;
    return shard > all ? 0 : static_cast<std::size_t>((all - shard) / shards + 1);
  }
  std::uint64_t at(std::size_t index) const { return first + (shard - 1) + index * shards; }
};

// "A..B" and, if not empty, "I/N". Throws UserError.
SeedRange parse_seeds(std::string const& seeds, std::string const& shard);

}  // namespace ringside::testbench
