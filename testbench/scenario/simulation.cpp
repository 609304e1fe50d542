#include "testbench/scenario/simulation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ostream>

#include "testbench/net/frame_text.hpp"

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
      narrator_(options.story, options.telling) {
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

// Lets what a CPU is in the middle of come to its end: it may hold coroutines and connections.
Simulation::~Simulation() {
  narrator_.fall_silent();
  bool any_at_work = false;
  for (auto const& host : hosts_) {
    host->halt();
    any_at_work = any_at_work || host->cpu().at_work();
  }
  // SystemC complains when it is started and nobody has anything to do.
  bool const can_go_on = sc_core::sc_get_status() == sc_core::SC_PAUSED;
  if (any_at_work && can_go_on) sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

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
  watch(end, other, out, in);
}

bool Simulation::is_switch(std::string const& name) const {
  return std::any_of(switches_.begin(), switches_.end(),
                     [&](auto const& entry) { return entry.first == name; });
}

// What passes an end of a cable goes into a capture and into the story.
void Simulation::watch(std::string const& end, std::string const& other, CableDirection& out,
                       CableDirection& in) {
  Capture* capture = nullptr;
  if (options_.captures) {
    // No name has a dot in it, so that two ends never share a file.
    std::string const file = is_switch(end) ? end + "." + other : end;
    captures_.push_back(
        std::make_unique<Capture>(timeline_, *options_.captures / (file + ".pcap")));
    capture = captures_.back().get();
    in.listen_at_receiver([capture](WireFrame const& frame) { capture->add(frame); });
  }
  std::string const where = is_switch(end) ? " to " + other : "";
  out.listen_at_sender([this, capture, end, where](WireFrame const& frame) {
    if (capture != nullptr) capture->add(frame);
    if (narrator_.listening()) {
      std::size_t const size = frame.bytes.size() - WireFrame::kPreambleBytes;
      tell_of_frame(end, frame,
                    std::to_string(size) + "-byte frame leaves" + where + ": " +
                        frame_text(frame.contents()));
    }
  });
  if (narrator_.listening()) {
    out.listen_to_faults([this, end](WireFrame const& frame, std::string_view what) {
      tell_of_frame(end, frame,
                    "the cable's fault: " + frame_text(frame.contents()) + " " + std::string(what));
    });
  }
}

// When its last byte has passed: until then other things may come first.
void Simulation::tell_of_frame(std::string const& end, WireFrame const& frame, std::string what) {
  timeline_.at(frame.end(), origin_, [this, end, what = std::move(what)] {
    narrator_.tell(present(), end, Layer::Wire, what);
  });
}

void Simulation::start_applications(Host& host, HostConfig const& config) {
  for (auto const& application : config.applications) {
    if (auto const* server = std::get_if<HttpServerApplication>(&application)) {
      web_servers_.push_back(std::make_unique<HttpServerStatistics>());
      start_http_server(host.sockets(), {server->port, server->page_bytes}, *web_servers_.back());
    } else if (auto const* names = std::get_if<DnsServerApplication>(&application)) {
      start_name_server(host, *names);
    }
  }
  for (auto& fetch : fetches_) {
    if (fetch->host != host.name()) continue;
    start_fetch(host.sockets(), fetch->url, fetch->start, fetch->result,
                [this, &entry = *fetch] { finished(entry); });
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

void Simulation::finished(Fetch& fetch) {
  fetch.done = true;
  if (all_done()) end_ = present() + kSettle;
}

bool Simulation::all_done() const {
  return std::all_of(fetches_.begin(), fetches_.end(), [](auto const& f) { return f->done; });
}

Report Simulation::run() {
  begin_ = std::chrono::steady_clock::now();
  run_slices();
  clear_progress();
  return finish();
}

bool Simulation::in_trouble() const {
  return std::any_of(hosts_.begin(), hosts_.end(),
                     [](auto const& host) { return host->nic().trouble().has_value(); });
}

void Simulation::advance(Duration duration) { timeline_.advance(duration); }

Report Simulation::finish() {
  narrator_.finish();
  for (auto const& host : hosts_) host->nic().finish();
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
    look_for_trouble();
    bool const failed = std::any_of(hosts_.begin(), hosts_.end(),
                                    [](auto const& host) { return !host->failure().empty(); });
    if (in_trouble() || (failed && waits_for_something)) return;
    auto const now = std::chrono::steady_clock::now();
    if (options_.progress == nullptr || now - shown < std::chrono::milliseconds(200)) continue;
    shown = now;
    show_progress(std::chrono::duration<double>(now - begin_).count());
  }
}

void Simulation::look_for_trouble() {
  for (auto& capture : captures_) {
    if (!capture->failed()) continue;
    clear_progress();
    capture->close();
  }
  if (options_.interrupted && options_.interrupted()) {
    clear_progress();
    throw Interrupted("given up after " + format_microseconds(present()) +
                      " of simulated time; no files are left");
  }
}

void Simulation::show_progress(double wall_seconds) {
  double const simulated_us = static_cast<double>(present().time_since_epoch().count()) / 1e6;
  std::string waiting;
  for (auto const& fetch : fetches_) {
    if (!fetch->done) waiting += "; " + fetch->host + ": " + fetch->result.doing;
  }
  std::array<char, 100> text;
  std::snprintf(text.data(), text.size(), "%.1f us simulated, %.1f us a second, %llu events",
                simulated_us, simulated_us / wall_seconds,
                static_cast<unsigned long long>(timeline_.executed()));
  clear_progress();
  *options_.progress << text.data() << waiting << std::flush;
}

// The cursor is left where the next line of whoever may begin.
void Simulation::clear_progress() {
  if (options_.progress != nullptr) *options_.progress << "\r\33[K" << std::flush;
}

}  // namespace ringside::testbench
