// What a run failed by.
#pragma once

#include <string>
#include <utility>

namespace ringside::testbench::fuzz {

// Thrown by whoever finds it; never through SystemC's processes. `kind` stays the same while a case
// is made smaller: failures of one kind are taken to have one cause.
struct Failure {
  Failure(std::string kind_of_failure, std::string text)
      : kind(std::move(kind_of_failure)), what(std::move(text)) {}
  std::string kind;
  std::string what;  // perhaps several lines; the first says it
};

}  // namespace ringside::testbench::fuzz
