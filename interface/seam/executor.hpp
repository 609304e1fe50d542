// The seam between a host's code and time: when work runs, in which context, and what it costs.
#pragma once

#include <cstdint>

#include "interface/base/time.hpp"
#include "interface/base/unique_function.hpp"

namespace ringside {

// The contexts of a kernel, most urgent first. Work of one context runs in the order it was posted;
// nothing preempts running work (one CPU, run to completion), so no code of a host is re-entered.
enum class Context : std::uint8_t {
  Interrupt,  // hard interrupt: masks and schedules, nothing else
  Softirq,    // NAPI polls, protocol timers
  Process,    // applications and system calls
};

// What a CPU spends time on. The executor knows the price (a named preset of the cost model).
enum class Work : std::uint8_t {
  InterruptEntry,  // once an interrupt
  SoftirqEntry,    // once a poll
  ReceivePacket,   // once a packet, driver and stack together, data not touched
  TransmitPacket,  // once a packet, stack and driver together, data not touched
  CopyByte,        // once a byte copied between application and kernel
  SystemCall,      // once a call
  ContextSwitch,   // once a wake-up of an application
};

using TimerId = std::uint64_t;
inline constexpr TimerId kNoTimer = 0;

// One per host. Calls come from the host's own work or from the simulation between two works.
class Executor {
 public:
  virtual ~Executor() = default;

  virtual TimePoint now() const = 0;

  // Runs `work` at the present time, after what runs now, in the order of contexts then of posting.
  virtual void post(Context context, UniqueFunction<void()> work) = 0;

  // Runs `work` at `when` (at once, as by post, if that has passed). Equal times keep their order.
  virtual TimerId run_at(TimePoint when, Context context, UniqueFunction<void()> work) = 0;

  // Forgets a timer; one that has run, or kNoTimer, is ignored.
  virtual void cancel(TimerId timer) = 0;

  // Lets the CPU time pass that `amount` of `work` takes. Returns when it has passed; meanwhile the
  // outside world goes on, this host's other work waits.
  virtual void spend(Work work, std::uint64_t amount = 1) = 0;
};

}  // namespace ringside
