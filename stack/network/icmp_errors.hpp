// Tells senders why their datagrams were not taken, where that is due (RFC 1122, 3.2.2).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "interface/seam/executor.hpp"
#include "stack/header/icmpv4.hpp"
#include "stack/network/network_layer.hpp"
#include "stack/network/token_bucket.hpp"

namespace ringside::stack {

struct IcmpErrorLimits {
  RateLimit all{std::chrono::milliseconds{1}, 50};
  RateLimit each_destination{std::chrono::seconds{1}, 6};
};

struct IcmpErrorStatistics {
  std::uint64_t sent = 0;
  std::uint64_t not_due = 0;       // the rules forbid an error about this datagram
  std::uint64_t rate_limited = 0;  // due, but too many were sent of late
  std::uint64_t not_sent = 0;      // no buffer, or no way back
};

class IcmpErrors {
 public:
  IcmpErrors(NetworkLayer& network, Executor& executor) : network_(network), executor_(executor) {}

  void set_limits(IcmpErrorLimits const& limits) { limits_ = limits; }

  // An error of this type, code and second word about `datagram`, which is a whole received IPv4
  // datagram. `link_group`: it came to a link broadcast or multicast address.
  void report(IcmpType type, std::uint8_t code, std::uint32_t rest, Bytes datagram,
              bool link_group);

  IcmpErrorStatistics const& statistics() const { return statistics_; }

 private:
  bool is_due(Bytes datagram, bool link_group) const;
  bool within_limits(Ipv4Address to);
  bool transmit(IcmpHeader const& header, Bytes datagram);

  // Destinations share buckets by hash: bounded, and nothing to look after.
  static constexpr std::size_t kBuckets = 64;

  NetworkLayer& network_;
  Executor& executor_;
  IcmpErrorLimits limits_;
  TokenBucket all_;
  std::array<TokenBucket, kBuckets> by_destination_;
  IcmpErrorStatistics statistics_;
};

}  // namespace ringside::stack
