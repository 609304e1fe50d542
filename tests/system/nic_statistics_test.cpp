// Counters of every NIC (RFC 2819): each frame is in the counters of its size and address, and all
// sums agree. Time stamps as well: they are those of the wire.
#include "interface/base/random.hpp"
#include "tests/system/receiving_nic.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint64_t kSeed = 0x524D'4F4E;

class EveryNicsCounters : public ReceivingNic {
 protected:
  std::uint64_t rx_sizes() {
    return nic.counter("rx_size_64") + nic.counter("rx_size_127") + nic.counter("rx_size_255") +
           nic.counter("rx_size_511") + nic.counter("rx_size_1023") + nic.counter("rx_size_max");
  }
  std::uint64_t tx_sizes() {
    return nic.counter("tx_size_64") + nic.counter("tx_size_127") + nic.counter("tx_size_255") +
           nic.counter("tx_size_511") + nic.counter("tx_size_1023") + nic.counter("tx_size_max");
  }
};

Frame to(std::array<std::uint8_t, 6> const& address, std::size_t size) {
  Frame frame = counting_frame(size);
  std::copy(address.begin(), address.end(), frame.begin());
  return frame;
}
constexpr std::array<std::uint8_t, 6> kAll{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
constexpr std::array<std::uint8_t, 6> kGroup{0x33, 0x33, 0, 0, 0, 1};
constexpr std::array<std::uint8_t, 6> kNearlyAll{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE};
constexpr std::array<std::uint8_t, 6> kOne{0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

TEST_P(EveryNicsCounters, AFrameByItsSizeAtEveryEdge) {
  start();
  std::uint16_t id = 0;
  for (std::size_t const size :
       {64U, 65U, 127U, 128U, 255U, 256U, 511U, 512U, 1023U, 1024U, 1518U}) {
    nic.arrive(counting_frame(size - 4));
    nic.send(counting_frame(size - 4), id++ % 16);
    nic.run(us(4));
    nic.tx().take();
  }
  nic.run(us(10));
  EXPECT_EQ(nic.counter("rx_size_64"), 1U);
  EXPECT_EQ(nic.counter("rx_size_127"), 2U);
  EXPECT_EQ(nic.counter("rx_size_255"), 2U);
  EXPECT_EQ(nic.counter("rx_size_511"), 2U);
  EXPECT_EQ(nic.counter("rx_size_1023"), 2U);
  EXPECT_EQ(nic.counter("rx_size_max"), 2U);
  EXPECT_EQ(nic.counter("tx_size_64"), 1U);
  EXPECT_EQ(nic.counter("tx_size_127"), 2U);
  EXPECT_EQ(nic.counter("tx_size_255"), 2U);
  EXPECT_EQ(nic.counter("tx_size_511"), 2U);
  EXPECT_EQ(nic.counter("tx_size_1023"), 2U);
  EXPECT_EQ(nic.counter("tx_size_max"), 2U);
}

TEST_P(EveryNicsCounters, AFrameByWhomItIsFor) {
  start();
  std::uint16_t id = 0;
  for (auto const& address : {kAll, kGroup, kNearlyAll, kOne, kAll}) {
    nic.arrive(to(address, 100));
    nic.send(to(address, 100), id++);
  }
  nic.run(us(20));
  EXPECT_EQ(nic.counter("rx_broadcast"), 2U);
  EXPECT_EQ(nic.counter("rx_multicast"), 2U);
  EXPECT_EQ(nic.counter("tx_broadcast"), 2U);
  EXPECT_EQ(nic.counter("tx_multicast"), 2U);
}

TEST_P(EveryNicsCounters, ATagFourBytesMoreOfEitherKind) {
  start();
  for (auto const type : {std::uint16_t{0x8100}, std::uint16_t{0x88A8}, std::uint16_t{0x9100}}) {
    Frame frame = counting_frame(1518);
    store_be<std::uint16_t>(&frame[12], type);
    nic.arrive(frame);
    frame.push_back(0);
    nic.arrive(frame);
  }
  nic.run(us(20));
  EXPECT_EQ(nic.counter("rx_frames"), 2U);
  EXPECT_EQ(nic.counter("rx_size_max"), 2U);
  EXPECT_EQ(nic.counter("rx_oversize"), 4U);
}

// Whatever comes, good and bad, every frame is somewhere, and nowhere twice.
TEST_P(EveryNicsCounters, SumsThatAgree) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  start();
  for (std::uint16_t id = 0; id < 40; ++id) nic.post(2048, id);
  std::uint64_t arrived = 0;
  std::uint16_t id = 0;
  for (int i = 0; i < 120; ++i) {
    auto const size = random.chance(0.4) ? 14 + random.below(60) : 14 + random.below(1520);
    WireFrame frame = RingDriver::on_the_wire(to(random.chance(0.3)   ? kAll
                                                 : random.chance(0.3) ? kGroup
                                                                      : kOne,
                                                 size));
    if (random.chance(0.2)) frame.bytes[20] ^= 0x40;
    if (random.chance(0.05)) frame.error = true;
    nic.arrive(frame);
    ++arrived;
    if (i % 10 == 5) {
      nic.send(to(random.chance(0.5) ? kAll : kGroup, 14 + random.below(1500)), id++ % 16);
      nic.run(us(8));
      nic.tx().take();
    }
  }
  nic.run(us(150));
  std::uint64_t const frames = nic.counter("rx_frames");
  EXPECT_EQ(rx_sizes(), frames + nic.counter("rx_fcs_errors"));
  EXPECT_EQ(frames + nic.counter("rx_fcs_errors") + nic.counter("rx_undersize") +
                nic.counter("rx_fragments") + nic.counter("rx_oversize") +
                nic.counter("rx_jabbers") + nic.counter("rx_symbol_errors") +
                nic.counter("rx_framing_errors"),
            arrived);
  EXPECT_EQ(nic.counter("rx_packets") + nic.counter("rx_dropped_no_buffer") +
                nic.counter("rx_dropped_overrun"),
            frames);
  EXPECT_LE(nic.counter("rx_broadcast") + nic.counter("rx_multicast"), frames);
  EXPECT_EQ(tx_sizes(), nic.counter("tx_frames"));
  EXPECT_EQ(nic.counter("tx_broadcast") + nic.counter("tx_multicast"), nic.counter("tx_frames"));
  EXPECT_EQ(nic.counter("tx_frames"), 12U);
}

TEST_P(EveryNicsCounters, TimeWhereAFrameBeginsOnTheWire) {
  std::vector<WireStamp> stamps;
  nic.on_time_stamp([&](WireStamp const& stamp) { stamps.push_back(stamp); });
  start();
  for (std::uint16_t id = 0; id < 6; ++id) nic.send(counting_frame(60U + id), id);
  nic.run(us(20));
  ASSERT_EQ(stamps.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(stamps[i].direction, WireStamp::Direction::Sent);
    EXPECT_EQ(stamps[i].start, nic.wire.frames[i].start - us(0.5)) << i;
  }
  stamps.clear();
  std::vector<TimePoint> starts;
  for (std::size_t i = 0; i < 6; ++i) {
    WireFrame const frame = RingDriver::on_the_wire(counting_frame(60 + i));
    auto const length = static_cast<std::int64_t>(frame.bytes.size());
    starts.push_back(nic.arrive(frame) - length * kByteTime + us(0.5));
  }
  nic.run(us(10));
  ASSERT_EQ(stamps.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(stamps[i].direction, WireStamp::Direction::Received);
    EXPECT_GE(stamps[i].start, starts[i]);
    EXPECT_LT(stamps[i].start, starts[i] + 8 * kByteTime) << "a start is bound to columns";
  }
}

TEST_P(EveryNicsCounters, TimeNothingThatIsNotAFramesStart) {
  std::vector<WireStamp> stamps;
  nic.on_time_stamp([&](WireStamp const& stamp) { stamps.push_back(stamp); });
  start();
  WireFrame in_a_wrong_lane = RingDriver::on_the_wire(counting_frame(60));
  in_a_wrong_lane.framing = FramePiece::Framing::WrongLane;
  nic.arrive(in_a_wrong_lane);
  nic.run(us(5));
  EXPECT_TRUE(stamps.empty());
  nic.arrive(RingDriver::on_the_wire(counting_frame(60)));
  nic.run(us(5));
  EXPECT_EQ(stamps.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicsCounters, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
