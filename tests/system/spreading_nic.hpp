// A NIC that spreads what it receives over all its queue pairs, in the hands of a test.
#pragma once

#include <map>
#include <utility>

#include "interface/base/random.hpp"
#include "model/device/steering.hpp"
#include "tests/system/control_commands.hpp"

namespace ringside::testbench {

// The command that says how.
struct Scaling {
  std::uint32_t types = layout::kSupportedHashTypes;
  std::uint16_t mask = 7;
  std::uint16_t unclassified = 0;
  std::vector<std::uint16_t> table = std::vector<std::uint16_t>(8, 0);
  std::uint16_t transmit_queues = 1;
  std::vector<std::uint8_t> key = std::vector<std::uint8_t>(layout::kHashKeyBytes, 0x5A);

  std::vector<std::uint8_t> bytes() const {
    auto data = le(types) + le(mask) + le(unclassified);
    for (std::uint16_t const entry : table) data = data + le(entry);
    data = data + le(transmit_queues) + le(static_cast<std::uint8_t>(key.size())) + key;
    return command(layout::control_command("mq_rss_config"), data);
  }
  model::Steering steering() const {
    model::Steering steering{.hash_types = types, .table = table, .unclassified = unclassified};
    std::copy_n(key.begin(), steering.key.size(), steering.key.begin());
    return steering;
  }
};

inline std::vector<std::uint8_t> pairs_set(std::uint16_t pairs) {
  return command(layout::control_command("mq_pairs_set"), le(pairs));
}

class SpreadingNic : public EveryNicUnderControl {
 protected:
  static constexpr std::uint64_t kSeed = 0x5CA1E;
  static constexpr std::uint16_t kBuffers = 16;

  // All pairs, with buffers.
  void start(std::uint64_t features = layout::kFeaturesOffered) {
    nic.start({.features = features});
    blocks_.clear();
    for (std::uint16_t pair = 0; pair < layout::kMaxQueuePairs; ++pair) {
      std::uint16_t const queue = layout::receive_queue(pair);
      if (pair != 0) nic.enable_queue(queue, kBuffers);
      for (std::uint16_t i = 0; i < kBuffers; ++i) offer_buffer(queue, i);
      nic.notify(queue);
    }
    nic.run(us(5));
  }
  void offer_buffer(std::uint16_t queue, std::uint16_t id) {
    Block const block = nic.allocate(2048);
    blocks_[{queue, id}] = block;
    nic.rings[queue]->offer({{block.address, 2048, layout::kDescriptorWrite}}, id);
  }

  // A frame of one of many flows: UDP or TCP over IPv4, or nothing that has a flow.
  Frame some_frame() {
    Frame frame = frame_to(kStation);
    for (std::size_t i = 14; i < frame.size(); ++i) {
      frame[i] = static_cast<std::uint8_t>(random.next());
    }
    store_be<std::uint16_t>(&frame[12], random.chance(0.8) ? 0x0800 : 0x88B5);
    frame[14] = 0x45;
    store_be<std::uint16_t>(&frame[16], static_cast<std::uint16_t>(frame.size() - 14));
    store_be<std::uint16_t>(&frame[20], 0);
    frame[23] = random.chance(0.5) ? 6 : 17;
    return frame;
  }

  struct Delivered {
    std::uint16_t pair;
    std::vector<std::uint8_t> bytes;  // with the header
  };
  std::optional<Delivered> deliver(Frame const& frame) {
    nic.arrive(frame);
    std::optional<std::uint16_t> pair;
    Used taken{};
    nic.run_until(
        [&] {
          for (std::uint16_t p = 0; p < layout::kMaxQueuePairs && !pair; ++p) {
            auto& ring = nic.rings[layout::receive_queue(p)];
            auto const used = ring ? ring->take() : std::nullopt;
            if (!used) continue;
            pair = p;
            taken = *used;
          }
          return pair.has_value();
        },
        us(20));
    if (!pair) return std::nullopt;
    std::uint16_t const queue = layout::receive_queue(*pair);
    Bytes const bytes = Bytes(blocks_.at({queue, taken.id}).bytes).first(taken.len);
    Delivered const delivered{*pair, {bytes.begin(), bytes.end()}};
    offer_buffer(queue, taken.id);
    nic.notify(queue);
    nic.run(us(3));
    return delivered;
  }
  // The pair to whose queue the frame is delivered.
  std::optional<std::uint16_t> pair_of(Frame const& frame) {
    auto const delivered = deliver(frame);
    if (!delivered) return std::nullopt;
    return delivered->pair;
  }

  void expect_spread(model::Steering const& steering, int frames = 20) {
    for (int i = 0; i < frames; ++i) {
      Frame const frame = some_frame();
      ASSERT_EQ(pair_of(frame), steering.pair_of(frame)) << "seed " << kSeed << ", frame " << i;
    }
  }

  Scaling some_scaling() {
    Scaling scaling;
    scaling.types = static_cast<std::uint32_t>(random.below(layout::kSupportedHashTypes + 1));
    scaling.mask = static_cast<std::uint16_t>((1U << random.below(8)) - 1);
    scaling.unclassified = static_cast<std::uint16_t>(random.below(layout::kMaxQueuePairs));
    scaling.table.resize(scaling.mask + 1U);
    for (auto& entry : scaling.table) {
      entry = static_cast<std::uint16_t>(random.below(layout::kMaxQueuePairs));
    }
    scaling.transmit_queues = static_cast<std::uint16_t>(1 + random.below(layout::kMaxQueuePairs));
    for (auto& byte : scaling.key) byte = static_cast<std::uint8_t>(random.next());
    return scaling;
  }

  Random random{kSeed};

 private:
  std::map<std::pair<std::uint16_t, std::uint16_t>, Block> blocks_;  // by queue and id
};

}  // namespace ringside::testbench
