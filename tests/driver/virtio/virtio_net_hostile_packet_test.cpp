// Impossible lengths and headers: the lines D4 to D8 of docs/verification.md.
#include "interface/base/random.hpp"
#include "tests/driver/virtio/hostile_device.hpp"

namespace ringside::driver {
namespace {

using test::Frame;
using test::header;
using test::Header;
using test::HostileDevice;

TEST_F(HostileDevice, D4_AUsedLengthBeyondTheBufferIsDroppedAndCounted) {
  start();
  std::uint32_t const posted = device.ring(kReceive).next()->elements[0].length;
  net.reset();
  start();
  unsigned expected = 0;
  for (std::uint32_t const length : {posted + 1, 65536U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    device.deliver_raw(header(1), length);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_length_errors, ++expected) << length;
  }
  EXPECT_TRUE(stack.frames.empty());
  device.deliver_raw(header(1), posted);
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U) << "the whole buffer is possible";
}

TEST_F(HostileDevice, D5_AUsedLengthShorterThanItsHeadersIsDroppedAndCounted) {
  start();
  unsigned expected = 0;
  for (std::uint32_t const length : {0U, 1U, 11U, 12U, 13U, 25U}) {
    device.deliver_raw(header(1), length);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_length_errors, ++expected) << length;
  }
  EXPECT_TRUE(stack.frames.empty());
  device.deliver_raw(header(1), 26);
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
  expect_works();
}

TEST_F(HostileDevice, D6_AnImpossibleNumberOfBuffersIsDroppedAndCounted) {
  start();
  unsigned expected = 0;
  for (std::uint16_t const buffers : {0, 2, 8, 9, 100, 0xFFFF}) {
    device.deliver_raw(header(buffers), 100);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_errors, ++expected) << buffers;
  }
  EXPECT_TRUE(stack.frames.empty());
  EXPECT_EQ(net->statistics().resets, 0U);
  expect_works();
}

TEST_F(HostileDevice, D6_OneBadLengthAmongMergedBuffersCostsOnlyThatPacket) {
  config.receive_buffer_bytes = 600;
  start();
  auto& ring = device.ring(kReceive);
  auto const first = *ring.next();
  auto const second = *ring.next();
  auto const third = *ring.next();
  auto const h = header(3);
  std::copy(h.begin(), h.end(), device.writable(first).begin());
  ring.use_together({{first, 600}, {second, 601}, {third, 10}});
  device.deliver(frame(64));
  poll();
  ASSERT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(stack.frames[0], frame(64));
  EXPECT_EQ(net->statistics().rx_length_errors, 1U);
}

TEST_F(HostileDevice, D6_WithoutMergeableBuffersTheNumberIsNotLookedAt) {
  device.offered &= ~layout::kFeatureMrgRxbuf;
  start();
  device.deliver_raw(header(0xFFFF), 100);
  executor.run_ready();
  EXPECT_EQ(stack.frames.size(), 1U);
}

TEST_F(HostileDevice, D7_OffloadFieldsWithoutNegotiationMeanNothing) {
  device.offered &= ~layout::kFeatureGuestCsum;
  start();
  Header all_ones;
  all_ones.fill(0xFF);
  all_ones[10] = 1;
  all_ones[11] = 0;
  device.deliver_raw(all_ones, 100);
  executor.run_ready();
  ASSERT_EQ(stack.infos.size(), 1U);
  EXPECT_FALSE(stack.infos[0].checksum_verified);
  EXPECT_EQ(stack.frames[0], Frame(88, 0xEE)) << "not a byte was changed";
}

TEST_F(HostileDevice, D7_AChecksumFieldOutsideOfTheFrameIsDroppedAndCounted) {
  start();
  unsigned expected = 0;
  for (auto const& [start_at, offset] : {std::pair(87, 0), std::pair(34, 53), std::pair(0, 0xFFFF),
                                         std::pair(0xFFFF, 0xFFFF), std::pair(88, 0)}) {
    device.deliver_raw(
        header(1, 1, static_cast<std::uint16_t>(start_at), static_cast<std::uint16_t>(offset)),
        100);
    executor.run_ready();
    EXPECT_EQ(net->statistics().rx_errors, ++expected) << start_at << "+" << offset;
  }
  EXPECT_TRUE(stack.frames.empty());
  device.deliver_raw(header(1, 1, 34, 52), 100);
  executor.run_ready();
  ASSERT_EQ(stack.frames.size(), 1U) << "the last two bytes of the frame are possible";
  EXPECT_TRUE(stack.infos[0].checksum_verified);
}

// D8 (hash_report) cannot be met: the header that carries it is not negotiated.

// Anything at all in the used descriptors and headers: bounded work, no access out of
// bounds (the sanitizers see to that), and a working device after its reset.
TEST_F(HostileDevice, SurvivesRandomUsedDescriptorsAndHeaders) {
  constexpr std::uint64_t kSeed = 0x5EED0002;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  Random random(kSeed);
  constexpr std::array<std::uint32_t, 12> kLengths{0,    1,    11,    12,         13,         26,
                                                   1984, 1985, 65536, 0x7FFFFFFF, 0xFFFFFFFF, 100};
  config.receive_buffer_bytes = 600;
  start();
  for (int i = 0; i < 3000; ++i) {
    if (random.chance(0.5)) poll();
    // Longer than Recovery::kStable, or a device that breaks so often would be given up.
    if (net->state() != VirtioNet::State::Live) executor.run_for(std::chrono::seconds(2));
    ASSERT_EQ(net->state(), VirtioNet::State::Live);
    auto buffer = device.ring(kReceive).next();
    if (!buffer) {
      poll();
      continue;
    }
    auto& ring = device.ring(kReceive);
    // A buffer that was claimed to be used earlier is out of reach by now, as it should be.
    auto const into = memory.reach(buffer->elements[0].address, 12, true);
    for (auto& byte : into) byte = static_cast<std::uint8_t>(random.next());
    if (!into.empty() && random.chance(0.7)) {
      store_le(&into[10], static_cast<std::uint16_t>(1 + random.below(3)));
    }
    auto const length = kLengths[random.below(kLengths.size())];
    bool const lie = random.chance(0.02);
    ring.write_used(lie ? static_cast<std::uint16_t>(random.below(12)) : buffer->id, length, true);
    ring.skip(1);
  }
  poll();
  executor.run_for(std::chrono::seconds(2));
  ASSERT_EQ(net->state(), VirtioNet::State::Live);
  auto const s = net->statistics();
  EXPECT_GT(s.rx_packets, 0U);
  EXPECT_GT(s.rx_length_errors, 0U);
  EXPECT_GT(s.rx_errors, 0U);
  EXPECT_GT(s.resets, 0U);
  expect_works();
}

}  // namespace
}  // namespace ringside::driver
