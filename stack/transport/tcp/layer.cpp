#include "stack/transport/tcp/layer.hpp"

#include <algorithm>
#include <array>

namespace ringside::stack {
namespace {

// The least of a TCP header that ICMP quotes: ports and sequence number.
constexpr std::size_t kQuotedBytes = 8;
constexpr Duration kSequenceClock = std::chrono::microseconds{4};

std::array<std::uint8_t, 12> tuple_bytes(Endpoint local, Endpoint remote) {
  std::array<std::uint8_t, 12> bytes;
  store_be(&bytes[0], local.address.value);
  store_be(&bytes[4], remote.address.value);
  store_be(&bytes[8], local.port);
  store_be(&bytes[10], remote.port);
  return bytes;
}

HashKey draw_key(Random random) {
  std::uint64_t const first = random.next();
  return {first, random.next()};
}

}  // namespace

// Not keyed: it decides speed only. A peer that collides its tuples slows down a search in them.
std::size_t TcpLayer::TupleHash::operator()(Tuple const& tuple) const {
  std::uint64_t const addresses =
      std::uint64_t{tuple.local.address.value} << 32 | tuple.remote.address.value;
  std::uint64_t const ports = std::uint64_t{tuple.local.port} << 16 | tuple.remote.port;
  std::uint64_t const mixed = (addresses ^ ports * 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
  return mixed ^ mixed >> 32;
}

TcpLayer::TcpLayer(Executor& executor, NetworkLayer& network, Story& story, Random random,
                   TcpSettings const& settings)
    : executor_(executor),
      network_(network),
      story_(story),
      settings_(settings),
      isn_key_(draw_key(random.stream("tcp initial sequence"))),
      port_key_(draw_key(random.stream("tcp ephemeral port"))) {}

// The executor may still hold connections that were let go of; their packets must not outlive the
// pool below.
TcpLayer::~TcpLayer() {
  for (auto const& [tuple, connection] : connections_) connection->drop();
}

bool TcpLayer::receive(PacketBuffer& packet, ReceivedFrom const& from) {
  ++counters_.segments_in;
  auto const parsed = parse_tcp(packet.bytes());
  if (!parsed) {
    ++counters_.header_errors;
    return true;
  }
  if (!from.checksum_verified && tcp_checksum(from.source, from.destination, packet.bytes()) != 0) {
    ++counters_.checksum_errors;
    return true;
  }
  TcpSegment segment{.header = parsed->header, .payload = std::move(packet), .from = from};
  segment.payload.pull(static_cast<std::uint32_t>(parsed->size));
  if (plausible(segment)) {
    deliver(segment);
  } else {
    ++counters_.dropped_in;
  }
  return true;
}

// TCP has two ends: nothing to or from a group, silently (RFC 9293, MUST-57 and MUST-63).
bool TcpLayer::plausible(TcpSegment const& segment) const {
  Ipv4Address const source = segment.from.source;
  return !segment.from.broadcast && !source.is_unspecified() && !source.is_multicast() &&
         !source.is_limited_broadcast() && !source.is_class_e() && !network_.is_broadcast(source);
}

void TcpLayer::deliver(TcpSegment& segment) {
  auto const found = connections_.find({segment.local(), segment.remote()});
  if (found == connections_.end()) {
    on_stray(segment, std::nullopt);
    return;
  }
  std::shared_ptr<TcpConnection> const connection = found->second;
  auto const new_start = connection->yields_to(segment);
  if (new_start && listener_for(segment.local())) {
    connection->give_way();
    on_stray(segment, new_start);
  } else {
    connection->on_segment(segment);
  }
}

void TcpLayer::on_stray(TcpSegment& segment, std::optional<Sequence> not_before) {
  auto const listener = listener_for(segment.local());
  if (!listener || (segment.has(kTcpAck) && !segment.has(kTcpRst))) {
    refuse(segment);
    return;
  }
  // SYN with FIN is no way to begin: only scanners send it.
  if (segment.has(kTcpRst) || !segment.has(kTcpSyn) || segment.has(kTcpFin)) {
    ++counters_.dropped_in;
    return;
  }
  if (listener->full() || connections_.size() >= settings_.max_connections) {
    ++counters_.backlog_overflows;
    return;
  }
  auto connection = std::make_shared<TcpConnection>(*this, segment.local(), segment.remote());
  connections_.emplace(Tuple{segment.local(), segment.remote()}, connection);
  connection->accept_syn(segment, listener, not_before);
}

void TcpLayer::refuse(TcpSegment const& segment) {
  if (segment.has(kTcpRst)) return;
  PacketBuffer packet = network_.allocate(kTcpHeadroom);
  if (!packet) return;
  TcpHeader header;
  header.source_port = segment.header.destination_port;
  header.destination_port = segment.header.source_port;
  if (segment.has(kTcpAck)) {
    header.sequence = segment.header.acknowledgement;
    header.flags = kTcpRst;
  } else {
    header.acknowledgement = (segment.sequence() + segment.length()).value;
    header.flags = kTcpRst | kTcpAck;
  }
  emit_tcp(header, packet.push(static_cast<std::uint32_t>(header.emitted_size())));
  put_checksum(packet, segment.from.destination, segment.from.source);
  if (story_.wants(Layer::Tcp)) {
    story_.tell(Layer::Tcp, segment.from.source.to_string() + ":" +
                                std::to_string(segment.header.source_port) + " asked for port " +
                                std::to_string(segment.header.destination_port) +
                                ", where no connection is: RST sent");
  }
  ++counters_.segments_out;
  ++counters_.resets_out;
  (void)network_.send(std::move(packet), segment.from.destination, segment.from.source,
                      kProtocolTcp, {});
}

void TcpLayer::put_checksum(PacketBuffer& segment, Ipv4Address source,
                            Ipv4Address destination) const {
  bool const by_device = network_.completes_checksums(destination);
  segment.info().checksum_bytes = static_cast<std::uint16_t>(by_device ? segment.size() : 0);
  segment.info().checksum_offset = kTcpChecksumOffset;
  if (by_device) {
    begin_tcp_checksum(source, destination, segment.bytes());
  } else {
    write_tcp_checksum(source, destination, segment.bytes());
  }
}

void TcpLayer::flush_later(std::shared_ptr<TcpConnection> connection) {
  to_flush_.push_back(std::move(connection));
}

void TcpLayer::receive_done() {
  // What they send is not received inside: nothing is added meanwhile.
  for (auto const& connection : to_flush_) connection->on_poll_done();
  to_flush_.clear();
}

void TcpLayer::problem(IcmpProblem problem, Ipv4Address source, Ipv4Address destination,
                       Bytes quoted, std::uint16_t next_hop_mtu) {
  if (quoted.size() < kQuotedBytes) return;
  Endpoint const local{source, load_be<std::uint16_t>(quoted.data())};
  Endpoint const remote{destination, load_be<std::uint16_t>(quoted.data() + 2)};
  auto const found = connections_.find({local, remote});
  if (found == connections_.end()) return;
  auto const connection = found->second;
  connection->on_problem(problem, Sequence{load_be<std::uint32_t>(quoted.data() + 4)},
                         next_hop_mtu);
}

// RFC 6528: later connections of the same ends begin higher, and no outsider knows where.
Sequence TcpLayer::initial_sequence(Endpoint local, Endpoint remote) const {
  auto const clock = executor_.now().time_since_epoch() / kSequenceClock;
  auto const hash = keyed_hash(isn_key_, tuple_bytes(local, remote));
  return {static_cast<std::uint32_t>(clock) + static_cast<std::uint32_t>(hash)};
}

void TcpLayer::forget(TcpConnection const& connection) {
  auto const found = connections_.find({connection.local(), connection.remote()});
  if (found == connections_.end() || found->second.get() != &connection) return;
  auto forgotten = std::move(found->second);
  connections_.erase(found);
  retire(std::move(forgotten));
}

void TcpLayer::retire(std::shared_ptr<TcpConnection> connection) {
  executor_.post(Context::Softirq, [keep = std::move(connection)] {});
}

}  // namespace ringside::stack
