// The RTL of the NIC as synthesis sees it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ringside::testbench {

// All SystemVerilog files below `root`, relative to it, packages first: no package of ours uses
// another. Throws UserError if there is none.
std::vector<std::string> rtl_files(std::filesystem::path const& root);

// One text of all of them, preprocessed by Yosys: without comments, blank lines, indentation and
// what is only there for simulation or proofs. What is synthesised is this text, so that figures
// depend on nothing else; even line numbers go into names, and names into the order of work.
std::string rtl_text(std::filesystem::path const& root, std::filesystem::path const& work);

// 16 hexadecimal digits.
std::string short_digest(std::string const& text);

// Names a state of the RTL, and of what synthesises it, counts cells and prints the table.
std::string state_of(std::string const& rtl_text);

// Where the scripts for Yosys are, among the sources here.
std::filesystem::path synthesis_scripts();

}  // namespace ringside::testbench
