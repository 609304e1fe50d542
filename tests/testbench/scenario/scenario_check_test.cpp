#include <gmock/gmock.h>

#include "tests/testbench/scenario/scenario_file.hpp"

namespace ringside::testbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// Two hosts on one cable, lines 1 to 9; what a test adds begins on line 10.
constexpr char kPair[] =
    "[[cable]]\nfrom = \"a\"\nto = \"b\"\n"
    "[[host]]\nname = \"a\"\naddress = \"10.0.0.1/24\"\n"
    "[[host]]\nname = \"b\"\naddress = \"10.0.0.2/24\"\n";

std::string pair_with(std::string const& more) { return kPair + more; }

std::string host_at(std::string const& address) {
  return "[[host]]\nname = \"a\"\naddress = \"" + address + "\"\n";
}

std::string fetch(std::string const& url) {
  return "[[host.application]]\nkind = \"fetch\"\nurl = \"" + url + "\"\n";
}

std::string server(int port) {
  return "[[host.application]]\nkind = \"http_server\"\nport = " + std::to_string(port) + "\n";
}

std::string cable(std::string const& from, std::string const& to) {
  return "[[cable]]\nfrom = \"" + from + "\"\nto = \"" + to + "\"\n";
}

std::string switch_named(std::string const& name) {
  return "[[switch]]\nname = \"" + name + "\"\n";
}

class ScenarioCheck : public ScenarioFile {};

TEST_F(ScenarioCheck, AsksForAHost) { EXPECT_THAT(complaint(""), HasSubstr("[[host]]")); }

TEST_F(ScenarioCheck, GivesEachThingANameOfItsOwn) {
  EXPECT_THAT(complaint(pair_with(switch_named("b"))),
              AllOf(StartsWith("11:"), HasSubstr("two things are named \"b\"")));
}

TEST_F(ScenarioCheck, RefusesNamesThatCouldNotNameAFile) {
  for (char const* name : {"", "../x", "a b", "a.b", "a-name-of-thirty-three-characters", "ä"}) {
    EXPECT_THAT(complaint(pair_with(switch_named(name))),
                AllOf(StartsWith("11:"), HasSubstr("letters, digits")))
        << name;
  }
}

TEST_F(ScenarioCheck, RefusesAddressesThatNoHostCanHave) {
  for (char const* address : {"0.0.0.0/0", "0.1.2.3/8", "10.0.0.0/24", "10.0.0.255/24",
                              "127.0.0.1/8", "224.0.0.1/24", "240.0.0.1/8", "255.255.255.255/32"}) {
    EXPECT_THAT(complaint(host_at(address)), AllOf(StartsWith("3:"), HasSubstr("no address")))
        << address;
  }
}

TEST_F(ScenarioCheck, TakesBothEndsOfAPointToPointNetwork) {
  EXPECT_NO_THROW(load(cable("a", "b") + host_at("10.0.0.0/31") +
                       "[[host]]\nname = \"b\"\naddress = \"10.0.0.1/31\"\n"));
}

TEST_F(ScenarioCheck, GivesEachHostAnAddressOfItsOwn) {
  EXPECT_THAT(complaint(pair_with("[[host]]\nname = \"c\"\naddress = \"10.0.0.2/16\"\n")),
              AllOf(StartsWith("12:"), HasSubstr("host \"b\" has the address 10.0.0.2 already")));
}

TEST_F(ScenarioCheck, WantsGatewaysInTheHostsOwnNetwork) {
  EXPECT_THAT(complaint(pair_with("gateway = \"10.1.0.1\"\n")),
              AllOf(StartsWith("10:"), HasSubstr("10.1.0.1")));
}

TEST_F(ScenarioCheck, RefusesWhatNobodyCanReach) {
  EXPECT_THAT(complaint(pair_with("name_server = \"10.0.0.53\"\n")),
              AllOf(StartsWith("10:"), HasSubstr("no host has the address 10.0.0.53")));
  EXPECT_THAT(complaint(pair_with(fetch("http://10.0.0.99/"))),
              AllOf(StartsWith("12:"), HasSubstr("no host has the address 10.0.0.99")));
  EXPECT_THAT(complaint(pair_with(fetch("http://10.9.0.99/"))),
              AllOf(StartsWith("12:"), HasSubstr("no gateway")));
}

TEST_F(ScenarioCheck, WantsANameServerForNames) {
  EXPECT_THAT(complaint(pair_with(fetch("http://www.example.test/"))),
              AllOf(StartsWith("12:"), HasSubstr("has no name_server")));
}

TEST_F(ScenarioCheck, LetsNoTwoServersShareAPort) {
  EXPECT_THAT(complaint(pair_with(server(80) + server(81) + server(80))),
              AllOf(StartsWith("18:"), HasSubstr("port 80")));
  EXPECT_THAT(complaint(pair_with("[[host.application]]\nkind = \"dns_server\"\n"
                                  "[[host.application]]\nkind = \"dns_server\"\n")),
              AllOf(StartsWith("13:"), HasSubstr("dns_server already")));
}

TEST_F(ScenarioCheck, LeadsCablesToThingsThatAreThere) {
  EXPECT_THAT(complaint(pair_with(switch_named("s") + cable("s", "nowhere"))),
              AllOf(StartsWith("14:"), HasSubstr("\"nowhere\"")));
}

TEST_F(ScenarioCheck, GivesEachHostOneCable) {
  EXPECT_THAT(complaint(pair_with(switch_named("s") + cable("a", "s"))),
              AllOf(StartsWith("13:"), HasSubstr("\"a\" has a cable already")));
  EXPECT_THAT(complaint(pair_with("[[host]]\nname = \"c\"\naddress = \"10.0.0.3/24\"\n")),
              AllOf(StartsWith("11:"), HasSubstr("host \"c\" has no cable")));
  EXPECT_THAT(complaint(host_at("10.0.0.1/24") + cable("a", "a")),
              HasSubstr("\"a\" has a cable already"));
}

TEST_F(ScenarioCheck, FindsARingOfSwitches) {
  std::string const three = switch_named("s") + switch_named("t") + switch_named("u");
  std::string const line = cable("s", "t") + cable("t", "u");
  EXPECT_NO_THROW(load(pair_with(three + line)));
  EXPECT_THAT(complaint(pair_with(three + line + cable("u", "s"))),
              AllOf(StartsWith("24:"), HasSubstr("closes a ring")));
  EXPECT_THAT(complaint(pair_with(switch_named("s") + cable("s", "s"))), HasSubstr("ring"));
}

TEST_F(ScenarioCheck, WantsExactlyOneCableToWhatLiesOutside) {
  std::string const inside = host_at("10.0.0.1/24") + "name_server = \"10.0.0.53\"\n";
  EXPECT_NO_THROW(load(inside + cable("a", "tap"), "tap"));
  EXPECT_THAT(complaint(pair_with(""), "tap"), HasSubstr("no cable leads to \"tap\""));
  EXPECT_THAT(complaint(inside + switch_named("s") + cable("a", "s") + cable("s", "tap") +
                            cable("s", "tap"),
                        "tap"),
              HasSubstr("\"tap\" has a cable already"));
  EXPECT_THAT(complaint(inside + switch_named("tap"), "tap"), HasSubstr("two things"));
}

TEST_F(ScenarioCheck, WantsDomainNamesInTheRecords) {
  EXPECT_THAT(complaint(pair_with("[[host.application]]\nkind = \"dns_server\"\n"
                                  "[[host.application.record]]\nname = \"a..b\"\n"
                                  "address = \"10.0.0.2\"\n")),
              AllOf(StartsWith("13:"), HasSubstr("no domain name")));
}

}  // namespace
}  // namespace ringside::testbench
