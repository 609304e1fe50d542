// used_writer on a bench: completions of two queues, and memory that is written in its own time.
#pragma once

#include <Vused_writer.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "tests/rtl/virtio/dma_double.hpp"

namespace ringside::testbench {

struct Completion {
  std::uint16_t id = 0;
  std::uint32_t len = 0;
  bool written = false;
  std::uint16_t slots = 1;
  bool more = false;
};

class UsedBench {
 public:
  static constexpr int kQueues = 2;
  static constexpr std::uint64_t kRings[kQueues] = {0x10000, 0x20000};

  struct Packet {
    int queue;
    std::uint8_t slot;  // of the position after it
    bool wrap;
    std::uint64_t cycle;
  };

  explicit UsedBench(std::uint64_t seed, Timing timing = {});

  void configure(std::uint16_t receive_size, std::uint16_t transmit_size);
  void set_base(int queue, std::uint64_t base);
  void set_live(bool live) { dut_->live_i = live; }
  void set_flush(bool flush) { dut_->flush_i = flush; }
  void complete(int queue, Completion const& completion);
  std::size_t waiting(int queue) const { return waiting_[queue].size(); }
  void forget_waiting();

  void cycle();
  void cycles(int count);
  // Until all completions are written and told; says whether that came.
  bool finish(int limit = 20000);

  std::vector<Packet> const& packets() const { return packets_; }
  bool errored(int queue) const { return (errors_ >> queue & 1) != 0; }
  bool drained() const { return dut_->drained_o != 0; }
  Memory& memory() { return memory_; }
  WriteDouble& writes() { return writes_; }
  std::uint64_t count() const { return count_; }
  void skip_quiescent(bool on) { skip_ = on; }
  std::uint64_t skipped() const { return skipped_; }

 private:
  std::unique_ptr<Vused_writer> dut_;
  Memory memory_{0x40000};
  WriteDouble writes_;
  Random random_;
  std::deque<Completion> waiting_[kQueues];
  std::vector<Packet> packets_;
  unsigned errors_ = 0;
  std::uint64_t count_ = 0;
  bool skip_ = false;
  std::uint64_t skipped_ = 0;
};

}  // namespace ringside::testbench
