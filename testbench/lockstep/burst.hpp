// How the NIC cuts its reads and writes of memory (rtl/README.md).
#pragma once

#include <cstdint>

namespace ringside::testbench::lockstep {

inline constexpr std::uint64_t kBurstBytes = 256;  // bursts end at multiples of it at the latest
inline constexpr std::uint64_t kBeatBytes = 16;

// A read of so many bytes goes to the end of the beat in which the last of them lies.
constexpr std::uint64_t burst_size(std::uint64_t address, std::uint64_t bytes) {
  return (address + bytes + kBeatBytes - 1) / kBeatBytes * kBeatBytes - address;
}

}  // namespace ringside::testbench::lockstep
