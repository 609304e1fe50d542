// Two network devices joined by a wire, for tests of the stack without driver and NIC.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "interface/base/time.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/net_device.hpp"
#include "tests/frame/plain_checksum.hpp"
#include "tests/stack/heap_packet_pool.hpp"

namespace ringside::stack {

class FakeNetDevice;

// What becomes of one frame on a VirtualWire.
struct FrameFate {
  unsigned copies = 1;  // 0: lost, 2: duplicated
  Duration extra_delay{0};
};
inline constexpr FrameFate kLost{0, Duration{0}};

struct SentFrame {
  TimePoint when;  // when its last byte left
  unsigned from;   // side 0 or 1
  std::vector<std::uint8_t> bytes;
};

// A full-duplex cable. Both devices attach themselves on construction.
class VirtualWire {
 public:
  explicit VirtualWire(Executor& clock, Duration one_way = std::chrono::microseconds{1})
      : executor(clock), delay(one_way) {}

  Executor& executor;
  Duration delay;
  Duration byte_time = kByteTime;

  // Decides about each frame, and may change its bytes: `from` is the sending side, frames count
  // from 0 in each direction. By default all arrive.
  std::function<FrameFate(unsigned from, std::uint64_t index, std::vector<std::uint8_t>& frame)>
      fate;

  // Every frame that left a device, lost ones too, for assertions.
  std::vector<SentFrame> log;
  bool keep_log = true;

 private:
  friend class FakeNetDevice;
  inline unsigned attach(FakeNetDevice& device);
  inline void carry(unsigned from, std::vector<std::uint8_t> frame);

  std::array<FakeNetDevice*, 2> devices_{};
  std::array<std::uint64_t, 2> frames_{};
};

// Sends at the wire's speed from a bounded ring and reads a packet's bytes only when it leaves, as
// hardware does. Delivers in polls of at most kBudget packets, each ended by receive_done().
class FakeNetDevice final : public NetDevice {
 public:
  static constexpr unsigned kBudget = 64;

  FakeNetDevice(VirtualWire& wire, MacAddress mac, std::uint16_t mtu = 1500,
                std::uint32_t blocks = 1024)
      : wire_(wire),
        side_(wire.attach(*this)),
        mac_(mac),
        mtu_(mtu),
        pool_(blocks, mtu <= 1500 ? 2048 : 16384) {}

  MacAddress mac() const override { return mac_; }
  std::uint16_t mtu() const override { return mtu_; }
  bool link_up() const override { return up_; }
  bool completes_checksums() const override { return completes; }
  HeapPacketPool& pool() override { return pool_; }
  void set_receiver(PacketReceiver* receiver) override { receiver_ = receiver; }
  void on_transmit_ready(std::function<void()> handler) override { ready_ = std::move(handler); }
  void on_link_change(std::function<void(bool)> handler) override { link_ = std::move(handler); }

  Result<Done, TransmitError> transmit(PacketBuffer& packet, bool more) override {
    if (!up_) return TransmitError::LinkDown;
    if (packet.size() < 14 || packet.size() > mtu_ + 14u) return TransmitError::TooLong;
    assert(packet.headroom() >= kTransmitHeadroom && "the device's header has no room");
    if (ring_.size() >= ring_size) {
      refused_ = true;
      return TransmitError::QueueFull;
    }
    ++statistics_.tx_packets;
    statistics_.tx_bytes += packet.size();
    if (!more) ++statistics_.notifications;
    assert((completes || packet.info().checksum_bytes == 0) && "nobody offered that");
    packet.push(kTransmitHeadroom);
    std::fill_n(packet.bytes().data(), kTransmitHeadroom, std::uint8_t{0xEE});
    packet.pull(kTransmitHeadroom);
    ring_.push_back(std::move(packet));
    if (ring_.size() == 1) start();
    return Done{};
  }

  unsigned poll(unsigned budget) override {
    unsigned done = 0;
    ++statistics_.polls;
    for (; done < budget && !arrived_.empty(); ++done) {
      std::vector<std::uint8_t> const frame = std::move(arrived_.front());
      arrived_.pop_front();
      deliver(frame);
    }
    if (receiver_ != nullptr) receiver_->receive_done();
    return done;
  }

  NetDeviceStatistics statistics() const override { return statistics_; }

  // For tests: a frame as if it had come over the wire, at once.
  void inject(std::vector<std::uint8_t> frame) { arrive(std::move(frame)); }
  void set_link(bool up) {
    up_ = up;
    if (link_) link_(up);
  }

  std::size_t ring_size = 256;  // packets taken and not sent yet
  bool completes = false;       // completes_checksums()
  unsigned completed = 0;       // checksums
  bool verifies = false;        // says that all checksums are right

 private:
  friend class VirtualWire;

  void start() {
    // Preamble, FCS and the gap between frames take 24 bytes of time; short frames are padded.
    auto const length = std::max<std::int64_t>(ring_.front().size(), 60) + 24;
    wire_.executor.run_at(wire_.executor.now() + wire_.byte_time * length, Context::Softirq,
                          [this] { sent(); });
  }

  void sent() {
    Bytes const bytes = std::as_const(ring_.front()).bytes();
    std::vector<std::uint8_t> frame(bytes.begin(), bytes.end());
    PacketInfo const& info = ring_.front().info();
    if (info.checksum_bytes > 0) {
      std::size_t const start = frame.size() - info.checksum_bytes;
      store_be(&frame[start + info.checksum_offset], test::plain_checksum(frame, start));
      ++completed;
    }
    frame.resize(std::max<std::size_t>(frame.size(), 60));
    ring_.pop_front();
    if (!ring_.empty()) start();
    wire_.carry(side_, std::move(frame));
    if (std::exchange(refused_, false) && ready_) ready_();
  }

  void arrive(std::vector<std::uint8_t> frame) {
    arrived_.push_back(std::move(frame));
    if (std::exchange(scheduled_, true)) return;
    ++statistics_.interrupts;
    schedule();
  }

  void schedule() {
    wire_.executor.post(Context::Softirq, [this] {
      poll(kBudget);
      scheduled_ = !arrived_.empty();
      if (scheduled_) schedule();
    });
  }

  void deliver(std::vector<std::uint8_t> const& frame) {
    PacketBuffer packet = pool_.allocate(64);
    if (!packet || receiver_ == nullptr || frame.size() > packet.tailroom()) {
      ++statistics_.rx_dropped;
      return;
    }
    std::copy(frame.begin(), frame.end(),
              packet.append(static_cast<std::uint32_t>(frame.size())).begin());
    packet.info().checksum_verified = verifies;
    ++statistics_.rx_packets;
    statistics_.rx_bytes += frame.size();
    receiver_->receive(std::move(packet));
  }

  VirtualWire& wire_;
  unsigned side_;
  MacAddress mac_;
  std::uint16_t mtu_;
  HeapPacketPool pool_;
  PacketReceiver* receiver_ = nullptr;
  std::function<void()> ready_;
  std::function<void(bool)> link_;
  bool up_ = true;
  bool refused_ = false;
  bool scheduled_ = false;
  std::deque<PacketBuffer> ring_;
  std::deque<std::vector<std::uint8_t>> arrived_;
  NetDeviceStatistics statistics_;
};

inline unsigned VirtualWire::attach(FakeNetDevice& device) {
  unsigned const side = devices_[0] == nullptr ? 0 : 1;
  assert(devices_[side] == nullptr && "a wire has two ends");
  devices_[side] = &device;
  return side;
}

inline void VirtualWire::carry(unsigned from, std::vector<std::uint8_t> frame) {
  if (keep_log) log.push_back({executor.now(), from, frame});
  std::uint64_t const index = frames_[from]++;
  FrameFate const what = fate ? fate(from, index, frame) : FrameFate{};
  FakeNetDevice* const peer = devices_[1 - from];
  for (unsigned copy = 0; copy < what.copies && peer != nullptr; ++copy) {
    executor.run_at(executor.now() + delay + what.extra_delay, Context::Interrupt,
                    [peer, frame] { peer->arrive(frame); });
  }
}

}  // namespace ringside::stack
