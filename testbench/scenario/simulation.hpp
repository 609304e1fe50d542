// A scenario brought to life: hosts, NICs, cables, switches, and what they leave behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "testbench/app/dns_server.hpp"
#include "testbench/app/fetch.hpp"
#include "testbench/app/http_server.hpp"
#include "testbench/check/narrator.hpp"
#include "testbench/host/host.hpp"
#include "testbench/net/cable.hpp"
#include "testbench/net/capture.hpp"
#include "testbench/net/external_end.hpp"
#include "testbench/net/learning_switch.hpp"
#include "testbench/scenario/report.hpp"
#include "testbench/scenario/scenario.hpp"

namespace ringside::testbench {

struct SimulationOptions {
  std::string nic_name;                           // for the report: "rtl", "model"
  std::optional<std::filesystem::path> captures;  // directory for one capture a wire end
  std::ostream* story = nullptr;                  // where the story is told
  Telling telling = Telling::Everything;
  std::ostream* progress = nullptr;   // where a line keeps saying how far it is
  std::function<bool()> interrupted;  // asked now and then: whether to give up
  // Makes the end of a cable that leads to this name.
  std::string external_name;
  std::function<ExternalEnd&(Timeline&)> external;
};

// The run was given up because its options said so.
struct Interrupted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Elaborates SystemC: one a process.
class Simulation {
 public:
  Simulation(Scenario const& scenario, NicMaker const& make_nic, SimulationOptions const& options);
  ~Simulation();

  // Until all that the scenario waits for is done, or its limit is reached. Throws CaptureError,
  // Interrupted.
  Report run();

  // For runs that are paced from outside: lets so much time pass; then finish() instead of run().
  void advance(Duration duration);
  // A NIC that is watched was seen to do wrong: the report will say what.
  bool in_trouble() const;
  Report finish();

  Timeline& timeline() { return timeline_; }
  Host& host(std::string const& name);

 private:
  struct Fetch {
    std::string host;
    Url url;
    Duration start;
    bool done = false;
    FetchResult result;
  };

  // After the last application is done: time for connections to close in order.
  static constexpr Duration kSettle{2'000'000'000};
  static constexpr Duration kSlice{100'000'000};

  void add_cable(CableConfig const& config, Random const& random);
  void attach(std::string const& end, std::string const& other, CableDirection& out,
              CableDirection& in);
  void watch(std::string const& end, std::string const& other, CableDirection& out,
             CableDirection& in);
  void tell_of_frame(std::string const& end, WireFrame const& frame, std::string what);
  bool is_switch(std::string const& name) const;
  void start_applications(Host& host, HostConfig const& config);
  void start_name_server(Host& host, DnsServerApplication const& server);
  void finished(Fetch& fetch);
  void run_slices();
  void look_for_trouble();
  bool all_done() const;
  void show_progress(double wall_seconds);
  void clear_progress();
  void fill(Report& report);
  void add_fetch(Report& report, Fetch const& fetch) const;
  void add_host(Report& report, Host& host) const;
  void find_problems(Report& report) const;
  std::uint64_t event_hash() const;

  Scenario scenario_;
  SimulationOptions options_;
  Timeline timeline_;
  Origin origin_;
  Narrator narrator_;
  std::vector<std::unique_ptr<Host>> hosts_;
  std::vector<std::pair<std::string, std::unique_ptr<LearningSwitch>>> switches_;
  std::vector<unsigned> next_port_;  // of each switch
  std::vector<std::unique_ptr<Cable>> cables_;
  std::vector<std::unique_ptr<Capture>> captures_;
  std::vector<std::unique_ptr<Fetch>> fetches_;
  std::vector<std::unique_ptr<HttpServerStatistics>> web_servers_;
  std::vector<std::unique_ptr<DnsServerStatistics>> name_servers_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  TimePoint end_ = kNever;  // set when all is done
};

}  // namespace ringside::testbench
