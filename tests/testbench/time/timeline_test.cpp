#include "testbench/time/timeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringside::testbench {
namespace {

using testing::ElementsAre;

constexpr TimePoint at(std::int64_t ns) { return TimePoint{Duration{ns * 1000}}; }

TEST(Timeline, RunsEventsInTheOrderOfTimeThenOriginThenScheduling) {
  Timeline timeline("timeline");
  Origin const first = timeline.add_origin();
  Origin const second = timeline.add_origin();
  std::vector<std::string> seen;
  auto const note = [&](char const* what) { return [&seen, what] { seen.emplace_back(what); }; };
  timeline.at(at(20), first, note("20 first"));
  timeline.at(at(10), second, note("10 second, a"));
  timeline.at(at(10), second, note("10 second, b"));
  timeline.at(at(10), first, note("10 first"));
  sc_core::sc_start(to_sc_time(Duration{100'000}));
  EXPECT_THAT(seen, ElementsAre("10 first", "10 second, a", "10 second, b", "20 first"));
  EXPECT_EQ(timeline.executed(), 4u);
}

TEST(Timeline, RunsAnEventAtItsExactTime) {
  Timeline timeline("timeline");
  Origin const origin = timeline.add_origin();
  TimePoint seen{};
  timeline.at(TimePoint{Duration{12'345'677}}, origin, [&] { seen = present(); });
  sc_core::sc_start(to_sc_time(Duration{100'000'000}));
  EXPECT_EQ(seen, TimePoint{Duration{12'345'677}});
}

// Another process may schedule an event before the one that the dispatcher sleeps for.
struct Latecomer : sc_core::sc_module {
  Latecomer(sc_core::sc_module_name name, Timeline& timeline, std::vector<int>& seen)
      : sc_module(name), timeline_(timeline), seen_(seen), origin_(timeline.add_origin()) {
    SC_HAS_PROCESS(Latecomer);
    SC_THREAD(run);
  }
  void run() {
    wait(to_sc_time(Duration{5'000}));
    timeline_.at(at(10), origin_, [this] { seen_.push_back(10); });
  }
  Timeline& timeline_;
  std::vector<int>& seen_;
  Origin origin_;
};

TEST(Timeline, WakesForAnEventThatIsScheduledBeforeTheNext) {
  Timeline timeline("timeline");
  std::vector<int> seen;
  Latecomer latecomer("latecomer", timeline, seen);
  timeline.at(at(50), timeline.add_origin(), [&] { seen.push_back(50); });
  sc_core::sc_start(to_sc_time(Duration{100'000}));
  EXPECT_THAT(seen, ElementsAre(10, 50));
}

TEST(Timeline, EndsTheSimulationWhenToldTo) {
  Timeline timeline("timeline");
  Origin const origin = timeline.add_origin();
  bool late = false;
  timeline.at(at(10), origin, [&] { timeline.stop(); });
  timeline.at(at(20), origin, [&] { late = true; });
  sc_core::sc_start();
  EXPECT_FALSE(late);
  EXPECT_EQ(present(), at(10));
}

// What the kernel's time was at each event.
std::vector<TimePoint> kernel_times(Timeline& timeline, std::vector<std::int64_t> const& events) {
  std::vector<TimePoint> seen;
  Origin const origin = timeline.add_origin();
  for (std::int64_t const ns : events) {
    timeline.at(at(ns), origin, [&seen, ns] {
      EXPECT_EQ(present(), at(ns));
      seen.push_back(kernel_time());
    });
  }
  timeline.advance(Duration{100'000});
  EXPECT_EQ(present(), at(100));
  return seen;
}

TEST(Timeline, RunsEventsThatNoProcessComesBeforeInOneGo) {
  Timeline timeline("timeline");
  EXPECT_THAT(kernel_times(timeline, {10, 20, 30}), ElementsAre(at(0), at(0), at(0)));
}

TEST(Timeline, RunsNoEventAheadOfAProcess) {
  Timeline timeline("timeline");
  std::vector<int> seen;
  Latecomer latecomer("latecomer", timeline, seen);  // wakes at 5 ns and schedules one at 10
  timeline.at(at(4), timeline.add_origin(), [&] { seen.push_back(4); });
  auto const times = kernel_times(timeline, {5, 20});
  EXPECT_THAT(seen, ElementsAre(4, 10));
  EXPECT_THAT(times, ElementsAre(at(5), at(5)));
}

TEST(Timeline, RunsNoEventBeyondWhatWasAskedFor) {
  Timeline timeline("timeline");
  bool early = false;
  timeline.at(at(101), timeline.add_origin(), [&] { early = true; });
  EXPECT_THAT(kernel_times(timeline, {10}), ElementsAre(at(0)));
  EXPECT_FALSE(early);
  timeline.advance(Duration{2'000});
  EXPECT_TRUE(early);
}

TEST(Timeline, KeepsToTheKernelWhereProcessesHaveTimesOfTheirOwn) {
  Timeline timeline("timeline");
  timeline.keep_to_kernel();
  EXPECT_THAT(kernel_times(timeline, {10, 20}), ElementsAre(at(10), at(20)));
}

}  // namespace
}  // namespace ringside::testbench
