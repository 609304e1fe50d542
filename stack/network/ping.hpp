// Echo requests and what comes back: the API behind a ping program (RFC 1122, 3.2.2.6).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "interface/base/random.hpp"
#include "interface/base/unique_function.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/story.hpp"
#include "stack/header/icmpv4.hpp"
#include "stack/network/network_layer.hpp"

namespace ringside::stack {

struct EchoReply {
  Ipv4Address from;
  std::uint16_t sequence = 0;
  std::uint16_t size = 0;  // bytes of data
  std::uint8_t time_to_live = 0;
  Duration round_trip{0};
};

enum class EchoError : std::uint8_t {
  TimedOut,
  Unreachable,   // ICMP said so, or the neighbour does not answer
  TimeExceeded,  // the time to live ran out on the way
};

struct EchoRequest {
  Ipv4Address destination;
  std::uint16_t size = 56;  // bytes of data
  std::uint8_t time_to_live = 64;
  Duration timeout = std::chrono::seconds{1};
};

struct PingStatistics {
  std::uint64_t requests = 0;
  std::uint64_t replies = 0;
  std::uint64_t unexpected = 0;  // replies that nobody waits for (late, doubled, or forged)
  std::uint64_t damaged = 0;     // replies with other data than was sent
};

class Ping {
 public:
  static constexpr std::size_t kMaxOutstanding = 256;

  using Handler = UniqueFunction<void(Result<EchoReply, EchoError>)>;

  Ping(NetworkLayer& network, Executor& executor, Story& story, Random random);
  ~Ping();
  Ping(Ping const&) = delete;
  Ping& operator=(Ping const&) = delete;

  // Sends one request. `handler` runs later, once, in Context::Softirq; unless this fails.
  Result<std::uint16_t, NetworkError> send(EchoRequest const& request, Handler handler);

  PingStatistics const& statistics() const { return statistics_; }

  // For Icmp: a reply to an echo request, and a problem with one.
  void receive_reply(IcmpView const& reply, ReceivedFrom const& from);
  // False if it is none of ours.
  bool problem(IcmpProblem problem, IcmpHeader const& request, Ipv4Address destination);

 private:
  struct Outstanding {
    Ipv4Address destination;
    std::uint16_t size;
    TimePoint sent_at;
    TimerId timer;
    Handler handler;
  };
  using Requests = std::map<std::uint16_t, Outstanding>;  // by sequence number

  Result<Done, NetworkError> transmit(EchoRequest const& request, std::uint16_t sequence);
  void finish(Requests::iterator at, Result<EchoReply, EchoError> result);

  NetworkLayer& network_;
  Executor& executor_;
  Story& story_;
  std::uint16_t identifier_;
  std::uint16_t next_sequence_ = 1;
  Requests outstanding_;
  PingStatistics statistics_;
};

}  // namespace ringside::stack
