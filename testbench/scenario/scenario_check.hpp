// Whether what a scenario says fits together: names, addresses, cables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "testbench/scenario/scenario.hpp"
#include "testbench/scenario/toml_table.hpp"

namespace ringside::testbench {

// The tables that the parts of a scenario were read from, in the same order: a mistake has a place.
struct ScenarioSource {
  TomlTable root;
  std::vector<TomlTable> hosts;
  std::vector<std::vector<TomlTable>> applications;  // of each host
  std::vector<TomlTable> switches;
  std::vector<TomlTable> cables;
};

// Throws ScenarioError. `external`: as for load_scenario().
void check_scenario(Scenario const& scenario, ScenarioSource const& source,
                    std::optional<std::string> const& external);

}  // namespace ringside::testbench
