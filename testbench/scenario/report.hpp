// What a run leaves as figures: summary.json, and the lines a person reads.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "interface/base/time.hpp"

namespace ringside::testbench {

struct HostReport {
  std::string name;
  std::uint64_t nic_cycles = 0;
  std::uint64_t nic_cycles_evaluated = 0;
  std::uint64_t interrupts = 0;
  std::uint64_t polls = 0;
  std::uint64_t notifications = 0;
  std::uint64_t rx_packets = 0;
  std::uint64_t tx_packets = 0;
  std::uint64_t rx_dropped = 0;
  std::uint64_t pcie_up_bytes = 0;
  std::uint64_t pcie_down_bytes = 0;
  std::uint64_t iommu_faults = 0;
  std::uint64_t retransmissions = 0;
  std::uint64_t device_resets = 0;
  double cpu_busy_share = 0;
};

struct FetchReport {
  std::string host;
  std::string url;
  bool ok = false;
  unsigned status = 0;
  std::uint64_t bytes = 0;
  std::int64_t name_ns = 0;  // until the name was an address, then until connected, then the rest
  std::int64_t connect_ns = 0;
  std::int64_t transfer_ns = 0;
};

struct Report {
  std::string title;
  std::string nic;
  std::uint64_t seed = 0;
  bool ok = false;
  std::vector<std::string> problems;  // why not, each in one line

  std::uint64_t bytes_received = 0;
  bool sha256_ok = false;  // of every fetch, and there was one
  std::uint64_t requests_served = 0;
  std::uint64_t bytes_served = 0;
  std::int64_t sim_ns = 0;
  TimePoint trouble_at = kNever;  // when a NIC was first seen to do wrong
  std::uint64_t nic_cycles = 0;
  std::uint64_t nic_cycles_evaluated = 0;
  double wall_seconds = 0;
  std::uint64_t event_hash = 0;
  std::uint64_t interrupts = 0;
  std::uint64_t frames = 0;
  std::uint64_t frames_lost = 0;
  std::uint64_t retransmissions = 0;
  double copies_per_packet = 0;
  std::vector<FetchReport> fetches;
  std::vector<HostReport> hosts;
  std::vector<std::string> files;  // beside summary.json

  double cycles_per_second() const {
    return wall_seconds > 0 ? static_cast<double>(nic_cycles) / wall_seconds : 0;
  }
};

nlohmann::ordered_json to_json(Report const& report);
std::string to_text(Report const& report);

}  // namespace ringside::testbench
