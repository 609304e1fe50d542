// A NIC of either kind in the simulation: at its host's PCIe link on one side, on a wire on the
// other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "interface/base/mac_address.hpp"
#include "interface/base/time.hpp"
#include "interface/seam/wire.hpp"
#include "testbench/nic/wire_stamp.hpp"

namespace ringside::testbench {

// What a NIC that is watched was seen to do wrong, and when.
struct Trouble {
  TimePoint at;
  std::string what;  // perhaps several lines
};

class SimulatedNic {
 public:
  virtual ~SimulatedNic() = default;

  // The end of the wire that this NIC hears, and the one into which it sends; before the start.
  virtual WireReceiver& receiver() = 0;
  virtual void connect(Wire& wire) = 0;

  // Told of each frame's beginning on the wire, as the NIC's hardware takes its time.
  virtual void on_time_stamp(std::function<void(WireStamp const&)> listener) = 0;

  // Clock cycles that passed, and those whose edge was evaluated; 0 for a NIC without a clock.
  virtual std::uint64_t cycles() const = 0;
  virtual std::uint64_t evaluated() const = 0;

  // To be called when the simulation is over, before trouble() is asked for the last time.
  virtual void finish() {}
  virtual std::optional<Trouble> trouble() const { return std::nullopt; }
};

class PcieLink;
class Timeline;

// Makes a NIC at its host's link; `name` is a SystemC name.
using NicMaker = std::function<std::unique_ptr<SimulatedNic>(std::string const& name, Timeline&,
                                                             PcieLink&, MacAddress)>;

}  // namespace ringside::testbench
