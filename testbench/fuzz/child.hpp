// A case under way in a child process.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "testbench/check/work_apart.hpp"
#include "testbench/fuzz/case.hpp"
#include "testbench/fuzz/run.hpp"

namespace ringside::testbench::fuzz {

class Child {
 public:
  using Clock = std::chrono::steady_clock;

  // Begins at once. What it writes to its standard output and error is kept.
  Child(Case drawn, MakeNic const& make_nic, std::chrono::seconds processor,
        std::chrono::seconds wall);
  // Ends it, if it has not ended.
  ~Child();
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;

  Case const& drawn() const { return case_; }
  // Becomes readable when there is something to take or the child has ended.
  int descriptor() const { return process_->descriptor(); }
  Clock::time_point deadline() const { return deadline_; }

  // Takes what is there; true once it has ended.
  bool take() { return process_->take(); }
  void end_late();
  Outcome outcome() const;

 private:
  struct Unmap {
    void operator()(Progress* progress) const;
  };

  std::string work(MakeNic const& make_nic, std::chrono::seconds processor) const;
  std::string where() const;
  std::string last_line() const;

  Case case_;
  std::unique_ptr<Progress, Unmap> progress_;  // shared with the child
  int output_ = -1;
  bool late_ = false;
  Clock::time_point deadline_;
  std::optional<WorkApart> process_;
};

}  // namespace ringside::testbench::fuzz
