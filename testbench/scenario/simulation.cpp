#include "testbench/scenario/simulation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ostream>

namespace ringside::testbench {

namespace {

template <class Presets>
auto preset(Presets const& presets, std::string const& name) {
  return *std::find_if(presets.begin(), presets.end(),
                       [&](auto const& entry) { return entry.name == name; });
}

// Locally administered, numbered in the order of the scenario.
MacAddress mac_of(std::size_t index) {
  return {{0x02, 0x52, 0x53, 0, static_cast<std::uint8_t>(index >> 8),
           static_cast<std::uint8_t>(index + 1)}};
}

HostOptions host_options(HostConfig const& config, std::size_t index) {
  HostOptions options;
  options.name = config.name;
  options.mac = mac_of(index);
  options.network = {config.address.address, config.address.length, config.gateway};
  options.name_server = config.name_server;
  options.pcie = preset(kPcieTimings, config.pcie);
  options.cost = preset(kCostModels, config.cpu);
  options.driver.receive_moderation = config.receive_moderation;
  options.driver.transmit_moderation = config.transmit_moderation;
  return options;
}

}  // namespace

Simulation::Simulation(Scenario const& scenario, NicMaker const& make_nic,
                       SimulationOptions const& options)
    : scenario_(scenario),
      options_(options),
      timeline_("timeline"),
      origin_(timeline_.add_origin()),
      narrator_(options.story) {
  Random const random(scenario.seed);
  for (std::size_t i = 0; i < scenario.hosts.size(); ++i) {
    HostOptions const host = host_options(scenario.hosts[i], i);
    hosts_.push_back(std::make_unique<Host>(timeline_, host, random.stream("host " + host.name),
                                            narrator_, make_nic));
  }
  for (auto const& entry : scenario.switches) {
    auto const ports = static_cast<unsigned>(std::count_if(
        scenario.cables.begin(), scenario.cables.end(),
        [&](auto const& cable) { return cable.a == entry.name || cable.b == entry.name; }));
    switches_.emplace_back(entry.name, std::make_unique<LearningSwitch>(timeline_, ports));
    next_port_.push_back(0);
  }
  for (auto const& cable : scenario.cables) {
    add_cable(cable, random.stream("cable " + cable.a + " " + cable.b));
  }
  for (HostConfig const& host : scenario.hosts) {
    for (auto const& application : host.applications) {
      auto const* fetch = std::get_if<FetchApplication>(&application);
      if (fetch == nullptr) continue;
      fetches_.push_back(std::make_unique<Fetch>());
      fetches_.back()->host = host.name;
      fetches_.back()->url = *Url::parse(fetch->url);
      fetches_.back()->start = fetch->start;
    }
  }
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    hosts_[i]->boot([this, i](Host& host) { start_applications(host, scenario_.hosts[i]); });
  }
}

Simulation::~Simulation() = default;

Host& Simulation::host(std::string const& name) {
  auto const found = std::find_if(hosts_.begin(), hosts_.end(),
                                  [&](auto const& host) { return host->name() == name; });
  return **found;
}

void Simulation::add_cable(CableConfig const& config, Random const& random) {
  cables_.push_back(std::make_unique<Cable>(timeline_, config.delay, config.faults, random));
  Cable& cable = *cables_.back();
  attach(config.a, config.b, cable.a_to_b, cable.b_to_a);
  attach(config.b, config.a, cable.b_to_a, cable.a_to_b);
}

// Joins one end of a cable to a host's NIC or to the next free port of a switch.
void Simulation::attach(std::string const& end, std::string const& other, CableDirection& out,
                        CableDirection& in) {
  auto const device = std::find_if(switches_.begin(), switches_.end(),
                                   [&](auto const& entry) { return entry.first == end; });
  if (options_.external && end == options_.external_name) {
    ExternalEnd& external = options_.external(timeline_);
    external.connect(out);
    in.connect(external.receiver());
  } else if (device == switches_.end()) {
    host(end).nic().connect(out);
    in.connect(host(end).nic().receiver());
  } else {
    unsigned const port = next_port_[static_cast<std::size_t>(device - switches_.begin())]++;
    device->second->connect(port, out);
    in.connect(device->second->port(port));
  }
  if (!options_.captures) return;
  std::string const file = (device == switches_.end() ? end : end + "-" + other) + ".pcap";
  captures_.push_back(std::make_unique<Capture>(timeline_, *options_.captures / file));
  Capture& capture = *captures_.back();
  out.listen_at_sender([&capture](WireFrame const& frame) { capture.add(frame); });
  in.listen_at_receiver([&capture](WireFrame const& frame) { capture.add(frame); });
}

void Simulation::start_applications(Host& host, HostConfig const& config) {
  for (auto const& application : config.applications) {
    if (auto const* server = std::get_if<HttpServerApplication>(&application)) {
      servers_.push_back(std::make_unique<HttpServerStatistics>());
      start_http_server(host.sockets(), {server->port, server->page_bytes}, *servers_.back());
    } else if (auto const* names = std::get_if<DnsServerApplication>(&application)) {
      start_name_server(host, *names);
    }
  }
  for (auto& fetch : fetches_) {
    if (fetch->host != host.name()) continue;
    start_fetch(host.sockets(), fetch->url, fetch->start,
                [this, &entry = *fetch](FetchResult const& result) { finished(entry, result); });
  }
}

void Simulation::start_name_server(Host& host, DnsServerApplication const& server) {
  DnsZones zones;
  for (auto const& record : server.records) {
    zones.add(record.name, record.address, record.time_to_live);
  }
  name_servers_.push_back(std::make_unique<DnsServerStatistics>());
  start_dns_server(host.sockets(), std::move(zones), *name_servers_.back());
}

void Simulation::finished(Fetch& fetch, FetchResult const& result) {
  fetch.done = true;
  fetch.result = result;
  if (all_done()) end_ = present() + kSettle;
}

bool Simulation::all_done() const {
  return std::all_of(fetches_.begin(), fetches_.end(), [](auto const& f) { return f->done; });
}

Report Simulation::run() {
  begin_ = std::chrono::steady_clock::now();
  run_slices();
  return finish();
}

void Simulation::advance(Duration duration) { sc_core::sc_start(to_sc_time(duration)); }

Report Simulation::finish() {
  for (auto& capture : captures_) capture->close();
  Report report;
  report.title = scenario_.title;
  report.nic = options_.nic_name;
  report.seed = scenario_.seed;
  report.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  fill(report);
  find_problems(report);
  report.ok = report.problems.empty();
  return report;
}

// Slices only give the progress line its turns: where they end changes nothing in the run.
void Simulation::run_slices() {
  auto shown = begin_;
  TimePoint const limit{scenario_.limit};
  bool const waits_for_something = !fetches_.empty();
  while (present() < std::min(limit, end_)) {
    Duration const slice =
        std::min({kSlice, limit - present(), end_ == kNever ? kSlice : end_ - present()});
    advance(slice);
    bool const failed = std::any_of(hosts_.begin(), hosts_.end(),
                                    [](auto const& host) { return !host->failure().empty(); });
    if (failed && waits_for_something) return;
    auto const now = std::chrono::steady_clock::now();
    if (options_.progress == nullptr || now - shown < std::chrono::milliseconds(200)) continue;
    shown = now;
    show_progress(std::chrono::duration<double>(now - begin_).count());
  }
}

void Simulation::show_progress(double wall_seconds) {
  double const simulated_us = static_cast<double>(present().time_since_epoch().count()) / 1e6;
  std::string waiting;
  for (auto const& fetch : fetches_) {
    if (!fetch->done) waiting += " " + fetch->host + " for " + fetch->url.host;
  }
  std::array<char, 160> text;
  std::snprintf(text.data(), text.size(), "\r%.1f us simulated, %.1f us a second, %llu events%s%s",
                simulated_us, simulated_us / wall_seconds,
                static_cast<unsigned long long>(timeline_.executed()),
                waiting.empty() ? "" : "; waits:", waiting.c_str());
  *options_.progress << text.data() << std::flush;
}

void Simulation::fill(Report& report) {
  report.sim_ns = present().time_since_epoch().count() / 1000;
  report.event_hash = event_hash();
  report.sha256_ok = !fetches_.empty();
  for (auto const& fetch : fetches_) {
    report.bytes_received += fetch->result.bytes;
    report.sha256_ok = report.sha256_ok && fetch->result.sha256_ok;
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

void Simulation::add_host(Report& report, Host& host) const {
  HostReport entry;
  entry.name = host.name();
  entry.nic_cycles = host.nic().cycles();
  entry.nic_cycles_evaluated = host.nic().evaluated();
  entry.interrupts = host.function().interrupts();
  entry.pcie_up_bytes = host.link().statistics().up_bytes;
  entry.pcie_down_bytes = host.link().statistics().down_bytes;
  entry.iommu_faults = host.memory().faults();
  entry.cpu_busy_share = static_cast<double>(host.cpu().busy_time().count()) /
                         static_cast<double>(present().time_since_epoch().count());
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
  }
  for (auto const& fetch : fetches_) {
    std::string const what =
        "host " + fetch->host + ", http://" + fetch->url.host + fetch->url.target + ": ";
    if (!fetch->done) {
      report.problems.push_back(what + "not done within the limit of " +
                                format_microseconds(TimePoint{scenario_.limit}) +
                                "; raise limit_ms or look at the captures");
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
