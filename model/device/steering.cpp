#include "model/device/steering.hpp"

#include <utility>

namespace ringside::model {

FrameHashes Steering::hashes_of(Bytes frame) const {
  FlowHash const reported = flow_hash(frame, hash_types, key);
  return {reported, all_types ? flow_hash(frame, layout::kSupportedHashTypes, key) : reported};
}

std::uint16_t Steering::pair_of(FrameHashes const& hashes) const {
  if (table.empty()) return 0;
  FlowHash const& hash = hashes.spread_by;
  return hash.report == 0 ? unclassified : table[hash.value & (table.size() - 1)];
}

Steering spread_evenly(Steering before, std::uint16_t pairs) {
  Steering steering = std::move(before);
  steering.table.clear();
  for (std::size_t i = 0; i < layout::kIndirectionEntries; ++i) {
    steering.table.push_back(static_cast<std::uint16_t>(i % pairs));
  }
  steering.unclassified = 0;
  steering.all_types = true;
  return steering;
}

}  // namespace ringside::model
