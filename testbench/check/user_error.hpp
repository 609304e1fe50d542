// What only the user can put right: a mistake, or a machine that will not do what was asked.
#pragma once

#include <stdexcept>

namespace ringside::testbench {

// One line: what is wrong, where, and what to do. Ends a command with the status of wrong use.
struct UserError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace ringside::testbench
