// ./ringside fuzz: random runs in lock-step, what they covered, and what failed, made small.
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "testbench/check/event_hash.hpp"
#include "testbench/fuzz/case_file.hpp"
#include "testbench/fuzz/coverage.hpp"
#include "testbench/fuzz/draw.hpp"
#include "testbench/fuzz/fuzzed_nic.hpp"
#include "testbench/fuzz/runner.hpp"
#include "testbench/fuzz/shrink.hpp"
#include "testbench/tool/command.hpp"
#include "testbench/tool/interruption.hpp"
#include "testbench/tool/numbers.hpp"
#include "testbench/tool/out_directory.hpp"
#include "testbench/tool/seed_range.hpp"

namespace ringside::testbench {

namespace {

using fuzz::Case;
using fuzz::Coverage;
using fuzz::Outcome;

constexpr char kCoverageFile[] = "coverage.json";
constexpr std::size_t kMostShrunk = 5;  // what one bug breaks many seeds find

struct FuzzArguments {
  std::string seeds;
  std::string shard;
  std::vector<std::string> replay;
  std::vector<std::string> merge;
  std::string out = "out/fuzz";
  std::int64_t jobs = ::sysconf(_SC_NPROCESSORS_ONLN);
  bool no_shrink = false;
};

std::string first_line(std::string const& text) { return text.substr(0, text.find('\n')); }

void write_file(std::filesystem::path const& path, std::string const& text) {
  std::ofstream file(path);
  file << text;
  file.flush();
  if (!file) throw UserError("can not write " + path.string() + "; choose another --out directory");
}

std::string hex_of(std::uint64_t value) {
  std::ostringstream text;
  text << std::hex << std::setfill('0') << std::setw(16) << value;
  return text.str();
}

// A line for people that overwrites itself.
class ProgressLine {
 public:
  explicit ProgressLine(std::size_t count) : count_(count) {}
  ~ProgressLine() { clear(); }
  void show(std::size_t done, std::size_t failed) {
    if (!shown_) return;
    double const seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    std::cerr << "\rfuzz: " << done << " of " << count_ << " seeds, " << failed << " failed, "
              << std::fixed << std::setprecision(1) << static_cast<double>(done) / seconds
              << " a second   " << std::flush;
  }
  void clear() const {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
  }

 private:
  std::size_t count_;
  bool shown_ = ::isatty(STDERR_FILENO) != 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// A campaign over seeds, told as it goes.
class Campaign {
 public:
  Campaign(FuzzArguments const& arguments, SeedRange const& seeds)
      : arguments_(arguments), seeds_(seeds), out_(arguments.out), line_(seeds.count()) {}

  int run() {
    auto const begin = std::chrono::steady_clock::now();
    runner_.run_all(
        seeds_.count(), static_cast<std::size_t>(arguments_.jobs),
        [this](std::size_t index) { return fuzz::draw(seeds_.at(index)); },
        [this](std::size_t, Case const& drawn, Outcome const& outcome) {
          if (interrupted()) return false;
          note(drawn, outcome);
          return true;
        });
    line_.clear();
    double const seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    publish(seconds);
    if (interrupted()) {
      std::cout << "interrupted after " << done_ << " of " << seeds_.count() << " seeds\n";
    }
    coverage_.print_holes(std::cout);
    std::cout << done_ << " seeds, " << failures_.size() << " failures, coverage " << std::fixed
              << std::setprecision(1) << coverage_.percent() << " % (" << coverage_.met() << " of "
              << coverage_.bins() << " bins), " << seconds << " s, hash " << hex_of(hash_.value())
              << std::endl;
    return failures_.empty() ? kAllHeld : kCheckFailed;
  }

 private:
  void note(Case const& drawn, Outcome const& outcome) {
    ++done_;
    hash_.add(outcome.hash);
    for (auto const& session : outcome.sessions) coverage_.add(session);
    if (!outcome.held()) {
      line_.clear();
      tell(drawn, outcome);
    }
    line_.show(done_, failures_.size());
  }

  void tell(Case const& drawn, Outcome const& outcome) {
    std::string const seed = std::to_string(drawn.seed);
    std::cout << "seed " << seed << ": " << first_line(outcome.what)
              << "; again: ./ringside fuzz --seeds " << seed << ".." << seed << std::endl;
    nlohmann::ordered_json failure{
        {"seed", drawn.seed}, {"kind", outcome.kind}, {"what", outcome.what}};
    if (!arguments_.no_shrink && failures_.size() < kMostShrunk) {
      std::string const file = "seed-" + seed + ".toml";
      make_small(drawn, outcome, file);
      failure["case"] = file;
    }
    failures_.push_back(std::move(failure));
  }

  void make_small(Case const& drawn, Outcome const& outcome, std::string const& file) {
    auto const fails = [&](Case const& smaller) {
      return !interrupted() && runner_.run(smaller).kind == outcome.kind;
    };
    fuzz::Shrunk const shrunk = fuzz::shrink(drawn, fails);
    std::string const title =
        "Seed " + std::to_string(drawn.seed) + ": " + first_line(runner_.run(shrunk.smallest).what);
    write_file(out_.unfinished() / file, to_toml(shrunk.smallest, title));
    std::cout << "  of " << drawn.actions.size() << " actions " << shrunk.smallest.actions.size()
              << " do, after " << shrunk.runs << " runs: ./ringside fuzz --replay "
              << (out_.path() / file).string() << std::endl;
  }

  void publish(double seconds) {
    write_file(out_.unfinished() / kCoverageFile, coverage_.to_json());
    nlohmann::ordered_json summary;
    summary["first_seed"] = seeds_.first;
    summary["last_seed"] = seeds_.last;
    summary["shard"] = seeds_.shard;
    summary["shards"] = seeds_.shards;
    summary["seeds"] = done_;
    summary["failures"] = failures_;
    summary["coverage_percent"] = coverage_.percent();
    summary["event_hash"] = hex_of(hash_.value());
    summary["wall_seconds"] = seconds;
    out_.publish(summary.dump(2) + "\n");
  }

  FuzzArguments const& arguments_;
  SeedRange seeds_;
  OutDirectory out_;
  ProgressLine line_;
  fuzz::Runner runner_{fuzz::make_fuzzed_nic()};
  std::size_t done_ = 0;
  EventHash hash_;
  Coverage coverage_;
  std::vector<nlohmann::ordered_json> failures_;
};

// Cases from files, each with all that can be said about it.
int replay(std::vector<std::string> const& files) {
  std::vector<Case> cases;
  for (std::string const& file : files) cases.push_back(fuzz::read_case(file));
  fuzz::Runner const runner(fuzz::make_fuzzed_nic());
  std::size_t failed = 0;
  for (std::size_t i = 0; i < cases.size() && !interrupted(); ++i) {
    Outcome const outcome = runner.run(cases[i]);
    if (!outcome.held()) ++failed;
    std::cout << files[i] << ": " << (outcome.held() ? "held" : outcome.what) << ", hash "
              << hex_of(outcome.hash) << std::endl;
  }
  std::cout << files.size() << " cases, " << failed << " failures" << std::endl;
  obey_interruption();
  return failed == 0 ? kAllHeld : kCheckFailed;
}

int merge(FuzzArguments const& arguments) {
  Coverage all;
  for (std::string const& file : arguments.merge) all.merge(Coverage::read(file));
  OutDirectory out(arguments.out);
  write_file(out.unfinished() / kCoverageFile, all.to_json());
  out.publish(nlohmann::ordered_json{{"coverage_percent", all.percent()}}.dump(2) + "\n");
  all.print_holes(std::cout);
  std::cout << arguments.merge.size() << " files, coverage " << std::fixed << std::setprecision(1)
            << all.percent() << " % (" << all.met() << " of " << all.bins() << " bins), in "
            << (out.path() / kCoverageFile).string() << std::endl;
  return kAllHeld;
}

int fuzz_command(FuzzArguments const& arguments) {
  int const ways = (arguments.seeds.empty() ? 0 : 1) + (arguments.replay.empty() ? 0 : 1) +
                   (arguments.merge.empty() ? 0 : 1);
  if (ways != 1) throw UserError("fuzz: give one of --seeds A..B, --replay FILE, --merge FILE");
  if (arguments.seeds.empty() && !arguments.shard.empty()) {
    throw UserError("fuzz: --shard is for --seeds");
  }
  note_interruptions();
  if (!arguments.replay.empty()) return replay(arguments.replay);
  if (!arguments.merge.empty()) return merge(arguments);
  int const status = Campaign(arguments, parse_seeds(arguments.seeds, arguments.shard)).run();
  obey_interruption();
  return status;
}

}  // namespace

Command add_fuzz(CLI::App& app) {
  constexpr std::int64_t kMostJobs = 1024;
  auto const arguments = std::make_shared<FuzzArguments>();
  CLI::App* const command =
      app.add_subcommand("fuzz", "random runs of one NIC, RTL and reference in lock-step");
  command->add_option("--seeds", arguments->seeds, "A..B, both included: a run for each");
  command->add_option("--shard", arguments->shard,
                      "I/N: every N-th of the seeds, from the I-th on");
  command->add_option("--replay", arguments->replay, "run these cases (TOML) instead");
  command->add_option("--merge", arguments->merge, "put these coverage.json together instead");
  command
      ->add_option("--out", arguments->out,
                   "directory for coverage.json, summary.json and the cases that fail")
      ->capture_default_str();
  command->add_option("--jobs", arguments->jobs, "runs at once")
      ->check(whole_number(1, kMostJobs))
      ->capture_default_str();
  command->add_flag("--no-shrink", arguments->no_shrink, "leave failing cases as they are");
  return [arguments] { return fuzz_command(*arguments); };
}

}  // namespace ringside::testbench
