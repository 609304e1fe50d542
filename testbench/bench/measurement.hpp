// The measurements that ./ringside bench knows, and what each of them gives.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ringside::testbench {

// The measurement could not be made; one line says why.
struct BenchError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Figures by name, flat and in the order in which they are told.
using Figures = nlohmann::ordered_json;

// What only synth knows.
struct SynthOptions {
  std::filesystem::path rtl;  // another tree of RTL than ours
  std::string only;           // the one block wanted; empty: all of them and the whole
  bool record = false;        // print docs/fpga-cost.md, too
  bool check = false;         // measure nothing: is docs/fpga-cost.md of this RTL?
};

struct BenchOptions {
  bool quick = false;  // for tests: every figure, but times too short to be worth quoting
  SynthOptions synth;
  std::filesystem::path svg;  // moderation: also a plot, into this file
};

struct Measurement {
  std::string_view name;
  std::string_view what;
  Figures (*run)(BenchOptions const&);
};

// `name` may be anything; null if there is no such measurement.
Measurement const* find_measurement(std::string_view name);
std::vector<Measurement> const& measurements();

// One elaborates SystemC: one a process.
Figures measure_nic64(BenchOptions const& options);
Figures measure_kernel(BenchOptions const& options);
Figures measure_moderation(BenchOptions const& options);
Figures measure_synth(BenchOptions const& options);

}  // namespace ringside::testbench
