// What AXI4 asks of a master on its request channels, watched clock edge by clock edge.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "testbench/nic/pins.hpp"

namespace ringside::testbench {

// A read or write address as it is offered (IHI 0022, A3.2 to A3.4).
struct AxiAddress {
  bool valid = false;
  bool ready = false;
  std::uint64_t address = 0;
  std::uint8_t length = 0;  // beats less one
  std::uint8_t size = 0;    // log2 of the bytes of a beat
  std::uint8_t burst = 0;
  std::uint8_t id = 0;
};

struct AxiWriteData {
  bool valid = false;
  bool ready = false;
  bool last = false;
  std::uint16_t strobes = 0;
  std::uint64_t low = 0;  // the data in two halves
  std::uint64_t high = 0;
};

// The first rule that is broken is kept.
class AxiRules {
 public:
  // Before each rising edge, with all inputs driven. `cycle` counts for the report only.
  void edge(Cycle cycle, AxiAddress const& ar, AxiAddress const& aw, AxiWriteData const& w);

  // The same from the pins; next to nothing while nothing is offered.
  void sample(Cycle cycle, Pins const& pins) {
    bool const offered = pins.m_axi_arvalid_o | pins.m_axi_awvalid_o | pins.m_axi_wvalid_o;
    if (offered || waits_) look(cycle, pins);
  }

  struct Violation {
    Cycle cycle;
    std::string what;
  };
  std::optional<Violation> const& violation() const { return violation_; }

 private:
  static constexpr std::uint8_t kIncrementing = 1;
  static constexpr std::uint8_t kBeatSize = 4;
  static constexpr std::uint64_t kBeatBytes = 16;
  static constexpr std::uint64_t kPage = 4096;

  void look(Cycle cycle, Pins const& pins);
  void check(Cycle cycle, char const* channel, AxiAddress const& now, AxiAddress& before);
  void check_data(Cycle cycle, AxiWriteData const& now);
  void object(Cycle cycle, std::string what);

  AxiAddress ar_;  // as the last edge saw them
  AxiAddress aw_;
  AxiWriteData w_;
  bool waits_ = false;             // something is offered and not yet taken
  std::deque<AxiAddress> bursts_;  // whose data is not complete
  std::uint32_t beats_ = 0;        // of the oldest
  std::optional<Violation> violation_;
};

}  // namespace ringside::testbench
