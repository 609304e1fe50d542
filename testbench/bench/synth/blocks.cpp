#include "testbench/bench/synth/blocks.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "testbench/bench/measurement.hpp"

namespace ringside::testbench {

namespace {

struct Deeper {
  char const* name;
  std::vector<std::string> instances;
};

std::vector<Deeper> const& deeper() {
  static std::vector<Deeper> const all{
      {"mac", {"nic.u_datapath.u_transmit.u_mac", "nic.u_datapath.u_receive.u_mac"}},
      {"msix", {"nic.u_registers.u_msix"}},
      {"receive", {"nic.u_datapath.u_receive"}},
      {"transmit", {"nic.u_datapath.u_transmit"}},
  };
  return all;
}

bool is_within(std::string const& inner, std::string const& outer) {
  return inner.starts_with(outer + '.');
}

// "nic.gen_pair[0].u_transmit" is gen_pair_0_transmit.
std::string name_of(std::string const& instance) {
  std::string name;
  for (std::size_t at = 4; at < instance.size(); ++at) {
    bool const begins = at == 4 || instance[at - 1] == '.';
    if (begins && instance.compare(at, 2, "u_") == 0) {
      ++at;
    } else if (std::isalnum(static_cast<unsigned char>(instance[at])) != 0) {
      name += instance[at];
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  return name;
}

// Those of `instances` that lie within no other of them but `nic`.
std::vector<std::string> outermost(std::vector<std::string> const& instances) {
  std::vector<std::string> found;
  for (std::string const& candidate : instances) {
    bool const inner =
        std::any_of(instances.begin(), instances.end(),
                    [&](std::string const& other) { return is_within(candidate, other); });
    if (!inner) found.push_back(candidate);
  }
  return found;
}

}  // namespace

std::vector<Block> blocks_of(std::vector<std::string> const& instances) {
  std::vector<Block> blocks;
  for (auto const& [name, paths] : deeper()) {
    Block& block = blocks.emplace_back();
    block.name = name;
    for (std::string const& path : paths) {
      if (std::find(instances.begin(), instances.end(), path) == instances.end()) {
        throw BenchError("bench synth: there is no " + path +
                         "; say in testbench/bench/synth/blocks.cpp what \"" + name + "\" is");
      }
      block.instances.push_back({path, {}});
    }
  }
  std::vector<std::string> const children = outermost(instances);
  for (std::string const& child : children) blocks.push_back({name_of(child), {{child, {}}}});
  blocks.push_back({"rest", {{"nic", children}}});

  for (Block& block : blocks) {
    for (Block::Instance& instance : block.instances) {
      if (instance.path == "nic") continue;
      std::vector<std::string> within;
      for (auto const& [name, paths] : deeper()) {
        std::copy_if(paths.begin(), paths.end(), std::back_inserter(within),
                     [&](std::string const& path) { return is_within(path, instance.path); });
      }
      instance.cuts = outermost(within);
    }
  }
  return blocks;
}

}  // namespace ringside::testbench
