#include "testbench/nic/nic_kind.hpp"

#include "testbench/nic/lockstep_nic.hpp"
#include "testbench/nic/model_nic.hpp"
#include "testbench/nic/rtl_nic.hpp"

namespace ringside::testbench {

std::vector<std::string> nic_kinds() { return {"rtl", "model", "lockstep"}; }

NicMaker nic_maker(std::string const& kind, ClockLoopOptions const& clock) {
  if (kind == "model") {
    return [](std::string const& name, Timeline& timeline, PcieLink& link, MacAddress mac) {
      return std::make_unique<ModelNic>(name.c_str(), timeline, link, mac);
    };
  }
  if (kind == "lockstep") {
    return [clock](std::string const& name, Timeline&, PcieLink& link, MacAddress mac) {
      return std::make_unique<LockStepNic>(name, link, mac, clock);
    };
  }
  return [clock](std::string const& name, Timeline&, PcieLink& link, MacAddress mac) {
    return std::make_unique<RtlNic>(name.c_str(), link, mac, clock);
  };
}

}  // namespace ringside::testbench
