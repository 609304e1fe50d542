// ./ringside fuzz, and nothing else, with the fault of the number in RINGSIDE_PLANTED.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "testbench/check/user_error.hpp"
#include "testbench/tool/command.hpp"

extern "C" unsigned char planted_fault() {
  char const* const chosen = std::getenv("RINGSIDE_PLANTED");
  return chosen == nullptr ? 0 : static_cast<unsigned char>(std::atoi(chosen));
}

int main(int argc, char** argv) {
  using namespace ringside::testbench;
  CLI::App app;
  Command const fuzz = add_fuzz(app);
  CLI11_PARSE(app, argc, argv);
  try {
    return fuzz();
  } catch (UserError const& error) {
    std::cerr << error.what() << '\n';
    return kWrongUse;
  }
}
