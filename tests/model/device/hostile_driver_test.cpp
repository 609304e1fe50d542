// A driver that writes anything anywhere may hurt only itself: the device comes to rest, touches
// nothing that it was not told of, and works again after a reset.
#include <gtest/gtest.h>

#include "interface/base/random.hpp"
#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kSeed = 20;
constexpr int kRounds = 400;
constexpr std::uint64_t kPacket = 0x10000;

class HostileDriver {
 public:
  HostileDriver(TestHost& host, Random random) : host_(host), random_(random) {}

  void attack() {
    host_.start(static_cast<std::uint16_t>(1 + random_.below(64)), features());
    for (int i = 0; i < 40; ++i) {
      switch (random_.below(12)) {
        case 0:
        case 1:
        case 2:
          scribble_ring();
          break;
        case 3:
        case 4:
          scribble_table();
          break;
        case 5:
          write_register();
          break;
        case 6:
        case 7:
          host_.receive(counting_frame(60 + random_.below(1455)));
          break;
        case 8:
          host_.clock.advance_us(static_cast<double>(random_.below(20)));
          break;
        default:
          host_.notify(static_cast<std::uint16_t>(random_.below(2)));
      }
      host_.nic.run();
    }
  }

 private:
  std::uint64_t features() {
    std::uint64_t const some = random_.next() & layout::kFeaturesOffered;
    std::uint64_t const needy =
        (some & layout::kFeatureCtrlVq) != 0 ? 0 : layout::kFeaturesOfControl;
    return layout::kFeaturesRequired | (some & ~needy);
  }

  // Somewhere in the lower megabyte, mostly; lengths around the limits that matter.
  std::uint64_t address() { return random_.chance(0.05) ? random_.next() : random_.below(1 << 20); }
  std::uint32_t length() {
    switch (random_.below(4)) {
      case 0:
        return static_cast<std::uint32_t>(random_.below(32));
      case 1:
        return static_cast<std::uint32_t>(16 * random_.below(20));
      case 2:
        return static_cast<std::uint32_t>(random_.below(2000));
      default:
        return static_cast<std::uint32_t>(random_.next());
    }
  }
  std::uint16_t flags() {
    std::uint16_t flags = random_.chance(0.5) ? layout::kDescriptorAvail : layout::kDescriptorUsed;
    if (random_.chance(0.3)) flags |= kNext;
    if (random_.chance(0.5)) flags |= kWrite;
    if (random_.chance(0.2)) flags |= kIndirect;
    if (random_.chance(0.05)) flags = static_cast<std::uint16_t>(random_.next());
    return flags;
  }
  void scribble_ring() {
    TestRing& ring = host_.rings[random_.below(2)];
    for (unsigned i = 0; i < 64; ++i) {
      ring.put(i, address(), length(), static_cast<std::uint16_t>(random_.next()), flags());
    }
    ring.want_events(static_cast<std::uint16_t>(random_.below(4)),
                     static_cast<std::uint16_t>(random_.next()));
  }
  void scribble_table() {
    TestRing table{host_.memory, 16 * random_.below(1 << 14), 0, 0};
    for (unsigned i = 0; i < 16; ++i) table.put(i, address(), length(), 0, flags());
  }
  void write_register() {
    auto const block = layout::kBlocks[random_.below(layout::kBlocks.size())];
    auto const offset = static_cast<std::uint32_t>(block.offset + random_.below(block.size + 4));
    auto const size = static_cast<unsigned>(1 + random_.below(4));
    host_.nic.write(offset, size, static_cast<std::uint32_t>(random_.next()));
    host_.nic.read(offset, size);
  }

  TestHost& host_;
  Random random_;
};

TEST(HostileDriver, NeverKeepsTheDeviceFromWorkingAfterAReset) {
  unsigned broken = 0;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    TestHost host;
    HostileDriver(host, Random(kSeed).stream(std::to_string(round))).attack();
    if (host.nic.error()) ++broken;
    EXPECT_LT(host.memory.accesses.size(), 20'000U);

    host.set_status(0);
    ASSERT_EQ(host.status(), 0);
    std::fill(host.memory.bytes.begin(), host.memory.bytes.end(), std::uint8_t{0});
    host.wire.frames.clear();
    host.start(4);
    host.tx.put(0, kPacket, host.put_packet(kPacket, counting_frame(60)), 1, kAvail);
    host.notify_and_run(1);
    ASSERT_EQ(host.wire.frames.size(), 1U);
    EXPECT_TRUE(host.interrupted(2));
    host.rx.put(0, 0x20000, 1536, 1, kAvail | kWrite);
    host.notify_and_run(0);
    host.receive(counting_frame(60));
    ASSERT_EQ(host.rx.flags(0), kUsed | kWrite);
  }
  // The attacks reach both kinds of end.
  EXPECT_GT(broken, kRounds / 10U);
  EXPECT_LT(broken, kRounds * 99U / 100);
}

TEST(HostileDriver, FindsEveryFrameInExactlyOneCounter) {
  for (int round = 0; round < kRounds; ++round) {
    TestHost host;
    HostileDriver(host, Random(kSeed + 1).stream(std::to_string(round))).attack();
    EXPECT_EQ(host.counter("rx_frames"),
              host.counter("rx_packets") + host.counter("rx_dropped_no_buffer") +
                  host.counter("rx_dropped_error") + host.counter("rx_dropped_overrun") +
                  host.counter("rx_filtered"))
        << "seed " << kSeed + 1 << ", round " << round;
    EXPECT_EQ(host.counter("tx_frames"), host.wire.frames.size());
  }
}

}  // namespace
}  // namespace ringside::model
