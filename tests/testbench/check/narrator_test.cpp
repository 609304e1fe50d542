#include "testbench/check/narrator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace ringside::testbench {
namespace {

TimePoint at_us(std::int64_t microseconds) { return TimePoint{Duration{microseconds * 1'000'000}}; }

class NarratorTest : public testing::Test {
 protected:
  std::string told() const { return out.str(); }
  std::size_t lines() const {
    std::string const text = told();
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  std::ostringstream out;
};

TEST_F(NarratorTest, PutsTimeHostAndLayerBeforeEachLine) {
  Narrator narrator(&out);
  narrator.tell(TimePoint{Duration{1'234'567'000}}, "client", Layer::Tcp, "SYN sent");
  EXPECT_EQ(told(), "     1234.567 us  client   tcp    SYN sent\n");
}

TEST_F(NarratorTest, KeepsLongNamesOfHostsWhole) {
  Narrator narrator(&out);
  narrator.tell(at_us(1), "a-name-of-thirty-two-characters-", Layer::Driver, "link is up");
  EXPECT_NE(told().find("a-name-of-thirty-two-characters- driver link is up\n"), std::string::npos)
      << told();
}

TEST_F(NarratorTest, TellsEverythingUnlessAskedToLeaveOutRoutine) {
  Narrator narrator(&out);
  for (int i = 0; i < 50; ++i) narrator.tell(at_us(i), "a", Layer::Interrupt, "poll scheduled");
  narrator.finish();
  EXPECT_EQ(lines(), 50u);
}

TEST_F(NarratorTest, CountsWhatAHostSaysOverAndOverWhateverTheNumbers) {
  Narrator narrator(&out, Telling::LeaveOutRoutine);
  for (int i = 0; i < 20; ++i) {
    narrator.tell(at_us(i), "a", Layer::Driver, "poll: " + std::to_string(i * 7) + " packets");
  }
  EXPECT_EQ(lines(), Narrator::kTold);
  narrator.tell(at_us(20), "a", Layer::Tcp, "FIN sent");
  EXPECT_NE(told().find("17 more such lines: driver 17\n"), std::string::npos) << told();
  EXPECT_EQ(lines(), Narrator::kTold + 2);
}

TEST_F(NarratorTest, ToldAgainAfterAPauseTheSameIsNoRoutine) {
  Narrator narrator(&out, Telling::LeaveOutRoutine);
  for (int i = 0; i < 20; ++i) narrator.tell(at_us(200 * i), "a", Layer::Icmp, "echo request");
  EXPECT_EQ(lines(), 20u);
}

TEST_F(NarratorTest, OneHostsRoutineIsNewsFromAnother) {
  Narrator narrator(&out, Telling::LeaveOutRoutine);
  for (int i = 0; i < 5; ++i) narrator.tell(at_us(i), "a", Layer::Wire, "frame leaves");
  narrator.tell(at_us(6), "b", Layer::Wire, "frame leaves");
  EXPECT_NE(told().find("b        wire"), std::string::npos) << told();
}

TEST_F(NarratorTest, AccountsForEveryLineInTheEnd) {
  Narrator narrator(&out, Telling::LeaveOutRoutine);
  for (int i = 0; i < 4; ++i) narrator.tell(at_us(i), "a", Layer::Wire, "frame leaves");
  EXPECT_EQ(lines(), 3u);
  narrator.finish();
  EXPECT_NE(told().find("1 more such line: wire 1\n"), std::string::npos) << told();
}

TEST_F(NarratorTest, WithoutAStreamNobodyListens) {
  Narrator narrator(nullptr, Telling::LeaveOutRoutine);
  EXPECT_FALSE(narrator.listening());
  narrator.tell(at_us(1), "a", Layer::Wire, "frame leaves");
  narrator.finish();
}

}  // namespace
}  // namespace ringside::testbench
