// Each fault of planted/faults.txt, in a copy of the RTL: the checker finds it in a run that is
// right without it. SystemC elaborates once a process, so each has one of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "testbench/nic/lockstep_nic.hpp"
#include "tests/system/page_scenario.hpp"

namespace {
unsigned char chosen = 0;
}  // namespace

// What the copy of the RTL asks for when it starts; 0: no fault.
extern "C" unsigned char planted_fault() { return chosen; }

namespace ringside::testbench {
namespace {

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

// A page over cables with bit errors, with moderation: most of what the NIC can do is done.
Report run() {
  Scenario scenario = page_scenario(5, 800'006);
  for (auto& cable : scenario.cables) cable.faults.bit_error_rate = 2e-6;
  for (auto& host : scenario.hosts) host.receive_moderation = {4, 50};
  scenario.limit = Duration{1'000'000'000'000};
  NicMaker const maker = [](std::string const& name, Timeline&, PcieLink& link, MacAddress mac) {
    return std::make_unique<LockStepNic>(name, link, mac, ClockLoopOptions{});
  };
  Simulation simulation(scenario, maker, {});
  return simulation.run();
}

TEST(AnRtlCopy, WithoutAFaultIsRight) {
  Report const report = run();
  EXPECT_TRUE(report.ok) << report.problems.front();
  EXPECT_GT(report.frames_lost + report.retransmissions, 0U) << "the cables do no harm";
}

class AnRtlWith : public testing::TestWithParam<Planted> {};

TEST_P(AnRtlWith, IsFoundOut) {
  chosen = GetParam().number;
  Report const report = run();
  ASSERT_NE(report.trouble_at, kNever) << "it passes";
  EXPECT_THAT(report.problems.front(), testing::HasSubstr("RTL and reference differ"));
}

INSTANTIATE_TEST_SUITE_P(Planted, AnRtlWith, testing::ValuesIn(read_faults()),
                         [](auto const& tested) { return tested.param.name; });

}  // namespace
}  // namespace ringside::testbench
