// A scripted virtio network device behind a VirtioTransport, for unit tests of VirtioNet.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <vector>

#include "interface/layout/registers.hpp"
#include "tests/driver/virtio/device_ring.hpp"
#include "tests/driver/virtual_executor.hpp"

namespace ringside::test {

using Frame = std::vector<std::uint8_t>;

class FakeDevice final : public VirtioTransport {
 public:
  static constexpr std::uint16_t kReceive = 0;
  static constexpr std::uint16_t kTransmit = 1;
  static constexpr std::uint16_t kControl = 2;  // there if `queues` says so
  static constexpr std::uint16_t kMostQueues = 9;
  static constexpr std::uint32_t kHeader = 12;  // without HASH_REPORT

  FakeDevice(VirtualExecutor& executor, FakeDmaMemory& memory)
      : executor_(executor), memory_(memory) {
    config = {0x02, 0, 0, 0, 0, 0x55, 1, 0, 1, 0, 0xDC, 0x05};
  }

  Result<Done, TransportError> reset() override {
    ++resets;
    driver_status_ = 0;
    live_ = false;
    if (failing_resets > 0) {
      --failing_resets;
      return TransportError::ResetTimeout;
    }
    needs_reset = false;
    for (auto& ring : rings_) ring.reset();
    accepted = 0;
    return Done{};
  }
  std::uint64_t offered_features() override { return offered; }
  Result<Done, TransportError> accept_features(std::uint64_t features) override {
    accepted = features;
    if (refuse_features) return TransportError::FeaturesRefused;
    return Done{};
  }
  std::uint16_t queue_count() override { return queues; }
  std::uint16_t max_queue_size(std::uint16_t) override { return max_size; }
  Result<Done, TransportError> enable_queue(std::uint16_t queue,
                                            QueueLayout const& layout) override {
    if (refuse_queues) return TransportError::QueueMissing;
    rings_.at(queue).emplace(memory_, layout);
    return Done{};
  }
  Result<Done, TransportError> on_interrupt(std::uint16_t queue,
                                            std::function<void()> handler) override {
    if (no_vectors) return TransportError::VectorRefused;
    handlers_[queue] = std::move(handler);
    return Done{};
  }
  Result<Done, TransportError> on_config_change(std::function<void()> handler) override {
    if (no_vectors) return TransportError::VectorRefused;
    config_handler_ = std::move(handler);
    return Done{};
  }
  void driver_ok() override { live_ = true; }
  void fail() override { failed = true; }
  std::uint8_t status() override {
    return static_cast<std::uint8_t>((live_ ? 0x0F : 0) | (needs_reset ? 0x40 : 0));
  }
  void notify(std::uint16_t queue) override {
    ++notified.at(queue);
    if (!live_) return;
    if (queue == control) {
      if (answers_commands) answer();
    } else if (layout::is_transmit_queue(queue) && completes_at_once) {
      complete(~0U, queue);
    }
  }
  void read_config(std::uint32_t offset, MutableBytes into) override {
    ++config_reads;
    for (auto& byte : into) byte = config.at(offset++);
  }
  Result<Done, TransportError> set_moderation(std::uint16_t queue, Moderation wanted) override {
    if (no_moderation) return TransportError::Unsupported;
    moderation.at(queue) = wanted;
    return Done{};
  }

  // The device's own doings.
  DeviceRing& ring(std::uint16_t queue) { return rings_.at(queue).value(); }
  bool live() const { return live_; }
  bool enabled(std::uint16_t queue) const { return rings_.at(queue).has_value(); }

  // Takes up to `count` packets, remembers their frames, gives them back.
  unsigned complete(unsigned count = ~0U, std::uint16_t queue = kTransmit) {
    unsigned done = 0;
    for (; done < count; ++done) {
      auto const buffer = ring(queue).next();
      if (!buffer) break;
      sent.push_back(read(*buffer));
      sent_by.push_back(queue);
      ring(queue).use(*buffer, 0);
    }
    if (done > 0) interrupt_if_due(queue);
    return done;
  }
  std::uint32_t header_bytes() const {
    return layout::net_header_bytes((accepted & layout::kFeatureHashReport) != 0);
  }
  // The header and the frame of a transmit buffer; the frame only is returned.
  Frame read(DeviceBuffer const& buffer) {
    Frame all;
    for (auto const& element : buffer.elements) {
      EXPECT_FALSE(element.write);
      auto const from = memory_.reach(element.address, element.length, false);
      EXPECT_FALSE(from.empty()) << "a transmit buffer is not mapped";
      all.insert(all.end(), from.begin(), from.end());
    }
    EXPECT_GE(all.size(), header_bytes());
    std::memcpy(&sent_header, all.data(), sizeof sent_header);
    if (sent_header.flags == 0) {
      EXPECT_TRUE(
          std::all_of(all.begin(), all.begin() + header_bytes(), [](auto b) { return b == 0; }));
    }
    elements_per_packet = buffer.elements.size();
    return {all.begin() + header_bytes(), all.end()};
  }

  // Delivers a frame as an honest device does: merged if it takes several buffers.
  void deliver(Frame const& frame, std::uint8_t flags = 0, std::uint16_t queue = kReceive) {
    Frame all(header_bytes(), 0);
    all[0] = flags;
    if (all.size() > kHeader) {
      store_le<std::uint32_t>(&all[12], hash.hash_value);
      store_le<std::uint16_t>(&all[16], hash.hash_report);
    }
    all.insert(all.end(), frame.begin(), frame.end());
    std::vector<std::pair<DeviceBuffer, std::uint32_t>> parts;
    std::size_t at = 0;
    MutableBytes header;
    while (at < all.size()) {
      auto const buffer = ring(queue).next();
      ASSERT_TRUE(buffer) << "no receive buffer is available";
      auto const into = writable(*buffer);
      std::size_t const count = std::min(into.size(), all.size() - at);
      std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
      if (parts.empty()) header = into;
      parts.emplace_back(*buffer, static_cast<std::uint32_t>(count));
      at += count;
    }
    store_le(&header[10], static_cast<std::uint16_t>(parts.size()));
    ring(queue).use_together(parts);
    interrupt_if_due(queue);
  }
  // Uses one buffer with any header and any used length. The bytes behind the header are 0xEE.
  void deliver_raw(std::array<std::uint8_t, 12> const& header, std::uint32_t used_length) {
    auto const buffer = ring(kReceive).next();
    ASSERT_TRUE(buffer);
    auto const into = writable(*buffer);
    std::fill(into.begin(), into.end(), 0xEE);
    std::copy(header.begin(), header.end(), into.begin());
    ring(kReceive).use(*buffer, used_length);
    interrupt_if_due(kReceive);
  }
  MutableBytes writable(DeviceBuffer const& buffer) {
    EXPECT_EQ(buffer.elements.size(), 1U);
    auto const into = memory_.reach(buffer.elements[0].address, buffer.elements[0].length, true);
    EXPECT_FALSE(into.empty()) << "a receive buffer is not mapped";
    return into;
  }

  // Takes up to `count` commands, remembers them, and gives back what `answer_to` says to each.
  unsigned answer(unsigned count = ~0U) {
    unsigned done = 0;
    for (; done < count; ++done) {
      auto const buffer = ring(control).next();
      if (!buffer) break;
      EXPECT_EQ(buffer->elements.size(), 2U);
      auto const& [command, room] = std::pair{buffer->elements[0], buffer->elements[1]};
      EXPECT_TRUE(!command.write && room.write);
      auto const from = memory_.reach(command.address, command.length, false);
      auto const into = memory_.reach(room.address, room.length, true);
      EXPECT_FALSE(from.empty() || into.empty()) << "a command is not mapped";
      commands.emplace_back(from.begin(), from.end());
      Frame const said = answer_to ? answer_to(commands.back()) : Frame{0};
      std::copy_n(said.begin(), std::min(said.size(), into.size()), into.begin());
      ring(control).use(*buffer, static_cast<std::uint32_t>(said.size()));
    }
    return done;
  }

  void interrupt_if_due(std::uint16_t queue) {
    if (ring(queue).interrupt_due() && !swallow_interrupts) interrupt(queue);
  }
  void interrupt(std::uint16_t queue) {
    if (!handlers_[queue]) return;
    ++interrupts.at(queue);
    executor_.post(Context::Interrupt, [handler = handlers_[queue]] { handler(); });
  }
  void interrupt_config() {
    if (config_handler_) {
      executor_.post(Context::Interrupt, [handler = config_handler_] { handler(); });
    }
  }
  void break_down() {
    needs_reset = true;
    interrupt_config();
  }

  std::uint64_t offered = layout::kFeaturesOffered;
  std::uint64_t accepted = 0;
  std::array<std::uint8_t, 16> config{};
  std::uint16_t queues = 2;
  std::uint16_t control = kControl;
  std::uint16_t max_size = 256;
  bool refuse_features = false;
  bool refuse_queues = false;
  bool no_vectors = false;
  bool no_moderation = false;
  bool completes_at_once = true;
  bool answers_commands = true;
  std::function<Frame(Frame const&)> answer_to;  // with the ack last; absent: OK
  std::vector<Frame> commands;                   // that were answered
  bool swallow_interrupts = false;
  bool needs_reset = false;
  bool failed = false;
  unsigned failing_resets = 0;
  unsigned resets = 0;
  unsigned config_reads = 0;
  std::size_t elements_per_packet = 0;
  std::array<unsigned, kMostQueues> notified{};
  std::array<unsigned, kMostQueues> interrupts{};
  std::array<Moderation, kMostQueues> moderation{};
  std::vector<Frame> sent;
  std::vector<std::uint16_t> sent_by;  // the queue of each
  layout::NetHeaderHash hash{};        // of what is delivered from now on
  layout::NetHeader sent_header{};     // of the last of them

 private:
  VirtualExecutor& executor_;
  FakeDmaMemory& memory_;
  std::uint8_t driver_status_ = 0;
  bool live_ = false;
  std::array<std::optional<DeviceRing>, kMostQueues> rings_;
  std::map<std::uint16_t, std::function<void()>> handlers_;
  std::function<void()> config_handler_;
};

}  // namespace ringside::test
