// Receive offloads that the driver turns on and off (CTRL_GUEST_OFFLOADS, virtio 1.3, 5.1.6.5.6).
#include "interface/base/random.hpp"
#include "tests/frame/transport_frame.hpp"
#include "tests/system/control_commands.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x0FF10AD;
constexpr std::uint64_t kUnfilteredOffloads =
    kUnfiltered & ~(layout::kFeatureCtrlVlan | layout::kFeaturesOfPairs);

std::vector<std::uint8_t> offloads(std::uint64_t features) {
  return command(layout::control_command("guest_offloads_set"), le(features));
}

class NicGuestOffloads : public EveryNicUnderControl {
 protected:
  // What the header of a frame says whose checksum is right.
  std::uint8_t flags() {
    Block const block = nic.post(2048, 3);
    nic.run(us(4));
    nic.arrive(test::TransportFrame{.payload = 30}.build(random).bytes);
    EXPECT_TRUE(nic.wait_used(nic.rx()));
    return block.bytes[0];
  }
  Random random{kSeed};
};

TEST_P(NicGuestOffloads, AreInUseUntilTheyAreTurnedOff) {
  nic.start({.features = kUnfilteredOffloads});
  EXPECT_EQ(flags(), layout::kDataValid);
  ASSERT_TRUE(ask(offloads(0)).ok());
  EXPECT_EQ(flags(), 0);
  ASSERT_TRUE(ask(offloads(0), {1, 1, 3}).ok());
  EXPECT_EQ(flags(), 0);
  ASSERT_TRUE(ask(offloads(layout::kFeatureGuestCsum), std::vector<std::size_t>(10, 1)).ok());
  EXPECT_EQ(flags(), layout::kDataValid);
  ASSERT_TRUE(ask(offloads(0)).ok());
  nic.reset();
  nic.start({.features = kUnfilteredOffloads});
  EXPECT_EQ(flags(), layout::kDataValid) << "a reset brings them back";
}

TEST_P(NicGuestOffloads, AreNoneThatWereNotNegotiated) {
  nic.start({.features = kUnfilteredOffloads & ~layout::kFeatureGuestCsum});
  EXPECT_EQ(flags(), 0);
  EXPECT_TRUE(ask(offloads(layout::kFeatureGuestCsum)).refused());
  EXPECT_EQ(flags(), 0);
  EXPECT_TRUE(ask(offloads(0)).ok());
  nic.reset();
  nic.start({.features = kUnfilteredOffloads & ~layout::kFeatureCtrlGuestOffloads});
  EXPECT_TRUE(ask(offloads(0)).refused());
  EXPECT_EQ(flags(), layout::kDataValid);
}

// C9.
TEST_P(NicGuestOffloads, StayAsTheyAreWhenACommandIsWrong) {
  nic.start({.features = kUnfilteredOffloads});
  for (bool const on : {false, true}) {
    std::uint64_t const now = on ? layout::kFeatureGuestCsum : 0;
    ASSERT_TRUE(ask(offloads(now)).ok());
    std::uint64_t const other = now ^ layout::kFeatureGuestCsum;
    for (unsigned bit = 0; bit < 64; ++bit) {
      if (layout::bit(bit) == layout::kFeatureGuestCsum) continue;
      EXPECT_TRUE(ask(offloads(other | layout::bit(bit))).refused()) << bit;
    }
    auto const bytes = offloads(other);
    EXPECT_TRUE(ask(bytes + std::vector<std::uint8_t>{0}).refused());
    for (std::size_t size = 2; size < bytes.size(); ++size) {
      EXPECT_TRUE(ask({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}).refused())
          << size;
    }
    EXPECT_TRUE(ask(command(0x0501, le(other))).refused());
    EXPECT_EQ(flags(), on ? layout::kDataValid : 0);
  }
}

// Frames on their way have it told or not; every one is delivered.
TEST_P(NicGuestOffloads, ChangeUnderTraffic) {
  nic.start({.size = 64, .features = kUnfilteredOffloads});
  std::map<std::uint16_t, Block> blocks;
  for (std::uint16_t id = 0; id < 60; ++id) blocks[id] = nic.post(2048, id);
  nic.run(us(10));
  unsigned told = 0;
  unsigned delivered = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 6; ++i) {
      nic.arrive(test::TransportFrame{.payload = 6 + random.below(600)}.build(random).bytes);
    }
    EXPECT_TRUE(ask(offloads(round % 2 == 0 ? 0 : layout::kFeatureGuestCsum)).ok());
    nic.run(us(5));
    while (auto const used = nic.rx().take()) {
      ++delivered;
      told += blocks[used->id].bytes[0] == layout::kDataValid ? 1 : 0;
      blocks[used->id] = nic.post(2048, used->id);
    }
  }
  EXPECT_EQ(delivered, 120U) << "seed " << kSeed;
  EXPECT_GT(told, 10U);
  EXPECT_LT(told, 110U);
}

INSTANTIATE_TEST_SUITE_P(EveryNic, NicGuestOffloads, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
