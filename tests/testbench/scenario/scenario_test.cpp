#include "testbench/scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/testbench/scenario/scenario_file.hpp"

namespace ringside::testbench {
namespace {

namespace fs = std::filesystem;

constexpr char kHost[] = "[[host]]\nname = \"a\"\naddress = \"10.0.0.1/24\"\n";

TEST_F(ScenarioFile, ReadsHostsSwitchesCablesAndApplications) {
  Scenario const scenario = load(R"(
title = "two hosts"
seed = 42
limit_ms = 5
[[host]]
name = "a"
address = "10.0.0.1/24"
gateway = "10.0.0.254"
name_server = "10.0.0.2"
pcie = "gen3x4"
cpu = "free"
receive_max_packets = 32
receive_max_usecs = 8
[[host.application]]
kind = "fetch"
url = "http://b/"
start_us = 3
[[host]]
name = "b"
address = "10.0.0.2/24"
[[host.application]]
kind = "http_server"
port = 8080
[[host.application]]
kind = "dns_server"
[[host.application.record]]
name = "b"
address = "10.0.0.2"
[[switch]]
name = "s"
[[cable]]
from = "a"
to = "s"
delay_ns = 50
loss = 0.01
bit_error_rate = 1e-9
[[cable]]
from = "b"
to = "s"
)");
  EXPECT_EQ(scenario.title, "two hosts");
  EXPECT_EQ(scenario.seed, 42u);
  EXPECT_EQ(scenario.limit, Duration{5'000'000'000});
  ASSERT_EQ(scenario.hosts.size(), 2u);
  HostConfig const& a = scenario.hosts[0];
  EXPECT_EQ(a.address.address, stack::Ipv4Address::of(10, 0, 0, 1));
  EXPECT_EQ(a.address.length, 24);
  EXPECT_EQ(a.gateway, stack::Ipv4Address::of(10, 0, 0, 254));
  EXPECT_EQ(a.pcie, "gen3x4");
  EXPECT_EQ(a.cpu, "free");
  EXPECT_EQ(a.receive_moderation, (Moderation{32, 8}));
  ASSERT_EQ(a.applications.size(), 1u);
  auto const& fetch = std::get<FetchApplication>(a.applications[0]);
  EXPECT_EQ(fetch.url, "http://b/");
  EXPECT_EQ(fetch.start, Duration{3'000'000});
  ASSERT_EQ(scenario.hosts[1].applications.size(), 2u);
  EXPECT_EQ(std::get<HttpServerApplication>(scenario.hosts[1].applications[0]).port, 8080);
  auto const& names = std::get<DnsServerApplication>(scenario.hosts[1].applications[1]);
  ASSERT_EQ(names.records.size(), 1u);
  EXPECT_EQ(names.records[0].name, "b");
  ASSERT_EQ(scenario.cables.size(), 2u);
  EXPECT_EQ(scenario.cables[0].delay, Duration{50'000});
  EXPECT_DOUBLE_EQ(scenario.cables[0].faults.loss, 0.01);
  EXPECT_DOUBLE_EQ(scenario.cables[0].faults.bit_error_rate, 1e-9);
}

TEST_F(ScenarioFile, SaysWhereAMistakeInTheSyntaxIs) {
  EXPECT_EQ(complaint("title = \n").rfind("1:", 0), 0u);
}

TEST_F(ScenarioFile, NamesAnUnknownKeyItsPlaceAndTheKnownOnes) {
  std::string const text = complaint(std::string(kHost) + "adress = \"10.0.0.2/24\"\n");
  EXPECT_EQ(text.rfind("4:", 0), 0u) << text;
  EXPECT_NE(text.find("unknown key \"adress\""), std::string::npos) << text;
  EXPECT_NE(text.find("address"), std::string::npos) << text;
}

TEST_F(ScenarioFile, RefusesValuesOfTheWrongTypeOrRange) {
  EXPECT_NE(complaint("seed = \"one\"\n" + std::string(kHost)).find("whole number"),
            std::string::npos);
  EXPECT_NE(complaint("limit_ms = 0\n" + std::string(kHost)).find("from 1 to"), std::string::npos);
  EXPECT_NE(complaint("[[host]]\nname = \"a\"\naddress = \"10.0.0.300/24\"\n").find("10.0.0.300"),
            std::string::npos);
  EXPECT_NE(complaint(std::string(kHost) + "pcie = \"gen9\"\n").find("gen3x8"), std::string::npos);
  EXPECT_NE(complaint(std::string(kHost) +
                      "[[switch]]\nname = \"s\"\n[[cable]]\nfrom = \"a\"\nto = \"s\"\nloss = 2\n")
                .find("probability"),
            std::string::npos);
}

TEST_F(ScenarioFile, AsksForWhatIsMissing) {
  EXPECT_NE(complaint("[[host]]\naddress = \"10.0.0.1/24\"\n").find("needs a name"),
            std::string::npos);
  EXPECT_NE(
      complaint(std::string(kHost) + "[[host.application]]\nurl = \"x\"\n").find("needs a kind"),
      std::string::npos);
}

TEST_F(ScenarioFile, SaysThatAFileIsMissing) {
  try {
    load_scenario("/nowhere/at-all.toml");
    FAIL();
  } catch (ScenarioError const& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/at-all.toml"), std::string::npos);
  }
}

TEST_F(ScenarioFile, TakesADirectoryForNoScenario) {
  try {
    load_scenario(fs::temp_directory_path());
    FAIL();
  } catch (ScenarioError const& error) {
    EXPECT_NE(std::string(error.what()).find("can not read"), std::string::npos) << error.what();
  }
}

TEST_F(ScenarioFile, TheExampleOfTheDocumentSaysEverythingThatCanBeSaid) {
  std::ostringstream document;
  document << std::ifstream(RINGSIDE_SCENARIOS "/../docs/scenarios.md").rdbuf();
  std::string const text = document.str();
  std::size_t const begin = text.find("```toml\n") + 8;
  std::string const example = text.substr(begin, text.find("```", begin) - begin);
  EXPECT_NO_THROW(load(example));
  // What is known is listed when an unknown key is found: all of it must be in the example.
  for (std::string const table :
       {"", "[[host]]", "[[host.application]]", "[[host.application.record]]", "[[cable]]"}) {
    for (std::size_t at = example.find(table); at != std::string::npos;
         at = example.find(table, at + 1)) {
      std::size_t const inside = at + table.size();
      std::string broken = example;
      broken.insert(inside, "\nno_such_key = 1\n");
      std::string const known = complaint(broken);
      std::istringstream keys(known.substr(known.find("known are: ") + 11));
      for (std::string key; std::getline(keys >> std::ws, key, ',');) {
        bool const is_table = example.find("[[" + key + "]]") != std::string::npos ||
                              example.find("." + key + "]]") != std::string::npos;
        EXPECT_TRUE(is_table || example.find(key + " = ") != std::string::npos) << key;
      }
      if (table.empty()) break;
    }
  }
}

TEST(Scenarios, EveryScenarioOfTheTreeLoads) {
  int count = 0;
  for (auto const& entry : fs::directory_iterator(RINGSIDE_SCENARIOS)) {
    if (entry.path().extension() != ".toml") continue;
    EXPECT_NO_THROW(load_scenario(entry.path())) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 1);
}

}  // namespace
}  // namespace ringside::testbench
