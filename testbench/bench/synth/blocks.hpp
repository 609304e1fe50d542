// Which parts of the NIC are told apart.
#pragma once

#include <string>
#include <vector>

namespace ringside::testbench {

// One part: instances, without what is a part of its own within them.
struct Block {
  struct Instance {
    std::string path;               // "nic.u_datapath.u_transmit.u_mac"
    std::vector<std::string> cuts;  // instances below it that belong to other blocks
  };
  std::string name;
  std::vector<Instance> instances;
};

// Every instance directly within `nic` is a block named after it, a few deeper ones that everybody
// asks for are blocks of their own, and "rest" is what `nic` itself has around them. `instances`
// are the paths of all there are. Throws BenchError if one of those few is no more.
std::vector<Block> blocks_of(std::vector<std::string> const& instances);

}  // namespace ringside::testbench
