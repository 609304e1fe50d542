// The counters of the NIC, in the order of the layout. They survive a virtio reset.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "interface/layout/registers.hpp"
#include "model/device/register_block.hpp"

namespace ringside::model {

class Statistics final : public RegisterBlock {
 public:
  // A counter is named as in the layout; another name does not compile.
  struct Counter {
    consteval Counter(char const* name)
        : index(layout::find(layout::kStatistics, std::string_view(name)).offset / 8) {}
    std::size_t index;
  };

  void add(Counter counter, std::uint64_t amount = 1) { values_[counter.index] += amount; }
  std::uint64_t operator[](Counter counter) const { return values_[counter.index]; }

  std::uint32_t read_word(std::uint32_t offset) override {
    return static_cast<std::uint32_t>(values_[offset / 8] >> (offset % 8 == 0 ? 0 : 32));
  }

 private:
  std::array<std::uint64_t, layout::kStatistics.size()> values_{};
};

}  // namespace ringside::model
