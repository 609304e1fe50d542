// Cases as TOML files: what a failing run is shrunk to, and what becomes a regression test.
#pragma once

#include <filesystem>
#include <string>

#include "testbench/fuzz/case.hpp"

namespace ringside::testbench::fuzz {

// What is at its simplest is left out. `title` says in a line what the file is about.
std::string to_toml(Case const& drawn, std::string const& title);

// Throws UserError, with file, line and what is expected.
Case read_case(std::filesystem::path const& path);

}  // namespace ringside::testbench::fuzz
