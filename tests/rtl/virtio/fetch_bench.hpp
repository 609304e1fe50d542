// descriptor_fetch on a bench: two queues, their drivers, memory with random latency, and consumers
// that take elements by hand or at random.
#pragma once

#include <Vdescriptor_fetch.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "tests/rtl/virtio/dma_double.hpp"
#include "tests/rtl/virtio/ring_driver.hpp"

namespace ringside::testbench {

// It starts with two enabled queues of 8 slots that have looked at their zero rings.
class FetchBench {
 public:
  static constexpr int kQueues = 2;
  static constexpr std::uint64_t kRings[kQueues] = {0x10000, 0x20000};
  static constexpr std::uint64_t kTables = 0x40000;  // up to the end
  static constexpr std::size_t kMemory = 0x100000;

  explicit FetchBench(std::uint64_t seed, Timing timing = {});

  // A new session with queues of these sizes, which have looked at their zero rings.
  void configure(std::uint16_t receive_size, std::uint16_t transmit_size);
  // The same for a session that has not begun.
  void set_up(std::uint16_t receive_size, std::uint16_t transmit_size);
  void set_base(int queue, std::uint64_t base);
  void set_areas(int queue, std::uint64_t driver, std::uint64_t device);
  void set_live(bool live) { dut_->live_i = live; }
  void set_indirect(bool on) { dut_->indirect_desc_i = on; }

  void notify(int queue) { notify_ |= 1U << queue; }
  void take(int queue) { take_ |= 1U << queue; }
  void commit(int queue) { commit_ |= 1U << queue; }
  void rewind(int queue) { rewind_ |= 1U << queue; }
  void cycle();
  void cycles(int count);
  // Until `done` or the limit; says whether it came.
  bool wait(std::function<bool()> const& done, int limit = 5000);

  bool valid(int queue) const { return (dut_->element_valid_o >> queue & 1) != 0; }
  Element element(int queue) const;
  // Waits for an element, takes and commits it.
  std::optional<Element> pull(int queue);
  bool empty(int queue) const { return (dut_->empty_o >> queue & 1) != 0; }
  bool full(int queue) const { return (dut_->full_o >> queue & 1) != 0; }
  bool errored(int queue) const { return (errors_ >> queue & 1) != 0; }
  bool drained() const { return dut_->drained_o != 0; }
  bool quiescent() const { return dut_->quiescent_o != 0; }
  void begin_flush() { dut_->flush_i = 1; }
  void end_flush() { dut_->flush_i = 0; }
  // A new session; `change` sets it up before the driver is ready.
  void restart(std::function<void()> const& change);

  RingDriver& driver(int queue) { return *drivers_.at(queue); }
  Memory& memory() { return memory_; }
  ReadDouble& reads() { return reads_; }
  // With it, cycles in which the block says that it is quiescent are left out. The trace of outputs
  // must stay the same.
  void skip_quiescent(bool on) { skip_ = on; }
  std::uint64_t skipped() const { return skipped_; }
  std::uint64_t trace() const { return trace_; }
  std::uint64_t count() const { return reads_.cycle(); }

 private:
  void reset();
  void settle();
  void drive();
  void record();

  std::unique_ptr<Vdescriptor_fetch> dut_;
  Memory memory_{kMemory};
  ReadDouble reads_;
  std::array<std::unique_ptr<RingDriver>, kQueues> drivers_;
  unsigned notify_ = 0;
  unsigned take_ = 0;
  unsigned commit_ = 0;
  unsigned rewind_ = 0;
  unsigned errors_ = 0;
  bool skip_ = false;
  std::uint64_t skipped_ = 0;
  std::uint64_t trace_ = 0;
};

}  // namespace ringside::testbench
