#include "tests/rtl/virtio/notify_bench.hpp"

#include <algorithm>
#include <cassert>

#include "tests/rtl/virtio/bits.hpp"

namespace ringside::testbench {

namespace {

constexpr unsigned kConfigBits = 202;
constexpr unsigned kModerationBits = 84;

}  // namespace

NotifyBench::NotifyBench(std::uint64_t seed, Timing timing)
    : dut_(std::make_unique<Vnotifier>()),
      reads_(memory_, timing, Random(seed).stream("reads")),
      random_(Random(seed).stream("bench")) {
  for (int queue = 0; queue < kQueues; ++queue) {
    configure(queue, 8);
    moderate(queue, 0, 0);
    set_area_address(queue, kAreas[queue]);
  }
  dut_->event_idx_i = 1;
  dut_->live_i = 1;
  dut_->flush_i = 0;
  dut_->rst_i = 1;
  for (int i = 0; i < 3; ++i) {
    dut_->clk_i = 0;
    dut_->eval();
    dut_->clk_i = 1;
    dut_->eval();
  }
  dut_->rst_i = 0;
}

void NotifyBench::configure(int queue, std::uint16_t size) {
  size_[queue] = size;
  set_bits(dut_->config_i, kConfigBits * queue + 201, 1, 1);
  set_bits(dut_->config_i, kConfigBits * queue + 192, 9, size);
}

void NotifyBench::set_area_address(int queue, std::uint64_t address) {
  set_bits(dut_->config_i, kConfigBits * queue + 64, 64, address);
}

void NotifyBench::moderate(int queue, std::uint32_t max_packets, std::uint64_t max_ps) {
  set_bits(dut_->moderation_i, kModerationBits * queue, 52, max_ps);
  set_bits(dut_->moderation_i, kModerationBits * queue + 52, 32, max_packets);
}

void NotifyBench::set_area(int queue, std::uint16_t flags, std::uint16_t off, bool wrap) {
  memory_.write(kAreas[queue], 2, off | (wrap ? 0x8000U : 0U));
  memory_.write(kAreas[queue] + 2, 2, flags);
}

void NotifyBench::set_flush(bool flush) {
  dut_->flush_i = flush;
  if (!flush) return;
  packets_ = 0;
  for (int queue = 0; queue < kQueues; ++queue) {
    slot_[queue] = 0;
    wrap_[queue] = true;
    not_looked_[queue] = 0;
  }
}

void NotifyBench::packet(int queue, std::uint16_t slots) {
  assert(packets_ == 0);
  packets_ = 1U << queue;
  slot_[queue] = static_cast<std::uint16_t>(slot_[queue] + slots);
  if (slot_[queue] >= size_[queue]) {
    slot_[queue] = static_cast<std::uint16_t>(slot_[queue] - size_[queue]);
    wrap_[queue] = !wrap_[queue];
  }
}

void NotifyBench::cycle() {
  ++evaluated_;
  dut_->time_ps_i = now_;
  dut_->used_packet_i = packets_;
  unsigned slots = 0;
  unsigned wraps = 0;
  for (unsigned queue = 0; queue < kQueues; ++queue) {
    slots |= static_cast<unsigned>(slot_[queue]) << (8 * queue);
    wraps |= (wrap_[queue] ? 1U : 0U) << queue;
  }
  dut_->used_slot_i = slots;
  dut_->used_wrap_i = wraps;
  dut_->request_ready_i = reads_.draw_ready();
  dut_->interrupt_ready_i = refuse_ ? 0 : 3;
  auto const beat = reads_.step();
  dut_->answer_valid_i = beat.has_value();
  if (beat) {
    set_bits(dut_->answer_i, 0, 64, beat->low);
    set_bits(dut_->answer_i, 64, 64, beat->high);
    set_bits(dut_->answer_i, 133, 4, beat->offset);
    set_bits(dut_->answer_i, 137, 1, beat->error ? 1 : 0);
  }
  dut_->clk_i = 0;
  dut_->eval();
  bool const accepted = dut_->request_valid_o != 0 && dut_->request_ready_i != 0;
  bool const free = dut_->request_valid_o == 0 || accepted;
  if (accepted)
    reads_.accept(bits(dut_->request_o, 16, 64),
                  static_cast<std::uint32_t>(bits(dut_->request_o, 0, 16)));
  for (int queue = 0; queue < kQueues; ++queue)
    if ((dut_->interrupt_valid_o & dut_->interrupt_ready_i & (1U << queue)) != 0)
      interrupts_.push_back({queue, now_});
  dut_->clk_i = 1;
  dut_->eval();
  if (free && dut_->request_valid_o != 0) {
    std::uint64_t const address = bits(dut_->request_o, 16, 64);
    int const queue = address == kAreas[0] ? 0 : 1;
    looks_.push_back({queue, now_, not_looked_[queue]});
    not_looked_[queue] = 0;
  }
  for (unsigned queue = 0; queue < kQueues; ++queue) not_looked_[queue] += packets_ >> queue & 1;
  packets_ = 0;
  errors_ |= dut_->error_o;
  now_ += kCyclePs;
  dut_->used_packet_i = 0;
  dut_->answer_valid_i = 0;
  dut_->time_ps_i = now_;
  dut_->clk_i = 0;
  dut_->eval();
}

void NotifyBench::cycles(int count) {
  for (int i = 0; i < count; ++i) cycle();
}

bool NotifyBench::quiet() {
  return dut_->quiescent_o != 0 && dut_->request_valid_o == 0 && dut_->interrupt_valid_o == 0 &&
         reads_.idle() && packets_ == 0;
}

void NotifyBench::run_until(std::uint64_t ps) {
  while (now_ < ps) {
    if (skip_ && quiet()) {
      // The first cycle at or after the deadline is the next in which something may happen.
      std::uint64_t const next = std::min(ps, dut_->deadline_ps_o);
      if (next > now_) {
        now_ += (next - now_ + kCyclePs - 1) / kCyclePs * kCyclePs;
        dut_->time_ps_i = now_;
        dut_->eval();
        continue;
      }
    }
    cycle();
  }
}

void NotifyBench::settle() {
  for (int i = 0; i < 2000 && (i < 4 || !quiet()); ++i) cycle();
}

}  // namespace ringside::testbench
