// Whole runs, of the RTL and of NICs that are none.
#include "testbench/fuzz/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "testbench/fuzz/draw.hpp"
#include "testbench/fuzz/fuzzed_nic.hpp"
#include "testbench/fuzz/runner.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {
namespace {

using testing::HasSubstr;

// What has a place for a NIC's plugs, and does nothing.
class NoNic : public SimulatedNic, public PcieDevice, public WireReceiver {
 public:
  explicit NoNic(PcieLink& link) : link_(link) { link.attach(*this); }
  WireReceiver& receiver() override { return *this; }
  void connect(Wire&) override {}
  void on_time_stamp(std::function<void(WireStamp const&)>) override {}
  std::uint64_t cycles() const override { return 0; }
  std::uint64_t evaluated() const override { return 0; }
  void receive(FramePiece const&) override {}
  void signal(LineChange const&) override {}
  void register_write(TimePoint, std::uint32_t, unsigned, std::uint32_t) override {}
  void register_read(TimePoint, std::uint32_t, unsigned) override {}
  void control(TimePoint, PciControl) override {}
  void completion(TimePoint, Completion const&) override {}

 protected:
  PcieLink& link_;
};

template <class Nic>
MakeNic maker() {
  return [](lockstep::Patience const&) -> NicMaker {
    return [](std::string const&, Timeline&, PcieLink& link, MacAddress) {
      return std::make_unique<Nic>(link);
    };
  };
}

struct CrashingNic : NoNic {
  using NoNic::NoNic;
  void register_write(TimePoint, std::uint32_t, unsigned, std::uint32_t) override {
    std::fputs("this NIC is on fire\n", stderr);
    std::abort();
  }
};

struct EndlessNic : NoNic {
  using NoNic::NoNic;
  void register_write(TimePoint, std::uint32_t, unsigned, std::uint32_t) override {
    for (volatile bool forever = true; forever;) {
    }
  }
};

// Looks as if it worked, and reads where nobody has sent it.
struct CuriousNic : NoNic {
  using NoNic::NoNic;
  void register_read(TimePoint at, std::uint32_t offset, unsigned) override {
    bool const status = offset == common("device_status");
    link_.answer(at, status ? kReady : 0);
    if (!status) link_.read(at, 0x1'0000'8000, 64, 0);
  }
};

Case one_send() {
  Case drawn;
  drawn.actions = {simplest(Kind::Start), simplest(Kind::Send)};
  return drawn;
}

TEST(FuzzRun, ASeedGivesTheSameHashAgainAndAnotherSeedAnother) {
  Runner const runner(make_fuzzed_nic());
  for (std::uint64_t seed : {3U, 4U, 5U}) {
    Outcome const first = runner.run(draw(seed));
    Outcome const again = runner.run(draw(seed));
    EXPECT_TRUE(first.held()) << first.what;
    EXPECT_EQ(first.hash, again.hash) << "seed " << seed;
    EXPECT_EQ(first.simulated_ps, again.simulated_ps);
    EXPECT_NE(first.hash, runner.run(draw(seed + 100)).hash);
  }
}

TEST(FuzzRun, RunningAheadOrManyAtOnceChangesNothing) {
  constexpr std::size_t kSeeds = 16;
  ClockLoopOptions by_the_cycle;
  by_the_cycle.window = 1;
  Runner const runner(make_fuzzed_nic());
  Runner const slow(make_fuzzed_nic(by_the_cycle));
  std::vector<std::uint64_t> hashes;
  runner.run_all(
      kSeeds, 4, [](std::size_t index) { return draw(index); },
      [&](std::size_t, Case const&, Outcome const& outcome) {
        hashes.push_back(outcome.hash);
        return true;
      });
  ASSERT_EQ(hashes.size(), kSeeds);
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    EXPECT_EQ(slow.run(draw(seed)).hash, hashes[seed]) << "seed " << seed;
  }
}

TEST(FuzzRun, AllHoldsWithoutAnyAction) {
  Outcome const outcome = Runner(make_fuzzed_nic()).run(Case{});
  EXPECT_TRUE(outcome.held()) << outcome.what;
  EXPECT_GT(outcome.simulated_ps, 0U);
}

TEST(FuzzRun, TellsWhoWaitsForANicThatDoesNotAnswer) {
  Outcome const outcome = Runner(maker<NoNic>()).run(one_send());
  EXPECT_EQ(outcome.kind, "hang");
  EXPECT_THAT(outcome.what, HasSubstr("the driver waits for the NIC to answer a read of register"));
  EXPECT_THAT(outcome.what, HasSubstr("in action 1 of 2: start"));
}

TEST(FuzzRun, TellsWhereANicCrashes) {
  Outcome const outcome = Runner(maker<CrashingNic>()).run(one_send());
  EXPECT_EQ(outcome.kind, "crash");
  EXPECT_THAT(outcome.what, HasSubstr("this NIC is on fire"));
  EXPECT_THAT(outcome.what, HasSubstr("in action 1 (start)"));
}

TEST(FuzzRun, EndsWhatNeverEnds) {
  Runner::Limits const limits{.processor = std::chrono::seconds(1)};
  Outcome const outcome = Runner(maker<EndlessNic>(), limits).run(one_send());
  EXPECT_EQ(outcome.kind, "hang");
  EXPECT_THAT(outcome.what, HasSubstr("it does not end"));
  EXPECT_THAT(outcome.what, HasSubstr("in action 1 (start): the driver acts"));
}

TEST(FuzzRun, EndsWhatSleepsForEver) {
  struct SleepingNic : NoNic {
    using NoNic::NoNic;
    void register_write(TimePoint, std::uint32_t, unsigned, std::uint32_t) override {
      for (;;) ::pause();
    }
  };
  Runner::Limits const limits{.wall = std::chrono::seconds(1)};
  Outcome const outcome = Runner(maker<SleepingNic>(), limits).run(one_send());
  EXPECT_EQ(outcome.kind, "hang");
}

TEST(FuzzRun, ObjectsToAReadThatNobodyAskedFor) {
  Outcome const outcome = Runner(maker<CuriousNic>()).run(one_send());
  EXPECT_EQ(outcome.kind, "access");
  EXPECT_THAT(outcome.what, HasSubstr("a read of 64 bytes at 0x100008000"));
}

TEST(FuzzRun, StopsWhereItIsTold) {
  std::size_t told = 0;
  Runner(make_fuzzed_nic())
      .run_all(
          50, 2, [](std::size_t index) { return draw(index); },
          [&](std::size_t index, Case const&, Outcome const&) {
            ++told;
            return index < 3;
          });
  EXPECT_EQ(told, 4U);
}

}  // namespace
}  // namespace ringside::testbench::fuzz
