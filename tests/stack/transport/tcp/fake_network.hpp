// A network layer without a network: TCP of one host, and a link with seeded faults between two.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "interface/base/random.hpp"
#include "stack/header/tcp.hpp"
#include "stack/transport/tcp/layer.hpp"
#include "tests/stack/heap_packet_pool.hpp"
#include "tests/stack/virtual_executor.hpp"

namespace ringside::stack {

// One segment as it was handed to the network layer.
struct Sent {
  TimePoint when;
  Ipv4Address source;
  Ipv4Address destination;
  TcpHeader header;
  std::vector<std::uint8_t> payload;
  bool more = false;

  bool has(std::uint8_t flags) const { return (header.flags & flags) == flags; }
  bool only(std::uint8_t flags) const { return header.flags == flags; }
  std::size_t size() const { return payload.size(); }
};

// Keeps the lines that TCP tells.
class StoryKeeper final : public Story {
 public:
  bool wants(Layer layer) const override { return listening && layer == Layer::Tcp; }
  void tell(Layer, std::string line) override { lines.push_back(std::move(line)); }
  bool listening = false;
  std::vector<std::string> lines;
};

// A host: TCP above, the test below. Packets are "read by the device" `hold` after they were sent;
// if their bytes have changed by then, TCP has scribbled into memory that was not its own.
class FakeHost final : public NetworkLayer {
 public:
  FakeHost(VirtualExecutor& time, Ipv4Address address, std::uint64_t seed,
           TcpSettings const& settings = {}, std::uint32_t pool_blocks = 4096)
      : executor(time),
        pool(pool_blocks),
        receive_pool_(4096),
        address_(address),
        tcp(time, *this, story, Random(seed), settings) {}
  ~FakeHost() override { held_.clear(); }

  Result<Ipv4Address, NetworkError> source_for(Ipv4Address) const override {
    if (!routed) return NetworkError::NoRoute;
    return address_;
  }
  bool is_local(Ipv4Address address) const override { return address == address_; }
  bool is_broadcast(Ipv4Address address) const override { return (address.value & 0xFF) == 0xFF; }
  std::uint16_t mtu_towards(Ipv4Address) const override { return mtu; }
  PacketBuffer allocate(std::uint32_t headroom) override {
    return pool.allocate(kNetworkHeadroom + headroom);
  }
  void confirm_reachable(Ipv4Address) override { ++confirmations; }
  void path_mtu_is(Ipv4Address, std::uint16_t told) override { path_mtus.push_back(told); }

  Result<Done, NetworkError> send(PacketBuffer packet, Ipv4Address source, Ipv4Address destination,
                                  std::uint8_t protocol, SendOptions const& options) override {
    EXPECT_EQ(protocol, kProtocolTcp);
    EXPECT_GE(packet.headroom(), kNetworkHeadroom);
    if (refuse_next > 0) {
      --refuse_next;
      return refusal;
    }
    EXPECT_EQ(tcp_checksum(source, destination, packet.bytes()), 0);
    auto const parsed = parse_tcp(packet.bytes());
    EXPECT_TRUE(parsed.has_value());
    EXPECT_LE(packet.size() + 20, mtu);
    // As the layers below do, into the room in front.
    std::vector<std::uint8_t> const bytes(packet.bytes().begin(), packet.bytes().end());
    sent.push_back({executor.now(),
                    source,
                    destination,
                    parsed->header,
                    {bytes.begin() + static_cast<std::ptrdiff_t>(parsed->size), bytes.end()},
                    options.more});
    if (on_sent) on_sent(bytes);
    if (hold > Duration{0}) {
      held_.push_back({std::move(packet), bytes});
      executor.run_at(executor.now() + hold, Context::Interrupt, [this] { device_reads(); });
    }
    return Done{};
  }

  // Hands bytes of a segment up, at the end of a poll of `poll_interval` with all that came by.
  void arrive(std::vector<std::uint8_t> bytes, Ipv4Address source, bool broadcast = false) {
    arrived_.push_back({std::move(bytes), source, broadcast});
    if (std::exchange(poll_due_, true)) return;
    executor.run_at(executor.now() + poll_interval, Context::Softirq, [this] { poll(); });
  }

  Ipv4Address address() const { return address_; }
  HeapPacketPool& receive_pool() { return receive_pool_; }
  std::vector<Sent> take_sent() { return std::exchange(sent, {}); }

  VirtualExecutor& executor;
  HeapPacketPool pool;
  StoryKeeper story;
  std::uint16_t mtu = 1500;
  bool routed = true;
  unsigned refuse_next = 0;  // so many send() fail
  NetworkError refusal = NetworkError::NoBuffer;
  Duration hold{};
  Duration poll_interval{};
  std::uint64_t confirmations = 0;
  std::vector<std::uint16_t> path_mtus;
  std::uint64_t scribbled = 0;
  std::vector<Sent> sent;
  std::function<void(std::vector<std::uint8_t> const&)> on_sent;

 private:
  struct Held {
    PacketBuffer packet;
    std::vector<std::uint8_t> bytes;
  };
  struct Arrived {
    std::vector<std::uint8_t> bytes;
    Ipv4Address source;
    bool broadcast;
  };

  void device_reads() {
    Held const& oldest = held_.front();
    Bytes const now = oldest.packet.bytes();
    if (!std::equal(now.begin(), now.end(), oldest.bytes.begin())) ++scribbled;
    held_.pop_front();
  }

  void poll() {
    poll_due_ = false;
    for (Arrived& arrived : std::exchange(arrived_, {})) {
      PacketBuffer packet = receive_pool_.allocate(64);
      if (!packet) continue;
      std::copy(arrived.bytes.begin(), arrived.bytes.end(),
                packet.append(static_cast<std::uint32_t>(arrived.bytes.size())).data());
      ReceivedFrom const from{.source = arrived.source,
                              .destination = address_,
                              .time_to_live = 64,
                              .traffic_class = 0,
                              .broadcast = arrived.broadcast,
                              .checksum_verified = false};
      tcp.receive(packet, from);
    }
    tcp.receive_done();
  }

  HeapPacketPool receive_pool_;  // a receive ring that is never short of buffers
  Ipv4Address address_;
  std::deque<Held> held_;
  std::vector<Arrived> arrived_;
  bool poll_due_ = false;

 public:
  TcpLayer tcp;
};

inline constexpr Ipv4Address kClientAddress = Ipv4Address::of(10, 0, 0, 1);
inline constexpr Ipv4Address kServerAddress = Ipv4Address::of(10, 0, 0, 2);

struct LinkFaults {
  double loss = 0;
  double duplicate = 0;
  double reorder = 0;  // the segment comes up to reorder_by late
  double corrupt = 0;  // one bit
  Duration reorder_by = std::chrono::microseconds{200};
};

// Client and server on a link; each segment leaves when it is sent (no bandwidth), unless told.
class FakeNetwork {
 public:
  explicit FakeNetwork(std::uint64_t seed = 1, TcpSettings const& settings = {})
      : client(executor, kClientAddress, seed, settings),
        server(executor, kServerAddress, seed + 1, settings),
        random_(Random(seed).stream("link")) {
    connect(client, server);
    connect(server, client);
  }

  VirtualExecutor executor;
  LinkFaults faults;
  Duration delay = std::chrono::microseconds{50};
  Duration byte_time{};  // of a shared bottleneck in each direction; 0: none
  // Decides for each segment before chance does: true takes it away.
  std::function<bool(Sent const&)> lose;
  FakeHost client;
  FakeHost server;

 private:
  void connect(FakeHost& from, FakeHost& to) {
    from.on_sent = [this, &from, &to](std::vector<std::uint8_t> const& bytes) {
      if (lose && lose(from.sent.back())) return;
      if (random_.chance(faults.loss)) return;
      carry(from, to, bytes);
      if (random_.chance(faults.duplicate)) carry(from, to, bytes);
    };
  }

  void carry(FakeHost& from, FakeHost& to, std::vector<std::uint8_t> bytes) {
    TimePoint& free = &from == &client ? client_free_ : server_free_;
    free = std::max(free, executor.now()) + byte_time * static_cast<std::int64_t>(bytes.size());
    TimePoint when = free + delay;
    if (random_.chance(faults.reorder)) {
      when += Duration{static_cast<std::int64_t>(
          random_.below(static_cast<std::uint64_t>(faults.reorder_by.count())))};
    }
    if (random_.chance(faults.corrupt)) {
      std::uint64_t const bit = random_.below(bytes.size() * 8);
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
    executor.run_at(when, Context::Interrupt, [&from, &to, moved = std::move(bytes)]() mutable {
      to.arrive(std::move(moved), from.address());
    });
  }

  Random random_;
  TimePoint client_free_{};
  TimePoint server_free_{};
};

// Notes what it is told.
class Recorder final : public TcpObserver {
 public:
  void on_connected() override { ++connected; }
  void on_acceptable() override { ++acceptable; }
  void on_readable() override {
    ++readable;
    if (when_readable) when_readable();
  }
  void on_writable() override {
    ++writable;
    if (when_writable) when_writable();
  }
  void on_error(TcpError reason) override {
    ++errors;
    error = reason;
  }
  int connected = 0, acceptable = 0, readable = 0, writable = 0, errors = 0;
  std::optional<TcpError> error;
  std::function<void()> when_readable;
  std::function<void()> when_writable;
};

// Two connected endpoints on a FakeNetwork.
struct Pair {
  explicit Pair(FakeNetwork& network) : client(network.client.tcp), listener(network.server.tcp) {
    EXPECT_TRUE(listener.bind({kServerAddress, 80}));
    EXPECT_TRUE(listener.listen(16));
    client.observe(&client_events);
    EXPECT_TRUE(client.connect({kServerAddress, 80}));
    for (int tries = 0; tries < 4000 && !server; ++tries) {
      network.executor.run_for(std::chrono::milliseconds{1});
      if (!server) server = listener.accept();
      if (!server) continue;
      server->observe(&server_events);
    }
    EXPECT_TRUE(server.has_value());
  }
  Recorder client_events;
  Recorder server_events;
  TcpEndpoint client;
  TcpEndpoint listener;
  std::optional<TcpEndpoint> server;
};

inline std::vector<std::uint8_t> random_bytes(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

// Reads all that is there.
inline std::vector<std::uint8_t> read_all(TcpEndpoint& from) {
  std::vector<std::uint8_t> all;
  std::uint8_t part[4096];
  while (auto const got = from.receive(part)) all.insert(all.end(), part, part + *got);
  return all;
}

// Writes `data` as room comes, then shuts down; reads at the other end as bytes come.
class Transfer {
 public:
  Transfer(TcpEndpoint& from, Recorder& from_events, TcpEndpoint& to, Recorder& to_events,
           std::vector<std::uint8_t> data)
      : from_(from), to_(to), data_(std::move(data)) {
    from_events.when_writable = [this] { write(); };
    to_events.when_readable = [this] { read(); };
    write();
  }
  bool complete() const { return eof_ && received_ == data_; }
  std::size_t received() const { return received_.size(); }

 private:
  void write() {
    while (written_ < data_.size()) {
      auto const taken = from_.send(Bytes(data_).subspan(written_));
      if (!taken) return;
      written_ += *taken;
    }
    if (!std::exchange(shut_, true)) {
      EXPECT_TRUE(from_.shutdown_send());
    }
  }
  void read() {
    std::uint8_t part[8192];
    for (;;) {
      auto const got = to_.receive(part);
      if (!got) {
        eof_ = eof_ || got.error() == TcpError::Eof;
        return;
      }
      received_.insert(received_.end(), part, part + *got);
    }
  }
  TcpEndpoint& from_;
  TcpEndpoint& to_;
  std::vector<std::uint8_t> data_;
  std::vector<std::uint8_t> received_;
  std::size_t written_ = 0;
  bool shut_ = false;
  bool eof_ = false;
};

}  // namespace ringside::stack
