// What a NIC's input pins saw, cycle by cycle, to be given to another NIC of the same kind.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "testbench/check/event_hash.hpp"
#include "testbench/nic/pins.hpp"

namespace ringside::testbench {

// All inputs but clock and reset, in order of size.
struct InputPins {
  std::uint64_t time_ps;
  std::uint64_t mac;
  std::uint64_t xgmii_rxd;
  std::uint8_t rdata[16];
  std::uint32_t wdata;
  std::uint16_t awaddr;
  std::uint16_t araddr;
  std::uint8_t xgmii_rxc;
  std::uint8_t wstrb;
  std::uint8_t awvalid, wvalid, arvalid;
  std::uint8_t link_up;
  std::uint8_t msix_enable, msix_mask, bus_master;
  std::uint8_t axi_awready, axi_wready, axi_arready;
  std::uint8_t axi_bid, axi_bresp, axi_bvalid;
  std::uint8_t axi_rid, axi_rresp, axi_rlast, axi_rvalid;
  std::uint8_t bready, rready;

  static InputPins of(Pins const& pins);
  void drive(Pins& pins) const;
};

// Of all outputs.
void add_outputs(EventHash& hash, Pins const& pins);

struct PinRecording {
  InputPins at_reset;
  std::vector<InputPins> cycles;  // those that were evaluated, from the first after reset on
  EventHash outputs;              // after each of them
};

// Attached to a clock loop before its first cycle.
class PinRecorder {
 public:
  explicit PinRecorder(Pins const& pins) : recording_{InputPins::of(pins), {}, {}} {}

  void before_edge(Pins const& pins) { recording_.cycles.push_back(InputPins::of(pins)); }
  void after_edge(Pins const& pins) { add_outputs(recording_.outputs, pins); }

  PinRecording const& recording() const { return recording_; }

 private:
  PinRecording recording_;
};

}  // namespace ringside::testbench
