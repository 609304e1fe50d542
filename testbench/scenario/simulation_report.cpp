// What a simulation reports when it is over.
#include <algorithm>

#include "testbench/scenario/simulation.hpp"

namespace ringside::testbench {

void Simulation::fill(Report& report) {
  report.sim_ns = present().time_since_epoch().count() / 1000;
  report.event_hash = event_hash();
  report.sha256_ok = !fetches_.empty();
  for (auto const& fetch : fetches_) add_fetch(report, *fetch);
  for (auto const& server : web_servers_) {
    report.requests_served += server->requests;
    report.bytes_served += server->body_bytes;
  }
  for (auto const& cable : cables_) {
    for (CableDirection const* direction : {&cable->a_to_b, &cable->b_to_a}) {
      report.frames += direction->statistics().frames;
      report.frames_lost += direction->statistics().lost + direction->statistics().corrupted;
    }
  }
  std::uint64_t copies = 0;
  std::uint64_t data_packets = 0;
  for (auto& host : hosts_) {
    add_host(report, *host);
    if (!host->ready()) continue;
    copies += host->tcp().counters().copies + host->device().driver_statistics().copies;
    data_packets += host->tcp().counters().data_packets;
  }
  if (data_packets != 0) {
    report.copies_per_packet = static_cast<double>(copies) / static_cast<double>(data_packets);
  }
}

void Simulation::add_fetch(Report& report, Fetch const& fetch) const {
  FetchResult const& result = fetch.result;
  auto const nanoseconds = [](Duration duration) { return duration.count() / 1000; };
  report.fetches.push_back({fetch.host, fetch.url.to_string(), result.ok, result.status,
                            result.bytes, nanoseconds(result.name_time),
                            nanoseconds(result.connect_time), nanoseconds(result.transfer_time)});
  report.bytes_received += result.bytes;
  report.sha256_ok = report.sha256_ok && result.sha256_ok;
}

void Simulation::add_host(Report& report, Host& host) const {
  HostReport entry;
  entry.name = host.name();
  entry.nic_cycles = host.nic().cycles();
  entry.nic_cycles_evaluated = host.nic().evaluated();
  entry.interrupts = host.function().interrupts();
  entry.pcie_up_bytes = host.link().statistics().up_bytes;
  entry.pcie_down_bytes = host.link().statistics().down_bytes;
  entry.iommu_faults = host.memory().faults();
  entry.cpu_busy_share =
      static_cast<double>(host.cpu().busy_time().count()) /
      static_cast<double>(std::max<std::int64_t>(1, present().time_since_epoch().count()));
  if (host.ready()) {
    NetDeviceStatistics const device = host.device().statistics();
    entry.polls = device.polls;
    entry.notifications = device.notifications;
    entry.rx_packets = device.rx_packets;
    entry.tx_packets = device.tx_packets;
    entry.rx_dropped = device.rx_dropped + device.rx_errors + device.rx_length_errors;
    entry.device_resets = device.resets;
    entry.retransmissions = host.tcp().counters().retransmissions;
  }
  report.nic_cycles += entry.nic_cycles;
  report.nic_cycles_evaluated += entry.nic_cycles_evaluated;
  report.interrupts += entry.interrupts;
  report.retransmissions += entry.retransmissions;
  report.hosts.push_back(entry);
}

void Simulation::find_problems(Report& report) const {
  for (auto const& host : hosts_) {
    if (!host->failure().empty()) report.problems.push_back(host->failure());
    if (auto const trouble = host->nic().trouble()) {
      report.problems.push_back("host " + host->name() + ": " + trouble->what);
      report.trouble_at = std::min(report.trouble_at, trouble->at);
    }
  }
  for (auto const& fetch : fetches_) {
    std::string const what = "host " + fetch->host + ", " + fetch->url.to_string() + ": ";
    if (!fetch->done) {
      bool const cut_off = present() >= TimePoint{scenario_.limit};
      report.problems.push_back(
          what + "not done " +
          (cut_off ? "within the limit of " : "when the run was ended after ") +
          format_microseconds(present()) + ", but " + fetch->result.doing +
          "; look at the captures" + (cut_off ? ", or raise limit_ms" : ""));
    } else if (!fetch->result.ok) {
      report.problems.push_back(what + fetch->result.error);
    }
  }
  for (auto const& host : report.hosts) {
    if (host.iommu_faults != 0) {
      report.problems.push_back("host " + host.name + ": the IOMMU refused " +
                                std::to_string(host.iommu_faults) + " accesses of the NIC");
    }
  }
}

// Each source has hashed its own events; the order here is the scenario's.
std::uint64_t Simulation::event_hash() const {
  EventHash hash;
  for (auto const& host : hosts_) hash.add(host->link().hash().value());
  for (auto const& cable : cables_) {
    hash.add(cable->a_to_b.hash().value());
    hash.add(cable->b_to_a.hash().value());
  }
  for (auto const& fetch : fetches_) hash.add(fetch->result.bytes);
  hash.add(present());
  return hash.value();
}

}  // namespace ringside::testbench
