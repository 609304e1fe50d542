// Addresses of neighbours and what is known of their reachability (RFC 1122, 2.3.2; states and
// times of RFC 4861, 7.3 and 10).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "interface/base/random.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/packet_buffer.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

enum class NeighbourState : std::uint8_t {
  Failed,      // did not answer; the next packet asks again
  Stale,       // link address known, nothing heard lately
  Reachable,   // confirmed within the reachable time
  Delay,       // stale and in use: an upper layer may confirm it before we ask
  Probe,       // being asked directly
  Incomplete,  // being asked for by broadcast, link address not known
  Permanent,   // set by hand
};

struct Neighbour {
  NeighbourState state = NeighbourState::Incomplete;
  MacAddress mac;  // not in Incomplete and Failed
};

struct NeighbourStatistics {
  std::uint64_t solicitations = 0;
  std::uint64_t failures = 0;         // times that a neighbour was given up
  std::uint64_t packets_dropped = 0;  // pushed out of a full queue, evicted, or without an entry
  std::uint64_t evictions = 0;
  std::uint64_t address_changes = 0;  // a known neighbour came with another link address
};

// What the cache asks of the protocol that it serves. Calls may use the cache.
class NeighbourProtocol {
 public:
  virtual ~NeighbourProtocol() = default;
  // Asks for `address`: everybody, or, to see whether it still is there, `last_known` only.
  virtual void solicit(Ipv4Address address, std::optional<MacAddress> last_known) = 0;
  // A packet that waited can go.
  virtual void send_resolved(PacketBuffer packet, MacAddress const& to, bool more) = 0;
  // A packet that waited cannot.
  virtual void unreachable(PacketBuffer packet, Ipv4Address neighbour) = 0;
  // `address` was given up, before its packets come back.
  virtual void gave_up(Ipv4Address address) = 0;
};

// Timers run only while an answer is awaited. Otherwise entries age when they are looked at, so an
// idle host has no events.
class NeighbourCache {
 public:
  static constexpr std::size_t kMaxEntries = 256;
  static constexpr std::size_t kMaxPending = 3;  // packets that wait for one neighbour
  static constexpr unsigned kMaxTries = 3;
  static constexpr Duration kRetryInterval = std::chrono::seconds{1};
  static constexpr Duration kDelayTime = std::chrono::seconds{5};
  static constexpr Duration kBaseReachableTime = std::chrono::seconds{30};
  static constexpr Duration kFailureMemory = std::chrono::seconds{30};

  NeighbourCache(Executor& executor, Random random, NeighbourProtocol& protocol);
  ~NeighbourCache();
  NeighbourCache(NeighbourCache const&) = delete;
  NeighbourCache& operator=(NeighbourCache const&) = delete;

  // Where to send `packet`; nothing if that is not known yet. The packet is then taken: it waits,
  // and goes or comes back through the NeighbourProtocol.
  std::optional<MacAddress> resolve(Ipv4Address address, PacketBuffer& packet);

  enum class Evidence : std::uint8_t {
    Mention,  // it spoke, to whomever: only an entry that exists is brought up to date
    Contact,  // it wants to speak to us: worth an entry
    Answer,   // it answered us: reachable both ways
  };
  void learn(Ipv4Address address, MacAddress const& mac, Evidence evidence);

  // An upper layer made progress with the help of this neighbour.
  void confirm(Ipv4Address address);

  // Never evicted, never asked for, not changed by what is heard. False if there is no room.
  bool set_permanent(Ipv4Address address, MacAddress const& mac);

  // What is known at present.
  std::optional<Neighbour> find(Ipv4Address address) const;
  // Given up less than kFailureMemory ago, and not heard of since.
  bool failed_lately(Ipv4Address address) const;

  std::size_t size() const { return entries_.size(); }
  Duration reachable_time() const { return reachable_time_; }
  NeighbourStatistics const& statistics() const { return statistics_; }

 private:
  struct Entry {
    NeighbourState state = NeighbourState::Incomplete;
    MacAddress mac;
    TimePoint confirmed_at;
    TimePoint used_at;
    TimePoint failed_at;
    unsigned tries = 0;
    TimerId timer = kNoTimer;
    TimePoint deadline = kNever;        // of the timer
    std::vector<PacketBuffer> pending;  // oldest first
  };
  using Entries = std::map<Ipv4Address, Entry>;

  NeighbourState present_state(Entry const& entry) const;
  Entry* create(Ipv4Address address);
  bool evict_one();
  void ask(Ipv4Address address, Entry& entry);
  void arm(Ipv4Address address, Entry& entry, Duration after);
  void disarm(Entry& entry);
  void expire(Ipv4Address address);
  void give_up(Ipv4Address address, Entry& entry);
  void keep(Entry& entry, PacketBuffer& packet);
  void become_known(Entry& entry, MacAddress const& mac, NeighbourState state);

  Executor& executor_;
  NeighbourProtocol& protocol_;
  Duration reachable_time_;
  Entries entries_;
  NeighbourStatistics statistics_;
};

}  // namespace ringside::stack
