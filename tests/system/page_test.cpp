// The whole path, from a URL to a page, on every NIC. SystemC elaborates once a process, so a test
// that compares two runs compares with the hash that another process has printed: see
// same_run.cmake.
#include <gtest/gtest.h>

#include "tests/system/page_scenario.hpp"

namespace ringside::testbench {
namespace {

class EveryNic : public testing::TestWithParam<std::string> {};

std::string problems(Report const& report) {
  std::string text;
  for (auto const& problem : report.problems) text += problem + "\n";
  return text;
}

TEST_P(EveryNic, FetchesAPageAndClosesEverything) {
  Report const report = simulate(page_scenario(), GetParam());
  EXPECT_TRUE(report.ok) << problems(report);
  EXPECT_TRUE(report.sha256_ok);
  EXPECT_EQ(report.bytes_received, 65'536u);
  EXPECT_EQ(report.retransmissions, 0u);
  EXPECT_GT(report.interrupts, 0u);
  EXPECT_DOUBLE_EQ(report.copies_per_packet, 1.0);
}

TEST_P(EveryNic, FetchesTheSamePageThroughALossyCable) {
  Scenario scenario = page_scenario(3);
  scenario.cables[2].faults.loss = 0.01;
  Report const report = simulate(scenario, GetParam());
  EXPECT_TRUE(report.ok) << problems(report) << "seed 3";
  EXPECT_EQ(report.bytes_received, 65'536u);
}

TEST_P(EveryNic, FetchesTheSamePageUnderEveryFaultOfACable) {
  Scenario scenario = page_scenario(4, 300'000);
  for (auto& cable : scenario.cables) {
    cable.faults = {.loss = 0.01, .bit_error_rate = 1e-6, .duplicate = 0.01, .reorder = 0.01};
  }
  Report const report = simulate(scenario, GetParam());
  EXPECT_TRUE(report.ok) << problems(report) << "seed 4";
  EXPECT_EQ(report.bytes_received, 300'000u);
  EXPECT_GT(report.frames_lost, 0u);
  EXPECT_GT(report.retransmissions, 0u);
}

TEST_P(EveryNic, ModerationSavesInterrupts) {
  Scenario scenario = page_scenario(1, 300'000);
  scenario.hosts[0].receive_moderation = {32, 100};
  Report const report = simulate(scenario, GetParam());
  EXPECT_TRUE(report.ok) << problems(report);
  // 300 kB are more than 205 frames; without moderation the client is interrupted every few.
  EXPECT_LT(report.hosts[0].interrupts, 60u);
}

TEST_P(EveryNic, SaysWhatIsNotDoneWithinTheLimit) {
  Scenario scenario = page_scenario();
  scenario.cables[2].faults.loss = 1;
  scenario.limit = Duration{100'000'000'000};
  Report const report = simulate(scenario, GetParam());
  EXPECT_FALSE(report.ok);
  EXPECT_NE(problems(report).find("www.test.example/: not done within the limit"),
            std::string::npos)
      << problems(report);
}

TEST_P(EveryNic, SaysThatANameDoesNotExist) {
  Scenario scenario = page_scenario();
  std::get<FetchApplication>(scenario.hosts[0].applications[0]).url = "http://no.test.example/";
  Report const report = simulate(scenario, GetParam());
  EXPECT_FALSE(report.ok);
  EXPECT_NE(problems(report).find("Host not found"), std::string::npos) << problems(report);
}

TEST_P(EveryNic, SaysThatNoHostHasTheAddress) {
  Scenario scenario = page_scenario();
  std::get<FetchApplication>(scenario.hosts[0].applications[0]).url = "http://10.0.0.99/";
  Report const report = simulate(scenario, GetParam());
  EXPECT_FALSE(report.ok);
  EXPECT_NE(problems(report).find("No route to host"), std::string::npos) << problems(report);
  // Three requests, a second apart; the limit of the scenario is 20 s.
  EXPECT_LT(report.sim_ns, 4'000'000'000);
}

INSTANTIATE_TEST_SUITE_P(Page, EveryNic, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
