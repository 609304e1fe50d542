#include "testbench/scenario/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace ringside::testbench {

namespace {

std::string hex(std::uint64_t value) {
  std::array<char, 24> text;
  int const length =
      std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return {text.data(), static_cast<std::size_t>(length)};
}

template <class... Values>
std::string line(char const* format, Values... values) {
  std::array<char, 200> text;
  int const length = std::snprintf(text.data(), text.size(), format, values...);
  return {text.data(), std::min<std::size_t>(static_cast<std::size_t>(length), text.size() - 1)};
}

unsigned long long number(std::uint64_t value) { return value; }

double us(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; }

nlohmann::ordered_json fetch_json(FetchReport const& fetch) {
  return {{"host", fetch.host},
          {"url", fetch.url},
          {"ok", fetch.ok},
          {"status", fetch.status},
          {"bytes", fetch.bytes},
          {"name_ns", fetch.name_ns},
          {"connect_ns", fetch.connect_ns},
          {"transfer_ns", fetch.transfer_ns}};
}

nlohmann::ordered_json host_json(HostReport const& host) {
  return {{"name", host.name},
          {"nic_cycles", host.nic_cycles},
          {"nic_cycles_evaluated", host.nic_cycles_evaluated},
          {"interrupts", host.interrupts},
          {"polls", host.polls},
          {"notifications", host.notifications},
          {"rx_packets", host.rx_packets},
          {"tx_packets", host.tx_packets},
          {"rx_dropped", host.rx_dropped},
          {"pcie_up_bytes", host.pcie_up_bytes},
          {"pcie_down_bytes", host.pcie_down_bytes},
          {"iommu_faults", host.iommu_faults},
          {"retransmissions", host.retransmissions},
          {"device_resets", host.device_resets},
          {"cpu_busy_share", host.cpu_busy_share}};
}

}  // namespace

nlohmann::ordered_json to_json(Report const& report) {
  nlohmann::ordered_json json{{"title", report.title},
                              {"nic", report.nic},
                              {"seed", report.seed},
                              {"ok", report.ok},
                              {"bytes_received", report.bytes_received},
                              {"sha256_ok", report.sha256_ok},
                              {"requests_served", report.requests_served},
                              {"bytes_served", report.bytes_served},
                              {"sim_ns", report.sim_ns},
                              {"nic_cycles", report.nic_cycles},
                              {"nic_cycles_evaluated", report.nic_cycles_evaluated},
                              {"wall_seconds", report.wall_seconds},
                              {"cycles_per_second", report.cycles_per_second()},
                              {"event_hash", hex(report.event_hash)},
                              {"interrupts", report.interrupts},
                              {"frames", report.frames},
                              {"frames_lost", report.frames_lost},
                              {"retransmissions", report.retransmissions},
                              {"copies_per_packet", report.copies_per_packet},
                              {"problems", report.problems},
                              {"files", report.files}};
  json["fetches"] = nlohmann::ordered_json::array();
  for (auto const& fetch : report.fetches) json["fetches"].push_back(fetch_json(fetch));
  json["hosts"] = nlohmann::ordered_json::array();
  for (auto const& host : report.hosts) json["hosts"].push_back(host_json(host));
  return json;
}

std::string to_text(Report const& report) {
  std::string text = report.title + " (NIC: " + report.nic + ")\n";
  text += line("  simulated       %.3f us, seed %llu\n", us(report.sim_ns), number(report.seed));
  text += line("  wall time       %.3f s\n", report.wall_seconds);
  if (report.nic_cycles != 0) {
    text += line("  NIC cycles      %llu, of which %llu evaluated; %.2f million a second\n",
                 number(report.nic_cycles), number(report.nic_cycles_evaluated),
                 report.cycles_per_second() / 1e6);
  }
  if (!report.fetches.empty()) {
    text += line("  received        %llu bytes, digest %s\n", number(report.bytes_received),
                 report.sha256_ok ? "right" : "wrong or missing");
  }
  text += line("  served          %llu bytes, requests: %llu\n", number(report.bytes_served),
               number(report.requests_served));
  text += line("  frames          %llu on the wires, %llu lost; %llu segments sent again\n",
               number(report.frames), number(report.frames_lost), number(report.retransmissions));
  text += line("  interrupts      %llu\n", number(report.interrupts));
  text += line("  copies          %.2f a data packet\n", report.copies_per_packet);
  text += "  event hash      " + hex(report.event_hash) + "\n";
  for (auto const& fetch : report.fetches) {
    text += "  page            " + fetch.url +
            line(": name %.1f us, connect %.1f us, page %.1f us\n", us(fetch.name_ns),
                 us(fetch.connect_ns), us(fetch.transfer_ns));
  }
  for (auto const& problem : report.problems) text += "  PROBLEM         " + problem + "\n";
  text += report.ok ? "all held\n" : "FAILED\n";
  return text;
}

}  // namespace ringside::testbench
