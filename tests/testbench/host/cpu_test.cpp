#include "testbench/host/cpu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringside::testbench {
namespace {

using testing::ElementsAre;

constexpr TimePoint at(std::int64_t ns) { return TimePoint{Duration{ns * 1000}}; }

void simulate(std::int64_t ns) { sc_core::sc_start(to_sc_time(Duration{ns * 1000})); }

TEST(Cpu, RunsInterruptsBeforeSoftirqsBeforeProcesses) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kFreeCost);
  std::vector<std::string> seen;
  cpu.post(Context::Process, [&] { seen.emplace_back("process"); });
  cpu.post(Context::Softirq, [&] { seen.emplace_back("softirq"); });
  cpu.post(Context::Interrupt, [&] { seen.emplace_back("interrupt"); });
  simulate(10);
  EXPECT_THAT(seen, ElementsAre("interrupt", "softirq", "process"));
}

TEST(Cpu, LetsTheTimePassThatWorkTakes) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kServerCost);
  TimePoint before{};
  TimePoint after{};
  cpu.run_at(at(100), Context::Process, [&] {
    before = cpu.now();
    cpu.spend(Work::SystemCall, 2);
    after = cpu.now();
  });
  simulate(10'000);
  EXPECT_EQ(before, at(100));
  EXPECT_EQ(after, at(250));
  EXPECT_EQ(cpu.busy_time(), Duration{150'000});
  EXPECT_EQ(cpu.spent_on(Work::SystemCall), Duration{150'000});
}

TEST(Cpu, DoesNotStartOtherWorkWhileWorkSpendsTime) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kServerCost);
  std::vector<std::string> seen;
  cpu.post(Context::Process, [&] {
    cpu.spend(Work::ContextSwitch, 1);
    seen.emplace_back("process done");
  });
  cpu.run_at(at(500), Context::Interrupt, [&] { seen.emplace_back("interrupt"); });
  simulate(10'000);
  EXPECT_THAT(seen, ElementsAre("process done", "interrupt"));
}

TEST(Cpu, FiresTimersInOrderAndForgetsCancelledOnes) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kFreeCost);
  std::vector<int> seen;
  auto const note = [&](int n) { return [&seen, n] { seen.push_back(n); }; };
  cpu.run_at(at(30), Context::Softirq, note(30));
  TimerId const gone = cpu.run_at(at(20), Context::Softirq, note(20));
  cpu.run_at(at(10), Context::Softirq, note(10));
  cpu.run_at(at(30), Context::Softirq, note(31));
  cpu.cancel(gone);
  cpu.cancel(gone);
  cpu.cancel(kNoTimer);
  simulate(100);
  EXPECT_THAT(seen, ElementsAre(10, 30, 31));
}

TEST(Cpu, ForgetsATimerThatIsDueButHasNotRun) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kFreeCost);
  bool ran = false;
  TimerId second = kNoTimer;
  cpu.run_at(at(10), Context::Softirq, [&] { cpu.cancel(second); });
  second = cpu.run_at(at(10), Context::Softirq, [&] { ran = true; });
  simulate(100);
  EXPECT_FALSE(ran);
}

TEST(Cpu, RunsATimerWhoseTimeHasPassedAtOnce) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kFreeCost);
  TimePoint seen{};
  cpu.run_at(at(50), Context::Process,
             [&] { cpu.run_at(at(10), Context::Process, [&] { seen = cpu.now(); }); });
  simulate(100);
  EXPECT_EQ(seen, at(50));
}

TEST(Cpu, StandsStillUntilAnEventLetsItGoOn) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kFreeCost);
  TimePoint resumed{};
  cpu.post(Context::Process, [&] {
    timeline.at(at(700), timeline.add_origin(), [&] { cpu.continue_work(); });
    cpu.stall();
    resumed = cpu.now();
  });
  simulate(1'000);
  EXPECT_EQ(resumed, at(700));
}

TEST(Cpu, WorkThatStandsStillComesToItsEndWhenTheHostDoes) {
  Timeline timeline("timeline");
  Cpu cpu("cpu", timeline, kServerCost);
  bool ended = false;
  bool followed = false;
  cpu.post(Context::Process, [&] {
    cpu.post(Context::Process, [&] { followed = true; });
    cpu.stall();
    cpu.spend(Work::SystemCall, 1'000'000);
    ended = true;
  });
  simulate(1'000);
  ASSERT_FALSE(ended);
  cpu.halt();
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  EXPECT_TRUE(ended);
  EXPECT_FALSE(followed);
}

TEST(Cpu, TwoHostsTakeTheirTurnsAtTheSameTimeInTheOrderOfTheirOrigins) {
  Timeline timeline("timeline");
  Cpu a("a", timeline, kServerCost);
  Cpu b("b", timeline, kServerCost);
  std::vector<std::string> seen;
  auto const work = [&](Cpu& cpu, std::string name) {
    return [&cpu, &seen, name] {
      seen.push_back(name + " begins");
      cpu.spend(Work::SystemCall, 1);
      seen.push_back(name + " ends");
    };
  };
  b.run_at(at(10), Context::Process, work(b, "b"));
  a.run_at(at(10), Context::Process, work(a, "a"));
  simulate(1'000);
  EXPECT_THAT(seen, ElementsAre("a begins", "b begins", "a ends", "b ends"));
}

}  // namespace
}  // namespace ringside::testbench
