// What a PCIe link costs: named presets of width, latency and its distribution.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "interface/base/random.hpp"
#include "interface/base/time.hpp"

namespace ringside::testbench {

struct PcieTiming {
  std::string_view name;
  std::string_view source;
  Duration byte_time;          // of a TLP byte, link overheads (DLLP, SKP) taken off
  Duration up_latency;         // device to root complex
  Duration down_latency;       // root complex to device: also the lookahead of the device
  Duration memory_latency;     // least time from a read's arrival until its data is there
  Duration memory_jitter;      // triangular on top of that
  Duration register_overhead;  // CPU side of a register read beyond the link
  std::uint32_t max_payload = 256;
  std::uint32_t read_boundary = 64;
  std::uint32_t posted_headers = 64;      // credits for posted writes
  std::uint32_t posted_data = 1024;       // in units of 16 bytes
  std::uint32_t non_posted_headers = 64;  // credits for reads
  Duration credit_processing{50'000};     // from a TLP's arrival until its credits are given back

  // Time from a read's arrival at the root complex until its completion starts.
  Duration draw_memory_latency(Random& random) const;
};

// A current server: round trip of a small read 450 to 480 ns, 1 % 200 ns more, 0.1 % 300 ns more,
// one in a million 1 to 2 us more (measurements of pcie-bench, SIGCOMM 2018).
inline constexpr PcieTiming kGen3x8{
    "gen3x8",          "pcie-bench server CDF, pcie-model 57.88 Gb/s at 256-byte payloads",
    Duration{138},     Duration{150'000},
    Duration{250'000}, Duration{50'000},
    Duration{30'000},  Duration{300'000}};
inline constexpr PcieTiming kGen3x4{
    "gen3x4",          "pcie-bench server CDF, pcie-model 29.07 Gb/s at 256-byte payloads",
    Duration{275},     Duration{150'000},
    Duration{250'000}, Duration{50'000},
    Duration{30'000},  Duration{300'000}};

// A link of which only a part is left, as after training down to fewer lanes: `factor` times
// slower.
constexpr PcieTiming slowed(PcieTiming timing, std::int64_t factor) {
  timing.byte_time *= factor;
  return timing;
}

// Credits for so many TLPs of each kind at a time, and writes of so many bytes altogether: at least
// max_payload.
constexpr PcieTiming starved(PcieTiming timing, std::uint32_t headers, std::uint32_t bytes) {
  timing.posted_headers = timing.non_posted_headers = headers;
  timing.posted_data = bytes / 16;
  return timing;
}

inline constexpr std::array kPcieTimings{kGen3x8, kGen3x4};

inline Duration PcieTiming::draw_memory_latency(Random& random) const {
  auto const jitter = static_cast<double>(memory_jitter.count());
  auto const triangle = static_cast<std::int64_t>(jitter * (random.unit() + random.unit()) / 2);
  Duration latency = memory_latency + Duration{triangle};
  double const rare = random.unit();
  if (rare < 1e-6) return latency + Duration{1'000'000 + static_cast<std::int64_t>(rare * 1e12)};
  if (rare < 1e-3) return latency + Duration{300'000};
  if (rare < 1e-2) return latency + Duration{200'000};
  return latency;
}

}  // namespace ringside::testbench
