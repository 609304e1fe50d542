#include "model/device/flow_control.hpp"

#include <gtest/gtest.h>

namespace ringside::model {
namespace {

using Kind = MacControl::Kind;

constexpr MacAddress kStation{{2, 0, 0, 0, 0, 1}};

struct TheFlow : testing::Test {
  void set(std::string_view name, std::uint32_t value) {
    for (auto const& entry : layout::kMac) {
      if (entry.name != name) continue;
      std::uint32_t const shift = entry.offset % 4 * 8;
      std::uint32_t const mask = ((std::uint32_t{1} << entry.width) - 1) << shift;
      settings.write_word(entry.offset - entry.offset % 4, {value << shift, mask});
    }
    flow.settings_changed();
  }
  MacControl pause(std::uint16_t quanta) { return {.kind = Kind::Pause, .quanta = quanta}; }
  static constexpr TimePoint at(std::int64_t quanta) { return TimePoint{quanta * kQuantum}; }

  MacSettings settings;
  FlowControl flow{kStation, settings};
};

TEST_F(TheFlow, ObeysOnlyIfItIsSetTo) {
  flow.obey(pause(100), at(1));
  EXPECT_LE(flow.silent_until(), at(1));
  set("flow_control", 1);
  flow.obey(pause(100), at(1));
  EXPECT_EQ(flow.silent_until(), at(101));
  flow.obey(pause(3), at(2));
  EXPECT_EQ(flow.silent_until(), at(5)) << "the last one counts";
  flow.obey(pause(100), at(2));
  set("flow_control", 0);
  EXPECT_LE(flow.silent_until(), at(2));
}

TEST_F(TheFlow, WaitsForTheLatestOfTheClassesThatStopTheQueue) {
  set("flow_control", 4);
  set("pfc_stops", 0x06);
  flow.obey({.kind = Kind::ClassPause, .classes = 0x07, .class_quanta = {900, 20, 30}}, at(0));
  EXPECT_EQ(flow.silent_until(), at(30));
  flow.obey({.kind = Kind::ClassPause, .classes = 0x04, .class_quanta = {}}, at(1));
  EXPECT_EQ(flow.silent_until(), at(20));
}

TEST_F(TheFlow, AsksAtOneMarkAgainAtHalfTimeAndFreesAtTheOther) {
  set("flow_control", 2);
  set("pause_quanta", 100);
  set("high_watermark", 1000);
  set("low_watermark", 500);
  flow.set_level(999);
  EXPECT_FALSE(flow.due(at(0)));
  flow.set_level(1000);
  ASSERT_TRUE(flow.due(at(0)));
  auto frame = flow.take(at(0));
  frame.resize(60);
  auto const told = read_mac_control(frame, kStation);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->quanta, 100);
  EXPECT_EQ(flow.deadline(), at(50));
  EXPECT_FALSE(flow.due(at(49)));
  EXPECT_TRUE(flow.due(at(50)));
  flow.set_level(501);
  EXPECT_TRUE(flow.stopping());
  EXPECT_FALSE(flow.due(at(10)));
  flow.set_level(500);
  ASSERT_TRUE(flow.due(at(10)));
  auto free = flow.take(at(10));
  free.resize(60);
  EXPECT_EQ(read_mac_control(free, kStation)->quanta, 0);
  EXPECT_FALSE(flow.due(at(5000)));
  EXPECT_EQ(flow.deadline(), kNever);
}

TEST_F(TheFlow, WritesWhatItReads) {
  MacControl control{.kind = Kind::ClassPause, .classes = 0x81};
  control.class_quanta = {1, 2, 3, 4, 5, 6, 7, 0xFFFF};
  auto frame = write_mac_control(control, kStation);
  ASSERT_EQ(frame.size(), 64U);
  frame.resize(60);
  auto const read = read_mac_control(frame, kStation);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, Kind::ClassPause);
  EXPECT_EQ(read->classes, 0x81);
  EXPECT_EQ(read->class_quanta[0], 1);
  EXPECT_EQ(read->class_quanta[1], 0) << "of a class that is not meant";
  EXPECT_EQ(read->class_quanta[7], 0xFFFF);
}

}  // namespace
}  // namespace ringside::model
