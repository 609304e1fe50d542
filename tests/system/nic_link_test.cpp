// Link faults of every NIC: what the wire says between frames, what the NIC says back, and what the
// driver hears of it (IEEE 802.3, 46.3.4; hostile inputs W).
#include "interface/base/random.hpp"
#include "tests/system/receiving_nic.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr std::uint32_t kLinkStatus = offset_of(kDeviceBlock, "link_status");
constexpr std::uint32_t kLinkFault = offset_of(kMacBlock, "link_fault");
constexpr Duration kColumn = 4 * kByteTime;
constexpr std::uint64_t kSeed = 0x4C49'4E4B;

class EveryNicsLink : public ReceivingNic {
 protected:
  // From now on the wire carries that for so many columns, then idle.
  void show(LineSignal signal, std::int64_t columns) {
    TimePoint const from = std::max(present() + us(0.1), line_free_);
    nic.to_nic.signal({from, signal});
    line_free_ = from + columns * kColumn;
    nic.to_nic.signal({line_free_, LineSignal::Idle});
  }
  void stay(LineSignal signal) { nic.to_nic.signal({present() + us(0.1), signal}); }
  void idle(std::int64_t columns) { line_free_ += columns * kColumn; }
  std::uint32_t fault() { return nic.read(kLinkFault, 1); }
  bool up() { return (nic.read(kLinkStatus, 2) & kLinkUp) != 0; }

  TimePoint line_free_{};
};

TEST_P(EveryNicsLink, NeedsFourSetsOfOneKindForAFault) {
  start();
  show(LineSignal::LocalFault, 3);
  idle(200);
  show(LineSignal::LocalFault, 3);
  show(LineSignal::RemoteFault, 3);
  idle(200);
  nic.run(us(3));
  EXPECT_EQ(nic.counter("local_faults"), 0U);
  EXPECT_EQ(nic.counter("remote_faults"), 0U);
  show(LineSignal::LocalFault, 4);
  nic.run(us(3));
  EXPECT_EQ(nic.counter("local_faults"), 1U);
  EXPECT_EQ(nic.counter("remote_faults"), 0U);
  EXPECT_EQ(nic.counter("link_transitions"), 2U) << "down, and up after 128 columns of idle";
}

TEST_P(EveryNicsLink, CountsSetsThatAreLessThan128ColumnsApart) {
  start();
  for (int i = 0; i < 4; ++i) {
    show(LineSignal::RemoteFault, 1);
    idle(127);
  }
  nic.run(us(4));
  EXPECT_EQ(nic.counter("remote_faults"), 1U);
  line_free_ = present();
  for (int i = 0; i < 8; ++i) {
    show(LineSignal::RemoteFault, 1);
    idle(128);
  }
  nic.run(us(6));
  EXPECT_EQ(nic.counter("remote_faults"), 1U) << "128 columns without a set forget those before";
}

TEST_P(EveryNicsLink, ToADriverIsDownWhileThereIsAFault) {
  start();
  nic.write(common("config_msix_vector"), 2, 0);
  EXPECT_TRUE(up());
  for (auto const& [signal, kind] :
       {std::pair{LineSignal::LocalFault, 1U}, std::pair{LineSignal::RemoteFault, 2U}}) {
    auto const before = nic.interrupts(0);
    stay(signal);
    ASSERT_TRUE(nic.run_until([&] { return nic.interrupts(0) == before + 1; })) << kind;
    EXPECT_FALSE(up());
    EXPECT_EQ(fault(), kind);
    stay(LineSignal::Idle);
    ASSERT_TRUE(nic.run_until([&] { return nic.interrupts(0) == before + 2; })) << kind;
    EXPECT_TRUE(up());
    EXPECT_EQ(fault(), 0U);
  }
  EXPECT_EQ(nic.counter("link_transitions"), 4U);
  EXPECT_EQ(nic.counter("local_faults"), 1U);
  EXPECT_EQ(nic.counter("remote_faults"), 1U);
  expect_round_trip();
}

TEST_P(EveryNicsLink, TellsTheOtherEndOfALocalFaultOnly) {
  start();
  stay(LineSignal::LocalFault);
  nic.run(us(3));
  ASSERT_EQ(nic.wire.changes.size(), 1U);
  EXPECT_EQ(nic.wire.changes[0].signal, LineSignal::RemoteFault);
  stay(LineSignal::RemoteFault);
  nic.run(us(3));
  ASSERT_EQ(nic.wire.changes.size(), 2U);
  EXPECT_EQ(nic.wire.changes[1].signal, LineSignal::Idle);
  stay(LineSignal::Idle);
  nic.run(us(3));
  EXPECT_EQ(nic.wire.changes.size(), 2U);
}

TEST_P(EveryNicsLink, KeepsFramesBackUntilItIsWell) {
  start();
  for (auto const signal : {LineSignal::LocalFault, LineSignal::RemoteFault}) {
    nic.wire.frames.clear();
    stay(signal);
    nic.run(us(2));
    for (std::uint16_t id = 0; id < 4; ++id) nic.send(counting_frame(100, 3), id);
    nic.run(us(20));
    EXPECT_TRUE(nic.wire.frames.empty());
    stay(LineSignal::Idle);
    ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 4; }));
    for (auto const& frame : nic.wire.frames) EXPECT_TRUE(is_intact(frame));
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(nic.wait_used(nic.tx()));
  }
}

TEST_P(EveryNicsLink, EndsTheFrameThatIsUnderWay) {
  start();
  nic.send(counting_frame(1500, 3), 1);
  nic.send(counting_frame(60, 4), 2);
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.started != 0; }));
  stay(LineSignal::LocalFault);
  nic.run(us(10));
  ASSERT_GE(nic.wire.frames.size(), 1U);
  EXPECT_TRUE(is_intact(nic.wire.frames[0]));
  ASSERT_FALSE(nic.wire.changes.empty());
  EXPECT_GE(nic.wire.changes[0].start, nic.wire.frames.back().end());
  stay(LineSignal::Idle);
  nic.run(us(5));
  EXPECT_EQ(nic.wire.frames.size(), 2U);
}

TEST_P(EveryNicsLink, CountsAFrameThatAFaultCutsOff) {
  start();
  WireFrame cut = frame_of({}, counting_frame(200, 4), 0);
  cut.framing = FramePiece::Framing::NoEnd;
  line_free_ = nic.arrive(std::move(cut));
  show(LineSignal::LocalFault, 300);
  nic.run(us(3));
  EXPECT_EQ(nic.counter("rx_framing_errors"), 1U);
  EXPECT_EQ(nic.counter("rx_frames"), 0U);
  EXPECT_EQ(nic.counter("local_faults"), 1U);
  EXPECT_EQ(nic.counter("link_transitions"), 2U);
  expect_round_trip();
}

TEST_P(EveryNicsLink, ReceivesAllTheSame) {
  start();
  post(2048, 1);
  show(LineSignal::RemoteFault, 300);
  nic.run(us(0.5));
  nic.arrive(counting_frame(60, 4));
  expect_used(1, 72);
  nic.run(us(3));
}

TEST_P(EveryNicsLink, SurvivesAResetWhileFramesAreKeptBack) {
  start();
  stay(LineSignal::LocalFault);
  nic.run(us(2));
  for (std::uint16_t id = 0; id < 14; ++id) nic.send(counting_frame(1500, 3), id);
  nic.run(us(20));
  ASSERT_NO_FATAL_FAILURE(nic.reset());
  stay(LineSignal::Idle);
  nic.run(us(40));
  nic.wire.frames.clear();
  start();
  expect_round_trip();
}

TEST_P(EveryNicsLink, FlapsWithoutHarm) {
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  start();
  nic.write(common("config_msix_vector"), 2, 0);
  for (std::uint16_t i = 0; i < 200; ++i) {
    show(random.chance(0.5) ? LineSignal::LocalFault : LineSignal::RemoteFault,
         1 + static_cast<std::int64_t>(random.below(12)));
    idle(static_cast<std::int64_t>(random.below(random.chance(0.2) ? 300 : 20)));
    if (i % 16 == 0) nic.send(counting_frame(60U + i, 3), 5);
    if (i % 16 == 0) nic.run(us(1));
    if (i % 16 == 8) nic.arrive(counting_frame(60 + i));
  }
  nic.run(us(60));
  while (nic.tx().take()) {
  }
  EXPECT_EQ(nic.counter("tx_frames"), 13U);
  EXPECT_GT(nic.counter("local_faults"), 0U);
  EXPECT_GT(nic.counter("remote_faults"), 0U);
  EXPECT_EQ(nic.counter("link_transitions") % 2, 0U);
  EXPECT_TRUE(up());
  expect_round_trip();
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicsLink, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
