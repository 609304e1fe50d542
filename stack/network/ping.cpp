#include "stack/network/ping.hpp"

#include <utility>

namespace ringside::stack {
namespace {

// The data of a request: recognisable in a capture, and a reply can be held against it.
std::uint8_t data_at(std::size_t index) { return static_cast<std::uint8_t>(index); }

bool is_our_data(Bytes data, std::size_t size) {
  if (data.size() != size) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] != data_at(i)) return false;
  }
  return true;
}

std::string microseconds(Duration duration) {
  auto const tenths = duration / std::chrono::nanoseconds{100};
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " us";
}

}  // namespace

Ping::Ping(NetworkLayer& network, Executor& executor, Story& story, Random random)
    : network_(network),
      executor_(executor),
      story_(story),
      identifier_(static_cast<std::uint16_t>(random.next())) {}

Ping::~Ping() {
  for (auto& [sequence, request] : outstanding_) executor_.cancel(request.timer);
}

Result<std::uint16_t, NetworkError> Ping::send(EchoRequest const& request, Handler handler) {
  if (outstanding_.size() == kMaxOutstanding) return NetworkError::NoBuffer;
  while (outstanding_.contains(next_sequence_)) ++next_sequence_;
  std::uint16_t const sequence = next_sequence_++;
  if (auto const sent = transmit(request, sequence); !sent) return sent.error();
  ++statistics_.requests;
  TimePoint const now = executor_.now();
  TimerId const timer =
      executor_.run_at(now + request.timeout, Context::Softirq, [this, sequence, now] {
        auto const found = outstanding_.find(sequence);
        // The number may have been used again since.
        if (found == outstanding_.end() || found->second.sent_at != now) return;
        finish(found, EchoError::TimedOut);
      });
  outstanding_.emplace(
      sequence, Outstanding{request.destination, request.size, now, timer, std::move(handler)});
  return sequence;
}

Result<Done, NetworkError> Ping::transmit(EchoRequest const& request, std::uint16_t sequence) {
  auto const source = network_.source_for(request.destination);
  if (!source) return source.error();
  PacketBuffer packet = network_.allocate(IcmpHeader::kSize);
  if (!packet) return NetworkError::NoBuffer;
  if (packet.tailroom() < request.size) return NetworkError::MessageTooLong;
  MutableBytes const data = packet.append(request.size);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = data_at(i);
  packet.push(IcmpHeader::kSize);
  IcmpHeader{IcmpType::EchoRequest, 0, IcmpHeader::echo(identifier_, sequence)}.emit(
      packet.bytes());
  SendOptions options;
  options.time_to_live = request.time_to_live;
  auto const sent =
      network_.send(std::move(packet), *source, request.destination, kProtocolIcmp, options);
  if (sent && story_.wants(Layer::Icmp)) {
    story_.tell(Layer::Icmp, "echo request " + std::to_string(sequence) + " to " +
                                 request.destination.to_string() + ", " +
                                 std::to_string(request.size) + " bytes");
  }
  return sent;
}

void Ping::receive_reply(IcmpView const& reply, ReceivedFrom const& from) {
  IcmpHeader const header = reply.header();
  auto const found = outstanding_.find(header.sequence());
  if (header.identifier() != identifier_ || found == outstanding_.end() ||
      found->second.destination != from.source) {
    ++statistics_.unexpected;
    return;
  }
  Outstanding const& request = found->second;
  if (!is_our_data(reply.body(), request.size)) {
    ++statistics_.damaged;
    return;
  }
  ++statistics_.replies;
  EchoReply result;
  result.from = from.source;
  result.sequence = header.sequence();
  result.size = request.size;
  result.time_to_live = from.time_to_live;
  result.round_trip = executor_.now() - request.sent_at;
  if (story_.wants(Layer::Icmp)) {
    story_.tell(Layer::Icmp, "echo reply " + std::to_string(result.sequence) + " from " +
                                 from.source.to_string() + " after " +
                                 microseconds(result.round_trip));
  }
  finish(found, result);
}

bool Ping::problem(IcmpProblem problem, IcmpHeader const& request, Ipv4Address destination) {
  auto const found = outstanding_.find(request.sequence());
  if (request.type != IcmpType::EchoRequest || request.identifier() != identifier_ ||
      found == outstanding_.end() || found->second.destination != destination) {
    return false;
  }
  bool const expired = problem == IcmpProblem::TimeExceeded;
  finish(found, expired ? EchoError::TimeExceeded : EchoError::Unreachable);
  return true;
}

void Ping::finish(Requests::iterator at, Result<EchoReply, EchoError> result) {
  executor_.cancel(at->second.timer);
  // The handler may send the next request.
  Handler handler = std::move(at->second.handler);
  outstanding_.erase(at);
  handler(std::move(result));
}

}  // namespace ringside::stack
