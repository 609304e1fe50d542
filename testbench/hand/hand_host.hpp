// A host in somebody's hands: registers, packed rings and the wire of one NIC, with nothing of the
// driver in between, so that whatever a driver could do wrong can be done.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interface/layout/registers.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/hand/hand_ring.hpp"
#include "testbench/net/cable.hpp"
#include "testbench/nic/nic.hpp"

namespace ringside::testbench {

inline constexpr MacAddress kStation{{0x02, 0, 0, 0, 0, 0x01}};
inline constexpr std::uint8_t kNegotiated =
    layout::kStatusAcknowledge | layout::kStatusDriver | layout::kStatusFeaturesOk;
inline constexpr std::uint8_t kReady = kNegotiated | layout::kStatusDriverOk;

constexpr Duration us(double count) { return Duration{static_cast<std::int64_t>(count * 1e6)}; }

consteval std::uint32_t common(std::string_view name) {
  return layout::offset_of(layout::kCommonBlock, name);
}

class HandHost {
 public:
  struct Options {
    PcieTiming timing = kGen3x8;
    std::uint64_t seed = 20250777;
    std::size_t memory = 64 << 20;
  };
  HandHost(NicMaker const& make_nic, Options const& options)
      : memory(options.memory),
        link(timeline, memory, options.timing, Random(options.seed)),
        to_nic(timeline, us(0.5), {}, Random(options.seed)),
        from_nic(timeline, us(0.5), {}, Random(options.seed)),
        nic_(make_nic("nic", timeline, link, kStation)) {
    to_nic.connect(nic_->receiver());
    nic_->connect(from_nic);
    from_nic.connect(wire);
    link.on_interrupt([this](std::uint32_t data) { messages.push_back({data, present()}); });
    run(us(1));
  }
  HandHost(HandHost const&) = delete;
  HandHost& operator=(HandHost const&) = delete;

  SimulatedNic& nic() { return *nic_; }

  // --- Time.

  void run(Duration duration) {
    if (duration > Duration{0}) sc_core::sc_start(to_sc_time(duration));
  }
  template <class Condition>
  bool run_until(Condition&& condition, Duration limit = us(200)) {
    TimePoint const end = present() + limit;
    while (!condition()) {
      if (present() >= end) return false;
      run(us(0.1));
    }
    return true;
  }

  // --- Registers.

  void write(std::uint32_t offset, unsigned size, std::uint32_t value) {
    link.register_write(offset, size, value);
  }
  // Nothing if there is no answer in time.
  std::optional<std::uint32_t> try_read(std::uint32_t offset, unsigned size,
                                        Duration limit = us(200)) {
    auto const answer = std::make_shared<std::optional<std::uint32_t>>();
    link.register_read(offset, size, [answer](std::uint32_t value) { *answer = value; });
    run_until([&answer] { return answer->has_value(); }, limit);
    return *answer;
  }
  void write64(std::uint32_t offset, std::uint64_t value) {
    write(offset, 4, static_cast<std::uint32_t>(value));
    write(offset + 4, 4, static_cast<std::uint32_t>(value >> 32));
  }
  void set_status(std::uint8_t value) { write(common("device_status"), 1, value); }

  // --- From power on to DRIVER_OK.

  void enable_pci() {
    link.control({.msix_enable = true, .msix_mask = false, .bus_master = true});
    for (std::uint32_t vector = 0; vector < layout::kNumVectors; ++vector) {
      std::uint32_t const entry = layout::kMsixTableBlock.offset + vector * layout::kMsixStride;
      write64(entry, PcieLink::kMsiAddress);
      write(entry + 8, 4, vector);
      write(entry + 12, 4, 0);
    }
  }
  void negotiate(std::uint64_t features) {
    set_status(layout::kStatusAcknowledge);
    set_status(layout::kStatusAcknowledge | layout::kStatusDriver);
    for (std::uint32_t half = 0; half < 2; ++half) {
      write(common("driver_feature_select"), 4, half);
      write(common("driver_feature"), 4, static_cast<std::uint32_t>(features >> (32 * half)));
    }
    set_status(kNegotiated);
    one_pair_ = (features & layout::kFeaturesOfPairs) == 0;
    header_bytes_ = layout::net_header_bytes((features & layout::kFeatureHashReport) != 0);
  }
  void select(std::uint16_t queue) { write(common("queue_select"), 2, queue); }
  void enable_queue(std::uint16_t queue, std::uint16_t size) {
    enable_queue(queue, size, static_cast<std::uint16_t>(queue + 1U));
  }
  void enable_queue(std::uint16_t queue, std::uint16_t size, std::uint16_t vector) {
    rings[queue].emplace(allocate(HandRing::kBytes), size);
    select(number_of(queue));
    write(common("queue_size"), 2, size);
    write(common("queue_msix_vector"), 2, vector);
    write64(common("queue_desc"), rings[queue]->descriptors());
    write64(common("queue_driver"), rings[queue]->driver_events());
    write64(common("queue_device"), rings[queue]->device_events());
    write(common("queue_enable"), 2, 1);
  }
  HandRing& rx() { return *rings[layout::kReceiveQueue]; }
  HandRing& tx() { return *rings[layout::kTransmitQueue]; }
  HandRing& control() { return *rings[layout::kControlQueue]; }
  void notify(std::uint16_t queue) {
    std::uint16_t const number = number_of(queue);
    write(layout::kNotifyBlock.offset + number * layout::kNotifyMultiplier, 2, number);
  }
  // What a queue is called after negotiation: without other pairs the control queue comes behind
  // the first.
  std::uint16_t number_of(std::uint16_t queue) const {
    return queue == layout::kControlQueue && one_pair_ ? layout::kControlQueueOfOnePair : queue;
  }

  // In front of each packet, as negotiated.
  std::uint32_t header_bytes() const { return header_bytes_; }

  // --- Memory and the wire.

  Block allocate(std::size_t size) {
    MutableBytes const bytes = memory.allocate(size, 4096);
    return {bytes, memory.map(bytes, DmaDirection::Both).value()};
  }
  // Puts a frame on the wire, so many bytes of idle behind those before it; returns when its last
  // byte has arrived.
  TimePoint arrive(WireFrame frame, unsigned gap = kGap) {
    frame.start = std::max(present() + us(0.1), line_free_ + kByteTime * gap);
    line_free_ = frame.end();
    // No earlier than a device would: what it will send later is not known to anybody yet.
    if (frame.start <= present() + us(1)) {
      to_nic.send(frame.as_piece());
    } else {
      timeline.at(frame.start - us(1), station_,
                  [this, sent = std::move(frame)] { to_nic.send(sent.as_piece()); });
    }
    return line_free_;
  }
  // What stands between frames from then on, in the order of its time.
  void show(LineChange const& change) {
    if (change.start <= present() + us(1)) {
      to_nic.signal(change);
    } else {
      timeline.at(change.start - us(1), station_, [this, change] { to_nic.signal(change); });
    }
  }
  static constexpr unsigned kGap = 12;
  TimePoint line_free() const { return line_free_; }

  struct Message {
    std::uint32_t vector;
    TimePoint at;
  };

  Timeline timeline{"timeline"};
  HostMemory memory;
  PcieLink link;
  CableDirection to_nic;
  CableDirection from_nic;
  CollectingReceiver wire;
  std::array<std::optional<HandRing>, layout::kNumQueues> rings;
  std::vector<Message> messages;

 private:
  std::unique_ptr<SimulatedNic> nic_;
  bool one_pair_ = false;
  std::uint32_t header_bytes_ = layout::kNetHeaderBytes;
  Origin station_ = timeline.add_origin();
  TimePoint line_free_{};
};

}  // namespace ringside::testbench
