#include "stack/network/path_mtu.hpp"

#include <algorithm>
#include <array>

namespace ringside::stack {
namespace {

// RFC 1191, 7.1, down to our floor.
constexpr std::array<std::uint16_t, 7> kPlateaus{32000, 17914, 8166, 4352, 2002, 1492, 1006};

std::uint16_t plateau_below(std::uint16_t mtu) {
  for (std::uint16_t const plateau : kPlateaus) {
    if (plateau < mtu) return plateau;
  }
  return PathMtuTable::kFloor;
}

}  // namespace

std::uint16_t PathMtuTable::towards(Ipv4Address destination, std::uint16_t first_hop,
                                    TimePoint now) const {
  auto const found = entries_.find(destination);
  if (found == entries_.end() || now - found->second.learned_at >= kLifetime) return first_hop;
  return std::min(first_hop, found->second.mtu);
}

void PathMtuTable::learn(Ipv4Address destination, std::uint16_t mtu, std::uint16_t first_hop,
                         TimePoint now) {
  std::uint16_t const known = towards(destination, first_hop, now);
  std::uint16_t const said = std::max(kFloor, mtu == 0 ? plateau_below(known) : mtu);
  if (said >= known) return;
  if (entries_.size() == kMaxEntries && !entries_.contains(destination)) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](auto& a, auto& b) {
      return a.second.learned_at < b.second.learned_at;
    }));
  }
  entries_.insert_or_assign(destination, Entry{said, now});
}

}  // namespace ringside::stack
