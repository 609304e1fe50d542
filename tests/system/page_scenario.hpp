// Scenarios for system tests, and how they are run: the same on every NIC.
#pragma once

#include <string>

#include "testbench/nic/nic_kind.hpp"
#include "testbench/scenario/simulation.hpp"

namespace ringside::testbench {

// A client, a name server and a web server on one switch.
inline Scenario page_scenario(std::uint64_t seed = 1, std::uint64_t page_bytes = 65'536) {
  Scenario scenario;
  scenario.title = "system test";
  scenario.seed = seed;
  scenario.limit = Duration{20'000'000'000'000};
  HostConfig client;
  client.name = "client";
  client.address = {stack::Ipv4Address::of(10, 0, 0, 1), 24};
  client.name_server = stack::Ipv4Address::of(10, 0, 0, 53);
  client.applications.emplace_back(FetchApplication{"http://www.test.example/", Duration{0}});
  HostConfig names;
  names.name = "names";
  names.address = {stack::Ipv4Address::of(10, 0, 0, 53), 24};
  names.applications.emplace_back(
      DnsServerApplication{{{"www.test.example", stack::Ipv4Address::of(10, 0, 0, 80), 300}}});
  HostConfig web;
  web.name = "web";
  web.address = {stack::Ipv4Address::of(10, 0, 0, 80), 24};
  web.applications.emplace_back(HttpServerApplication{80, page_bytes});
  scenario.hosts = {client, names, web};
  scenario.switches = {{"switch"}};
  scenario.cables = {{"client", "switch", Duration{500'000}, {}},
                     {"names", "switch", Duration{500'000}, {}},
                     {"web", "switch", Duration{500'000}, {}}};
  return scenario;
}

inline Report simulate(Scenario const& scenario, std::string const& nic,
                       ClockLoopOptions const& clock = {}) {
  SimulationOptions options;
  options.nic_name = nic;
  Simulation simulation(scenario, nic_maker(nic, clock), options);
  return simulation.run();
}

}  // namespace ringside::testbench
