#include "testbench/bench/synth/cost_document.hpp"

#include <algorithm>
#include <cmath>
#include <regex>
#include <sstream>

#include "testbench/bench/measurement.hpp"
#include "testbench/bench/synth/rtl_text.hpp"
#include "testbench/bench/synth/yosys.hpp"

namespace ringside::testbench {

namespace fs = std::filesystem;

namespace {

constexpr char const* kIntroduction =
    R"(# FPGA cost

What the NIC takes of an AMD UltraScale+ device: Yosys' `synth_xilinx -family xcup -abc9`, out of
context, neither placed nor routed. Printed by `./ringside bench synth --record`: do not edit, run
that after a change of `rtl/` (some minutes).

)";

constexpr char const* kReading =
    R"(
- Each block is synthesised for itself. `transmit` and `receive` are without the MAC, `registers`
  without MSI-X, and `rest` is what `nic.sv` has around its blocks. The NIC as a whole takes less
  than the sum, because what is constant or equal across blocks goes.
- A LUT is one cell: pairs of small ones are not packed into one, and an inverter counts. Memory
  means small memories in LUTs, which are part of the LUTs.
- BRAM counts RAMB36; a RAMB18 is half of one.
- Levels are the cells in a row on the longest path between registers, block RAMs and pins: LUTs,
  DSPs, and carry blocks of four bits each, so that a sum of 64 bits has 16. They are a trend and no
  clock rate.
- No latch, no combinational loop, no wire with several drivers or none: checked before.
)";

constexpr char const* kMemories = R"(
## Memories

What each memory became; one that is not here became flip-flops.

| Memory | Cells | BRAM | LUT |
|---|---|---|---|
)";

// A small device of the family, for scale.
struct Device {
  char const* name;
  double lut, ff, bram, dsp;
};
constexpr Device kDevice{"XCKU3P", 162'720, 325'440, 360, 1'368};

void put_row(std::ostream& out, std::string const& name, Resources const& taken) {
  out << "| " << name << " | " << taken.lut << " | " << taken.lut_memory << " | " << taken.ff
      << " | " << taken.bram() << " | " << taken.dsp << " | " << taken.levels << " |\n";
}

std::string percent(double part, double whole) {
  std::ostringstream text;
  text << std::round(1'000 * part / whole) / 10 << " %";
  return text.str();
}

void put_memory(std::ostream& out, MappedMemory const& memory) {
  Resources const taken = resources_of(memory);
  out << "| `" << memory.name << "` | " << memory.count << " " << memory.cell << " | ";
  if (taken.half_bram > 0) out << taken.bram();
  out << " | ";
  if (taken.lut > 0) out << taken.lut;
  out << " |\n";
}

std::string last_line(std::string const& text, std::string const& state, std::string const& yosys) {
  return "<!-- RTL " + state + ", Yosys " + yosys + ", all above " + short_digest(text) + " -->\n";
}

}  // namespace

std::string cost_document(Synthesis const& synthesis) {
  std::ostringstream out;
  out << kIntroduction
      << "| Block | LUT | of these memory | FF | BRAM | DSP | Levels "
         "|\n|---|---|---|---|---|---|---|"
         "\n";
  for (SynthesizedBlock const& block : synthesis.blocks) {
    put_row(out, '`' + block.name + '`', block.resources);
  }
  Resources const& total = synthesis.total;
  put_row(out, "**the NIC as a whole**", total);
  out << "| share of an " << kDevice.name << " | " << percent(total.lut, kDevice.lut) << " | | "
      << percent(total.ff, kDevice.ff) << " | " << percent(total.bram(), kDevice.bram) << " | "
      << percent(total.dsp, kDevice.dsp) << " | |\n";
  out << kReading;
  if (!synthesis.deepest_from.empty()) {
    out << "- The deepest path begins at `" << synthesis.deepest_from << "`.\n";
  }
  out << kMemories;
  for (MappedMemory const& memory : synthesis.memories) put_memory(out, memory);
  out << '\n';
  return out.str() + last_line(out.str(), synthesis.state, synthesis.yosys);
}

void check_cost_document(fs::path const& path, std::string const& state, std::string const& yosys) {
  std::string const what = "bench synth: " + path.filename().string();
  std::string const remedy = "; run ./ringside bench synth --record and commit docs/fpga-cost.md";
  if (!fs::exists(path)) throw BenchError(what + " is not there" + remedy);
  std::string const text = read_file(path);
  std::size_t const end = std::min(text.rfind("<!-- "), text.size());
  static std::regex const mark(R"(<!-- RTL (\w+), Yosys (\S+), all above \w+ -->\n)");
  std::string const tail = text.substr(end);
  std::smatch match;
  if (!std::regex_match(tail, match, mark)) throw BenchError(what + " has lost its end" + remedy);
  if (match[2] != yosys) {
    throw BenchError(what + " is by Yosys " + match[2].str() + ", and this is " + yosys + remedy);
  }
  if (match[1] != state) throw BenchError(what + " is of another rtl/" + remedy);
  if (tail != last_line(text.substr(0, end), state, yosys)) {
    throw BenchError(what + " was changed by hand" + remedy);
  }
}

}  // namespace ringside::testbench
