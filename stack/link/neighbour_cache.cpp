#include "stack/link/neighbour_cache.hpp"

#include <cassert>
#include <utility>

namespace ringside::stack {

NeighbourCache::NeighbourCache(Executor& executor, Random random, NeighbourProtocol& protocol)
    : executor_(executor),
      protocol_(protocol),
      // Uniform between half and one and a half times the base, so that the hosts of a link do not
      // ask in step (RFC 4861, 6.3.2).
      reachable_time_(kBaseReachableTime / 2 +
                      Duration{static_cast<std::int64_t>(
                          random.below(static_cast<std::uint64_t>(kBaseReachableTime.count())))}) {}

NeighbourCache::~NeighbourCache() {
  for (auto& [address, entry] : entries_) disarm(entry);
}

std::optional<MacAddress> NeighbourCache::resolve(Ipv4Address address, PacketBuffer& packet) {
  auto const found = entries_.find(address);
  Entry* const entry = found != entries_.end() ? &found->second : create(address);
  if (entry == nullptr) {
    ++statistics_.packets_dropped;
    packet = {};
    return std::nullopt;
  }
  entry->used_at = executor_.now();
  entry->state = present_state(*entry);
  switch (entry->state) {
    case NeighbourState::Stale:
      entry->state = NeighbourState::Delay;
      arm(address, *entry, kDelayTime);
      return entry->mac;
    case NeighbourState::Reachable:
    case NeighbourState::Delay:
    case NeighbourState::Probe:
    case NeighbourState::Permanent:
      return entry->mac;
    case NeighbourState::Incomplete:
      keep(*entry, packet);
      return std::nullopt;
    case NeighbourState::Failed:
      break;
  }
  entry->state = NeighbourState::Incomplete;
  entry->tries = 0;
  keep(*entry, packet);
  ask(address, *entry);
  return std::nullopt;
}

void NeighbourCache::learn(Ipv4Address address, MacAddress const& mac, Evidence evidence) {
  auto const found = entries_.find(address);
  bool const is_new = found == entries_.end();
  if (is_new && evidence != Evidence::Contact) return;
  Entry* const entry = is_new ? create(address) : &found->second;
  if (entry == nullptr || entry->state == NeighbourState::Permanent) return;

  NeighbourState const before = present_state(*entry);
  bool const had_mac = before != NeighbourState::Incomplete && before != NeighbourState::Failed;
  bool const changed = had_mac && entry->mac != mac;
  if (changed) ++statistics_.address_changes;
  if (evidence == Evidence::Answer) {
    become_known(*entry, mac, NeighbourState::Reachable);
  } else if (!had_mac || changed) {
    // That it speaks does not prove that it hears us.
    become_known(*entry, mac, NeighbourState::Stale);
  }
}

void NeighbourCache::confirm(Ipv4Address address) {
  auto const found = entries_.find(address);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  switch (entry.state) {
    case NeighbourState::Stale:
    case NeighbourState::Reachable:
    case NeighbourState::Delay:
    case NeighbourState::Probe:
      disarm(entry);
      entry.state = NeighbourState::Reachable;
      entry.confirmed_at = executor_.now();
      return;
    case NeighbourState::Failed:
    case NeighbourState::Incomplete:
    case NeighbourState::Permanent:
      return;
  }
}

bool NeighbourCache::set_permanent(Ipv4Address address, MacAddress const& mac) {
  auto const found = entries_.find(address);
  Entry* const entry = found != entries_.end() ? &found->second : create(address);
  if (entry == nullptr) return false;
  become_known(*entry, mac, NeighbourState::Permanent);
  return true;
}

std::optional<Neighbour> NeighbourCache::find(Ipv4Address address) const {
  auto const found = entries_.find(address);
  if (found == entries_.end()) return std::nullopt;
  return Neighbour{present_state(found->second), found->second.mac};
}

bool NeighbourCache::failed_lately(Ipv4Address address) const {
  auto const found = entries_.find(address);
  if (found == entries_.end()) return false;
  Entry const& entry = found->second;
  return entry.state == NeighbourState::Failed &&
         executor_.now() - entry.failed_at < kFailureMemory;
}

NeighbourState NeighbourCache::present_state(Entry const& entry) const {
  bool const aged = entry.state == NeighbourState::Reachable &&
                    executor_.now() - entry.confirmed_at >= reachable_time_;
  return aged ? NeighbourState::Stale : entry.state;
}

// A new entry without link address and without timer, as one that failed long ago.
NeighbourCache::Entry* NeighbourCache::create(Ipv4Address address) {
  if (entries_.size() >= kMaxEntries && !evict_one()) return nullptr;
  Entry& entry = entries_[address];
  entry.state = NeighbourState::Failed;
  entry.used_at = executor_.now();
  entry.failed_at = executor_.now() - kFailureMemory;
  entry.pending.reserve(kMaxPending);
  return &entry;
}

// The least useful state first (their order in NeighbourState), then the longest unused.
bool NeighbourCache::evict_one() {
  auto victim = entries_.end();
  std::pair<NeighbourState, TimePoint> least{};
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (at->second.state == NeighbourState::Permanent) continue;
    std::pair const worth{present_state(at->second), at->second.used_at};
    if (victim != entries_.end() && !(worth < least)) continue;
    victim = at;
    least = worth;
  }
  if (victim == entries_.end()) return false;
  ++statistics_.evictions;
  statistics_.packets_dropped += victim->second.pending.size();
  disarm(victim->second);
  entries_.erase(victim);
  return true;
}

void NeighbourCache::ask(Ipv4Address address, Entry& entry) {
  ++entry.tries;
  ++statistics_.solicitations;
  arm(address, entry, kRetryInterval);
  bool const known = entry.state == NeighbourState::Probe;
  protocol_.solicit(address, known ? std::optional(entry.mac) : std::nullopt);
}

void NeighbourCache::arm(Ipv4Address address, Entry& entry, Duration after) {
  disarm(entry);
  entry.deadline = executor_.now() + after;
  entry.timer =
      executor_.run_at(entry.deadline, Context::Softirq, [this, address] { expire(address); });
}

void NeighbourCache::disarm(Entry& entry) {
  executor_.cancel(std::exchange(entry.timer, kNoTimer));
  entry.deadline = kNever;
}

void NeighbourCache::expire(Ipv4Address address) {
  auto const found = entries_.find(address);
  // A timer that had become due before it was cancelled still runs.
  if (found == entries_.end() || executor_.now() < found->second.deadline) return;
  Entry& entry = found->second;
  entry.timer = kNoTimer;
  entry.deadline = kNever;
  switch (entry.state) {
    case NeighbourState::Delay:
      entry.state = NeighbourState::Probe;
      entry.tries = 0;
      ask(address, entry);
      return;
    case NeighbourState::Incomplete:
    case NeighbourState::Probe:
      if (entry.tries < kMaxTries) {
        ask(address, entry);
      } else {
        give_up(address, entry);
      }
      return;
    default:
      return;
  }
}

void NeighbourCache::give_up(Ipv4Address address, Entry& entry) {
  ++statistics_.failures;
  entry.state = NeighbourState::Failed;
  entry.failed_at = executor_.now();
  // What is told now may send again, and so may change or evict the entry.
  std::vector<PacketBuffer> stranded = std::exchange(entry.pending, {});
  protocol_.gave_up(address);
  for (PacketBuffer& packet : stranded) protocol_.unreachable(std::move(packet), address);
}

void NeighbourCache::keep(Entry& entry, PacketBuffer& packet) {
  // Whoever answers strangers can be made to wait for many neighbours that are not there.
  std::size_t const most = packet.supply() == Supply::Ample ? kMaxPending : 1;
  while (entry.pending.size() >= most) {
    entry.pending.erase(entry.pending.begin());
    ++statistics_.packets_dropped;
  }
  if (packet.supply() == Supply::Short) {
    ++statistics_.packets_dropped;
    packet = {};
    return;
  }
  entry.pending.push_back(std::move(packet));
}

void NeighbourCache::become_known(Entry& entry, MacAddress const& mac, NeighbourState state) {
  disarm(entry);
  entry.mac = mac;
  entry.state = state;
  entry.confirmed_at = executor_.now();
  std::vector<PacketBuffer> waiting = std::exchange(entry.pending, {});
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    protocol_.send_resolved(std::move(waiting[i]), mac, i + 1 < waiting.size());
  }
}

}  // namespace ringside::stack
