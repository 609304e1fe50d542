#include "testbench/fuzz/frames.hpp"

#include <gtest/gtest.h>

#include "model/device/mac_control.hpp"
#include "testbench/fuzz/draw_ethernet.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {
namespace {

constexpr std::uint64_t kSeed = 0x4652'414D;

Action pause(std::int64_t quanta) {
  Action action = simplest(Kind::Control);
  action[control::Quanta] = quanta;
  return action;
}

TEST(AControlFrame, SaysWhatItsActionSays) {
  auto const of_all = model::read_mac_control(control_frame(pause(777)), kStation);
  ASSERT_TRUE(of_all);
  EXPECT_EQ(of_all->kind, model::MacControl::Kind::Pause);
  EXPECT_EQ(of_all->quanta, 777);

  Action classes = pause(65530);
  classes[control::Opcode] = control::ClassPause;
  classes[control::Step] = 3;
  classes[control::Classes] = 0xA5;
  classes[control::To] = control::Station;
  auto const of_some = model::read_mac_control(control_frame(classes), kStation);
  ASSERT_TRUE(of_some);
  EXPECT_EQ(of_some->kind, model::MacControl::Kind::ClassPause);
  EXPECT_EQ(of_some->classes, 0xA5);
  EXPECT_EQ(of_some->class_quanta[0], 65530);
  EXPECT_EQ(of_some->class_quanta[7], (65530 + 21) % 65536);
}

TEST(AControlFrame, IsIgnoredIfItIsForOthersOrTooLong) {
  EXPECT_EQ(control_counter(control_frame(pause(1))), "rx_pause_frames");
  for (std::int64_t const to : {control::Other, control::All}) {
    Action action = pause(1);
    action[control::To] = to;
    EXPECT_EQ(control_counter(control_frame(action)), "rx_control_ignored") << to;
  }
  Action longer = pause(1);
  longer[control::Bytes] = 61;
  EXPECT_EQ(control_counter(control_frame(longer)), "rx_control_ignored");
  longer[control::Opcode] = control::Unknown;
  EXPECT_EQ(control_counter(control_frame(longer)), "rx_unsupported_opcodes");
  EXPECT_FALSE(control_counter(numbered_frame(1, 60)));
}

// The counters of the station and those of the reference come from two readings of the standard.
TEST(AControlFrame, IsCountedAsTheReferenceCountsIt) {
  SCOPED_TRACE(kSeed);
  Dice dice{Random(kSeed)};
  for (int i = 0; i < 2000; ++i) {
    Action const action = draw_control(dice, false);
    if (action[control::Bytes] < layout::kMinFrameBytes) continue;
    auto const frame = control_frame(action);
    auto const control = model::read_mac_control(frame, kStation);
    ASSERT_TRUE(control) << to_text(action);
    EXPECT_EQ(control_counter(frame), layout::kStatistics[model::counter_of(*control).index].name)
        << to_text(action);
  }
}

TEST(ANumberedFrame, GoesWhereItIsSent) {
  EXPECT_EQ(cast_of(numbered_frame(7, 60, offer::Plain, to::All)), Cast::All);
  EXPECT_EQ(cast_of(numbered_frame(7, 60, offer::Udp, to::Group)), Cast::Group);
  EXPECT_EQ(cast_of(numbered_frame(7, 60, offer::Vlan, to::Other)), Cast::One);
  auto const ours = numbered_frame(7, 60, offer::Plain, to::Station);
  EXPECT_TRUE(std::equal(kStation.bytes.begin(), kStation.bytes.end(), ours.begin()));
  EXPECT_NE(ours, numbered_frame(8, 60, offer::Plain, to::Station));
}

}  // namespace
}  // namespace ringside::testbench::fuzz
