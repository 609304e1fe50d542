#include "model/device/control_scaling.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "interface/layout/control.hpp"
#include "interface/layout/limits.hpp"

namespace ringside::model {

namespace {

bool exists(std::uint16_t pair) { return pair < layout::kMaxQueuePairs; }

bool supported(std::uint32_t types) { return (types & ~layout::kSupportedHashTypes) == 0; }

// The length of the key, and so many bytes: `data` is that and no more.
std::optional<HashKey> load_key(Bytes data) {
  HashKey key;
  if (data.size() != 1 + key.size() || data[0] != key.size()) return std::nullopt;
  std::copy_n(data.begin() + 1, key.size(), key.begin());
  return key;
}

}  // namespace

bool set_pairs(Bytes data, ControlTarget& target) {
  if (data.size() != sizeof(std::uint16_t)) return false;
  std::uint16_t const pairs = load_le<std::uint16_t>(data.data());
  if (pairs == 0 || pairs > layout::kMaxQueuePairs) return false;
  target.set_steering(spread_evenly(target.steering(), pairs));
  return true;
}

// The number of transmit queues that the driver says it will use changes nothing: all may be.
bool set_scaling(Bytes data, ControlTarget& target) {
  if (data.size() < layout::kRssConfigBytes) return false;
  Steering steering;
  steering.hash_types = load_le<std::uint32_t>(data.data());
  std::size_t const entries = load_le<std::uint16_t>(&data[4]) + std::size_t{1};
  steering.unclassified = load_le<std::uint16_t>(&data[6]);
  data = data.subspan(layout::kRssConfigBytes);
  constexpr std::size_t kEntryBytes = sizeof(std::uint16_t);
  if (!std::has_single_bit(entries) || entries > layout::kIndirectionEntries) return false;
  if (data.size() < entries * kEntryBytes + layout::kRssTailBytes) return false;
  for (std::size_t i = 0; i < entries; ++i) {
    steering.table.push_back(load_le<std::uint16_t>(&data[i * kEntryBytes]));
  }
  data = data.subspan(entries * kEntryBytes);
  std::uint16_t const transmit_queues = load_le<std::uint16_t>(data.data());
  auto const key = load_key(data.subspan(sizeof transmit_queues));
  if (!key || !supported(steering.hash_types)) return false;
  steering.key = *key;
  if (transmit_queues == 0 || transmit_queues > layout::kMaxQueuePairs) return false;
  if (!exists(steering.unclassified)) return false;
  if (!std::all_of(steering.table.begin(), steering.table.end(), exists)) return false;
  target.set_steering(std::move(steering));
  return true;
}

// What is reserved holds anything: drivers put a scaling command's fields there.
bool set_hashing(Bytes data, ControlTarget& target) {
  constexpr std::size_t kKeyLengthAt = layout::kHashConfigBytes - 1;
  if (data.size() < layout::kHashConfigBytes) return false;
  auto const types = load_le<std::uint32_t>(data.data());
  auto const key = load_key(data.subspan(kKeyLengthAt));
  if (!key || !supported(types)) return false;
  Steering steering = target.steering();
  steering.hash_types = types;
  steering.key = *key;
  target.set_steering(std::move(steering));
  return true;
}

}  // namespace ringside::model
