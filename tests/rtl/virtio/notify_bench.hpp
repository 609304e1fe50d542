// notifier on a bench: packets of two queues become used, time passes in steps of 800 ps (which
// every time of the moderation vectors is a multiple of), and interrupts are noted.
#pragma once

#include <Vnotifier.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/rtl/virtio/dma_double.hpp"

namespace ringside::testbench {

class NotifyBench {
 public:
  static constexpr int kQueues = 2;
  static constexpr std::uint64_t kCyclePs = 800;
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  static constexpr std::uint64_t kAreas[kQueues] = {0x1004, 0x200C};
  static constexpr std::uint16_t kEnable = 0;
  static constexpr std::uint16_t kDisable = 1;
  static constexpr std::uint16_t kDesc = 2;

  struct Look {  // a read of a driver's area
    int queue;
    std::uint64_t ps;
    std::uint64_t packets;  // that it looks for
    friend bool operator==(Look const&, Look const&) = default;
  };
  struct Interrupt {
    int queue;
    std::uint64_t ps;
    friend bool operator==(Interrupt const&, Interrupt const&) = default;
  };

  explicit NotifyBench(std::uint64_t seed, Timing timing = {});

  void configure(int queue, std::uint16_t size);
  void moderate(int queue, std::uint32_t max_packets, std::uint64_t max_ps);
  void set_area(int queue, std::uint16_t flags, std::uint16_t off = 0, bool wrap = false);
  void set_area_address(int queue, std::uint64_t address);
  void set_event_idx(bool on) { dut_->event_idx_i = on; }
  void set_live(bool live) { dut_->live_i = live; }
  void set_flush(bool flush);
  void refuse_interrupts(bool on) { refuse_ = on; }

  // A packet of so many slots becomes used in the next cycle; one a cycle.
  void packet(int queue, std::uint16_t slots = 1);
  void cycle();
  void cycles(int count);
  // Until the time is `ps`; that cycle is the next one.
  void run_until(std::uint64_t ps);
  // Until nothing is under way but timers.
  void settle();

  std::uint64_t now() const { return now_; }
  std::vector<Look> const& looks() const { return looks_; }
  std::vector<Interrupt> const& interrupts() const { return interrupts_; }
  bool errored(int queue) const { return (errors_ >> queue & 1) != 0; }
  bool drained() const { return dut_->drained_o != 0; }
  bool reading() const { return !reads_.idle() || dut_->request_valid_o != 0; }
  std::uint64_t deadline() const { return dut_->deadline_ps_o; }
  std::uint16_t position(int queue) const { return slot_[queue]; }
  bool wrap(int queue) const { return wrap_[queue]; }
  // With it, run_until() and settle() jump over cycles in which nothing can happen.
  void skip_quiescent(bool on) { skip_ = on; }
  std::uint64_t evaluated() const { return evaluated_; }

 private:
  bool quiet();

  std::unique_ptr<Vnotifier> dut_;
  Memory memory_{0x4000};
  ReadDouble reads_;
  Random random_;
  std::uint64_t now_ = 0;
  std::uint16_t size_[kQueues] = {};
  std::uint16_t slot_[kQueues] = {};
  bool wrap_[kQueues] = {true, true};
  unsigned packets_ = 0;                    // of the next cycle
  std::uint64_t not_looked_[kQueues] = {};  // packets before it
  bool asking_[kQueues] = {};
  bool refuse_ = false;
  unsigned errors_ = 0;
  bool skip_ = false;
  std::uint64_t evaluated_ = 0;
  std::vector<Look> looks_;
  std::vector<Interrupt> interrupts_;
};

}  // namespace ringside::testbench
