// Work in a process of its own: whatever happens to it, its parent goes on, and what one such
// process leaves behind in memory the next does not find. SystemC elaborates once in a process.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace ringside::testbench {

class WorkApart {
 public:
  // Begins at once; ends when `work` has returned its result, without running destructors of what
  // the parent had begun, or with its parent. Throws std::system_error if there is no process to
  // be had.
  explicit WorkApart(std::function<std::string()> const& work);
  // Ends it, if it has not ended.
  ~WorkApart();
  WorkApart(WorkApart&& other) noexcept;
  WorkApart& operator=(WorkApart&&) = delete;

  // Becomes readable when there is something to take or the process has ended.
  int descriptor() const { return pipe_; }
  // Takes what there is of its result, waiting for that; true once it has ended.
  bool take();
  void end();

  // Of one that has ended: what it returned, as far as it came to that, and its wait status.
  std::string const& result() const { return result_; }
  int status() const { return status_; }

 private:
  void reap();

  pid_t process_ = -1;
  int pipe_ = -1;
  int status_ = 0;
  std::string result_;
};

}  // namespace ringside::testbench
