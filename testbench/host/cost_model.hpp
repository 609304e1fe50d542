// What a host's CPU time costs: named presets with their sources.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "interface/base/time.hpp"
#include "interface/seam/executor.hpp"

namespace ringside::testbench {

struct CostModel {
  std::string_view name;
  std::string_view source;
  Duration interrupt_entry;
  Duration softirq_entry;
  Duration receive_packet;
  Duration transmit_packet;
  Duration copy_byte;
  Duration system_call;
  Duration context_switch;

  Duration of(Work work) const;
};

// A server core of about 3.6 GHz: interrupt and softirq entry 1.5 us together with their cache
// misses, about 200 ns for a packet through the stack (the XDP paper measures 208 ns for a packet
// dropped in the raw table), 75 ns a system call, copies at about 16 GB/s.
inline constexpr CostModel kServerCost{"server",
                                       "XDP paper (CoNEXT 2018), linux.conf.au 2015 budget",
                                       Duration{1'000'000},
                                       Duration{500'000},
                                       Duration{200'000},
                                       Duration{200'000},
                                       Duration{60},
                                       Duration{75'000},
                                       Duration{1'000'000}};

// A CPU that takes no time: for finding out what the hardware alone does.
inline constexpr CostModel kFreeCost{"free",      "none",      Duration{0},
                                     Duration{0}, Duration{0}, Duration{0},
                                     Duration{0}, Duration{0}, Duration{0}};

inline constexpr std::array kCostModels{kServerCost, kFreeCost};

inline Duration CostModel::of(Work work) const {
  switch (work) {
    case Work::InterruptEntry:
      return interrupt_entry;
    case Work::SoftirqEntry:
      return softirq_entry;
    case Work::ReceivePacket:
      return receive_packet;
    case Work::TransmitPacket:
      return transmit_packet;
    case Work::CopyByte:
      return copy_byte;
    case Work::SystemCall:
      return system_call;
    case Work::ContextSwitch:
      return context_switch;
  }
  return Duration{0};
}

}  // namespace ringside::testbench
