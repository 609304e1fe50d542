// A store-and-forward Ethernet switch that learns where stations are (IEEE 802.1D, 7).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "interface/seam/wire.hpp"
#include "testbench/net/frame_assembler.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

struct SwitchStatistics {
  std::uint64_t forwarded = 0;     // frames sent out of a port
  std::uint64_t flooded = 0;       // frames whose destination was not known, or a group
  std::uint64_t filtered = 0;      // destination on the port it came from
  std::uint64_t dropped_bad = 0;   // wrong FCS, too short, too long, error character
  std::uint64_t dropped_full = 0;  // no room in an egress queue
};

class LearningSwitch {
 public:
  LearningSwitch(Timeline& timeline, unsigned ports);
  ~LearningSwitch();

  WireReceiver& port(unsigned index);
  void connect(unsigned index, Wire& wire);  // where the port sends

  SwitchStatistics const& statistics() const { return statistics_; }

 private:
  class Port;
  struct Station {
    unsigned port;
    TimePoint seen;
  };

  static constexpr Duration kLatency{800'000};  // look-up and crossing
  static constexpr Duration kGap = kByteTime * 12;
  static constexpr Duration kAgeing{300'000'000'000'000};  // 300 s
  static constexpr Duration kQueue = kByteTime * 262'144;  // of each egress port
  static constexpr std::size_t kMaxFrameBytes = 9'026 + 8;
  static constexpr std::size_t kMaxStations = 1024;

  void forward(unsigned from, WireFrame const& frame);
  void learn(MacAddress const& source, unsigned port);
  void send(unsigned port, WireFrame const& frame);

  Timeline& timeline_;
  std::vector<std::unique_ptr<Port>> ports_;
  std::map<MacAddress, Station> stations_;
  SwitchStatistics statistics_;
};

}  // namespace ringside::testbench
