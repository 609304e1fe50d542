// Random runs find bugs: each fault of a copy of the RTL (tests/testbench/lockstep/planted) within
// a few hundred seeds; and what they find is shrunk to a case that still fails, and is small.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "testbench/fuzz/case_file.hpp"
#include "testbench/fuzz/draw.hpp"
#include "testbench/fuzz/fuzzed_nic.hpp"
#include "testbench/fuzz/runner.hpp"
#include "testbench/fuzz/shrink.hpp"

namespace {
unsigned char chosen = 0;
}  // namespace

// What the copy of the RTL asks for when it starts; 0: no fault.
extern "C" unsigned char planted_fault() { return chosen; }

namespace ringside::testbench::fuzz {
namespace {

constexpr std::size_t kSeeds = 1000;

struct Planted {
  unsigned char number;
  std::string name;
};

void PrintTo(Planted const& planted, std::ostream* out) { *out << planted.name; }

std::vector<Planted> read_faults() {
  std::ifstream file(RINGSIDE_PLANTED_FAULTS);
  std::vector<Planted> faults;
  std::string key;
  std::string rest;
  while (file >> key && std::getline(file, rest)) {
    if (key != "fault") continue;
    auto const number = static_cast<unsigned char>(faults.size() + 1);
    faults.push_back({number, rest.substr(1)});
  }
  return faults;
}

struct Found {
  Case drawn;
  Outcome outcome;
};

// The RTL with nobody beside it: what the other oracles find by themselves.
MakeNic make_unwatched_nic() {
  return [](lockstep::Patience const&) -> NicMaker {
    return [](std::string const& name, Timeline&, PcieLink& link, MacAddress mac) {
      return std::make_unique<RtlNic>(name.c_str(), link, mac, ClockLoopOptions{});
    };
  };
}

// The first of the seeds that fails.
std::optional<Found> search(std::size_t seeds, MakeNic const& make_nic = make_fuzzed_nic()) {
  std::optional<Found> found;
  Runner const runner(make_nic);
  runner.run_all(
      seeds, 1, [](std::size_t index) { return draw(index + 1); },
      [&](std::size_t, Case const& drawn, Outcome const& outcome) {
        if (!outcome.held()) found = {drawn, outcome};
        return outcome.held();
      });
  return found;
}

TEST(FuzzOfAnRtlCopy, WithoutAFaultHolds) {
  chosen = 0;
  auto const found = search(kSeeds / 4);
  EXPECT_FALSE(found) << "seed " << found->drawn.seed << ": " << found->outcome.what;
}

class FuzzOfAnRtlWith : public testing::TestWithParam<Planted> {};

TEST_P(FuzzOfAnRtlWith, FindsIt) {
  chosen = GetParam().number;
  auto const found = search(kSeeds);
  ASSERT_TRUE(found) << "it passes " << kSeeds << " seeds";
  std::cout << "seed " << found->drawn.seed << ": "
            << found->outcome.what.substr(0, found->outcome.what.find('\n')) << '\n';
}

INSTANTIATE_TEST_SUITE_P(Planted, FuzzOfAnRtlWith, testing::ValuesIn(read_faults()),
                         [](auto const& tested) { return tested.param.name; });

TEST(AFuzzFailure, IsShrunkToASmallCaseThatStillFails) {
  chosen = 10;
  auto const found = search(kSeeds);
  ASSERT_TRUE(found);
  Runner const runner(make_fuzzed_nic());
  Shrunk const shrunk = shrink(found->drawn, [&](Case const& smaller) {
    return runner.run(smaller).kind == found->outcome.kind;
  });
  EXPECT_GT(found->drawn.actions.size(), 10U);
  EXPECT_LE(shrunk.smallest.actions.size(), 3U) << to_toml(shrunk.smallest, "not small");
  EXPECT_EQ(runner.run(shrunk.smallest).kind, found->outcome.kind);
  chosen = 0;
  EXPECT_TRUE(runner.run(shrunk.smallest).held()) << "it fails without the fault";
}

// A fault, and the oracle that finds it where there is no lock-step.
struct Oracle {
  char const* fault;
  char const* kind;
};

void PrintTo(Oracle const& oracle, std::ostream* out) { *out << oracle.fault; }

class TheOtherOracles : public testing::TestWithParam<Oracle> {};

TEST_P(TheOtherOracles, FindItThemselves) {
  for (Planted const& planted : read_faults()) {
    if (planted.name == GetParam().fault) chosen = planted.number;
  }
  ASSERT_NE(chosen, 0) << "there is no such fault";
  auto const found = search(kSeeds, make_unwatched_nic());
  ASSERT_TRUE(found) << "it passes " << kSeeds << " seeds";
  EXPECT_EQ(found->outcome.kind, GetParam().kind) << found->outcome.what;
}

INSTANTIATE_TEST_SUITE_P(Planted, TheOtherOracles,
                         testing::Values(Oracle{"TheTransmitBufferGoesBackUnderAnotherId", "used"},
                                         Oracle{"PaddingIsWhatWasThereBefore", "wire"},
                                         Oracle{"AFrameWithAWrongFcsIsGood", "delivered"},
                                         Oracle{"TheReceivedLengthIsOneTooMuch", "delivered"},
                                         Oracle{"PacketsSentAreNotCounted", "counters"},
                                         Oracle{"BroadcastsAreCountedAsMulticasts", "counters"},
                                         Oracle{"TheLapIsNotTurnedWhereTheRingEnds", "progress"}),
                         [](auto const& tested) { return std::string(tested.param.fault); });

}  // namespace
}  // namespace ringside::testbench::fuzz
