#include "model/device/steering.hpp"

#include <utility>

namespace ringside::model {

std::uint16_t Steering::pair_of(FlowHash const& hash) const {
  if (table.empty()) return 0;
  return hash.report == 0 ? unclassified : table[hash.value & (table.size() - 1)];
}

Steering spread_evenly(Steering before, std::uint16_t pairs) {
  Steering steering = std::move(before);
  steering.table.clear();
  for (std::size_t i = 0; i < layout::kIndirectionEntries; ++i) {
    steering.table.push_back(static_cast<std::uint16_t>(i % pairs));
  }
  steering.unclassified = 0;
  if (!steering.chosen) steering.hash_types = layout::kSupportedHashTypes;
  return steering;
}

}  // namespace ringside::model
