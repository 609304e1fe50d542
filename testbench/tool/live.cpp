// ./ringside live: a simulated host that the machine's own kernel reaches through a TAP interface.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "testbench/net/tap.hpp"
#include "testbench/nic/nic_kind.hpp"
#include "testbench/scenario/simulation.hpp"
#include "testbench/tool/command.hpp"
#include "testbench/tool/interruption.hpp"
#include "testbench/tool/numbers.hpp"

namespace ringside::testbench {

namespace {

using WallClock = std::chrono::steady_clock;

constexpr char kTapEnd[] = "tap";

struct LiveArguments {
  std::string scenario;
  std::string tap;
  std::string tap_address = "10.9.0.1/24";
  std::string nic = "rtl";
  double seconds = 0;
  bool quiet = false;
  bool verbose = false;
};

// The host that is there without a scenario.
Scenario default_scenario() {
  Scenario scenario;
  scenario.title = "A simulated web server behind a TAP interface";
  HostConfig host;
  host.name = "server";
  host.address = {stack::Ipv4Address::of(10, 9, 0, 2), 24};
  host.applications.emplace_back(HttpServerApplication{});
  scenario.hosts.push_back(std::move(host));
  scenario.cables.push_back({"server", kTapEnd, Duration{500'000}, {}});
  return scenario;
}

// Simulated time follows the wall clock where it can. Where it can not, it falls behind: time that
// has been lost by more than kMaxLag is not made up for.
class Pace {
 public:
  // How much simulated time is due; 0 if the simulation is ahead.
  Duration due(TimePoint simulated) {
    Duration const wall = std::chrono::duration_cast<Duration>(WallClock::now() - begin_);
    Duration lag = wall - lost_ - simulated.time_since_epoch();
    if (lag > kMaxLag) {
      lost_ += lag - kMaxLag;
      lag = kMaxLag;
    }
    return std::max(lag, Duration{0});
  }
  Duration lost() const { return lost_; }

 private:
  static constexpr Duration kMaxLag{5'000'000'000};
  WallClock::time_point begin_ = WallClock::now();
  Duration lost_{0};
};

void run_paced(Simulation& simulation, TapEnd& tap, TapDevice const& device, double seconds) {
  constexpr Duration kSlice{50'000'000};
  constexpr int kWait_ms = 1;
  auto const begin = WallClock::now();
  Pace pace;
  while (!interrupted() && !simulation.in_trouble()) {
    if (seconds > 0 && std::chrono::duration<double>(WallClock::now() - begin).count() > seconds) {
      break;
    }
    unsigned const frames = tap.pump();
    Duration const due = pace.due(present());
    if (due > Duration{0} || frames > 0) {
      simulation.advance(std::clamp(due, kNicCycle, kSlice));
      continue;
    }
    pollfd wait{device.descriptor(), POLLIN, 0};
    ::poll(&wait, 1, kWait_ms);
  }
}

stack::Ipv4Prefix parse_address(std::string const& text, Scenario const& scenario) {
  auto const parsed = stack::Ipv4Prefix::parse(text);
  if (!parsed) {
    throw TapError("--tap-address " + text +
                   " is no address with a prefix; give one such as 10.9.0.1/24");
  }
  for (HostConfig const& host : scenario.hosts) {
    if (host.address.address == parsed->address) {
      throw TapError("--tap-address " + text + " is the address of host \"" + host.name +
                     "\"; give the machine another in its network");
    }
  }
  return *parsed;
}

void say_hello(Scenario const& scenario, TapDevice const& device) {
  std::cout << "live on " << device.name() << (device.made_here() ? " (made for this run)" : "")
            << ", paced by the wall clock; ";
  for (auto const& host : scenario.hosts) {
    std::cout << host.name << " is " << host.address.address.to_string() << "; ";
  }
  std::cout << "end with Ctrl-C" << std::endl;
  if (!device.is_up()) {
    std::cout << device.name() << " is down, so nothing gets through; ip link set " << device.name()
              << " up" << std::endl;
  }
}

int live(LiveArguments const& arguments) {
  Scenario const scenario =
      arguments.scenario.empty() ? default_scenario() : load_scenario(arguments.scenario, kTapEnd);
  TapDevice device(arguments.tap, parse_address(arguments.tap_address, scenario));
  std::unique_ptr<TapEnd> tap;
  SimulationOptions options;
  options.nic_name = arguments.nic;
  if (!arguments.quiet) options.story = &std::cout;
  if (!arguments.verbose) options.telling = Telling::LeaveOutRoutine;
  options.external_name = kTapEnd;
  options.external = [&](Timeline& timeline) -> ExternalEnd& {
    tap = std::make_unique<TapEnd>(timeline, device);
    return *tap;
  };
  note_interruptions();
  Report report;
  {
    Simulation simulation(scenario, nic_maker(arguments.nic, {}), options);
    say_hello(scenario, device);
    run_paced(simulation, *tap, device, arguments.seconds);
    report = simulation.finish();
  }
  TapStatistics const& counted = tap->statistics();
  std::cout << '\n'
            << to_text(report) << "  from the kernel " << counted.from_kernel
            << " frames, to the kernel " << counted.to_kernel << ", refused by it "
            << counted.refused << ", damaged " << counted.bad << '\n';
  return report.ok ? kAllHeld : kCheckFailed;
}

}  // namespace

Command add_live(CLI::App& app) {
  auto const arguments = std::make_shared<LiveArguments>();
  CLI::App* const command =
      app.add_subcommand("live", "a simulated host that this machine's kernel can reach");
  command->add_option("scenario", arguments->scenario,
                      "a TOML file with a cable to \"tap\"; without one, a web server at 10.9.0.2");
  command->add_option("--tap", arguments->tap, "TAP interface; made, and removed again, if missing")
      ->required();
  command
      ->add_option("--tap-address", arguments->tap_address,
                   "what a TAP interface that is made here gets")
      ->capture_default_str();
  command->add_option("--nic", arguments->nic, "which NIC the hosts have")
      ->check(CLI::IsMember(nic_kinds()))
      ->capture_default_str();
  command->add_option("--seconds", arguments->seconds, "end after so much wall time")
      ->check(positive_seconds());
  command->add_flag("--quiet", arguments->quiet, "print no story");
  command->add_flag("--verbose", arguments->verbose, "leave nothing out of the story");
  return [arguments] { return live(*arguments); };
}

}  // namespace ringside::testbench
