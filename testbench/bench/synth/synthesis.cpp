#include "testbench/bench/synth/synthesis.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <sstream>
#include <thread>

#include "testbench/bench/measurement.hpp"
#include "testbench/bench/synth/blocks.hpp"
#include "testbench/bench/synth/hardware_check.hpp"
#include "testbench/bench/synth/rtl_text.hpp"
#include "testbench/bench/synth/yosys.hpp"
#include "testbench/bench/temporary_directory.hpp"
#include "testbench/check/user_error.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

// One instance, synthesised by a Yosys of its own.
struct Job {
  Block::Instance instance;
  Resources resources;
  LongestPath path;
  std::vector<MappedMemory> memories;
};

// Elaborates once for all jobs; gives the instances' places.
std::vector<std::string> elaborate(std::string const& text, fs::path const& work) {
  write_file(work / "nic.sv", text);
  fs::copy_file(synthesis_scripts() / "levels.v", work / "levels.v");
  std::string const script = "read_verilog -sv nic.sv\n" +
                             read_file(synthesis_scripts() / "elaborate.ys") +
                             "write_rtlil nic.il\ntee -o modules.txt ls\n";
  YosysRun const run = run_yosys(work, work / "elaborate", script);
  if (!run.succeeded) throw BenchError("bench synth: " + last_error(run.log));
  std::vector<std::string> instances;
  std::istringstream words(read_file(work / "modules.txt"));
  for (std::string word; words >> word;) {
    if (word.starts_with("nic.")) instances.push_back(word);
  }
  return instances;
}

void run(Job& job, fs::path const& work, std::size_t number) {
  std::string script = "read_rtlil ../nic.il\n";
  for (std::string const& cut : job.instance.cuts) {
    script += "blackbox " + module_pattern(cut) + '\n';
  }
  script +=
      "setattr -mod -unset top *\nsetattr -mod -set top 1 =" + module_pattern(job.instance.path) +
      '\n' + read_file(synthesis_scripts() / "synthesize.ys");
  fs::path const directory = work / std::to_string(number);
  fs::create_directory(directory);
  YosysRun const yosys = run_yosys(directory, directory, script);
  if (!yosys.succeeded) {
    throw BenchError("bench synth: " + job.instance.path + ": " + last_error(yosys.log));
  }
  job.path = read_longest_path(read_file(directory / "path.txt"));
  job.memories = read_memories(read_file(directory / "memories.il"));
  job.resources = count_cells(read_file(directory / "cells.json"));
  job.resources.levels = job.path.levels;
}

// In the order given, as many at once as there are processors.
void run_all(std::vector<Job>& jobs, fs::path const& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failures(jobs.size());
  auto const take_turns = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      try {
        run(jobs[i], work, i);
      } catch (...) {
        failures[i] = std::current_exception();
        next = jobs.size();
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
      workers.emplace_back(take_turns);
    }
  }
  for (std::exception_ptr const& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

std::vector<Block> chosen(std::vector<Block> blocks, std::string const& only) {
  if (only.empty()) return blocks;
  std::string names;
  for (Block const& block : blocks) {
    if (block.name == only) return {block};
    names += (names.empty() ? "" : ", ") + block.name;
  }
  throw UserError("bench synth: there is no block \"" + only + "\"; choose one of: " + names);
}

}  // namespace

Synthesis synthesize(fs::path const& rtl, std::string const& only) {
  Synthesis result;
  result.yosys = yosys_version();
  TemporaryDirectory const directory;
  fs::path const& work = directory.path();
  std::string const text = rtl_text(rtl, work / "preprocess");
  result.state = state_of(text);
  std::vector<Block> const blocks = chosen(blocks_of(elaborate(text, work)), only);

  // The whole takes longest and begins first.
  std::vector<Job> jobs;
  if (only.empty()) jobs.push_back({{"nic", {}}, {}, {}, {}});
  for (Block const& block : blocks) {
    for (Block::Instance const& instance : block.instances) jobs.push_back({instance, {}, {}, {}});
  }
  if (only.empty()) {
    check_hardware(rtl, "nic", work / "check");
  } else {
    for (Job const& job : jobs) check_hardware(rtl, job.instance.path, work / "check");
  }
  run_all(jobs, work);

  auto job = jobs.begin();
  if (only.empty()) {
    result.total = job->resources;
    result.deepest_from = job->path.from;
    result.memories = job->memories;
    ++job;
  }
  for (Block const& block : blocks) {
    SynthesizedBlock& synthesized = result.blocks.emplace_back();
    synthesized.name = block.name;
    for (std::size_t i = 0; i < block.instances.size(); ++i) {
      synthesized.resources += (job++)->resources;
    }
  }
  return result;
}

}  // namespace ringside::testbench
