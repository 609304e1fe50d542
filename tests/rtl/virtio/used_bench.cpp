#include "tests/rtl/virtio/used_bench.hpp"

#include "tests/rtl/virtio/bits.hpp"

namespace ringside::testbench {

namespace {

constexpr unsigned kConfigBits = 202;
constexpr unsigned kCompletionBits = 59;

}  // namespace

UsedBench::UsedBench(std::uint64_t seed, Timing timing)
    : dut_(std::make_unique<Vused_writer>()),
      writes_(memory_, timing, Random(seed).stream("writes")),
      random_(Random(seed).stream("bench")) {
  configure(8, 8);
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

void UsedBench::configure(std::uint16_t receive_size, std::uint16_t transmit_size) {
  std::uint16_t const sizes[kQueues] = {receive_size, transmit_size};
  for (int queue = 0; queue < kQueues; ++queue) {
    set_bits(dut_->config_i, kConfigBits * queue + 201, 1, 1);
    set_bits(dut_->config_i, kConfigBits * queue + 192, 9, sizes[queue]);
    set_base(queue, kRings[queue]);
  }
}

void UsedBench::set_base(int queue, std::uint64_t base) {
  set_bits(dut_->config_i, kConfigBits * queue + 128, 64, base);
}

void UsedBench::complete(int queue, Completion const& completion) {
  waiting_[queue].push_back(completion);
}

void UsedBench::forget_waiting() {
  for (auto& waiting : waiting_) waiting.clear();
}

void UsedBench::cycle() {
  ++count_;
  unsigned valid = 0;
  for (int queue = 0; queue < kQueues; ++queue) {
    if (waiting_[queue].empty()) continue;
    valid |= 1U << queue;
    auto const& next = waiting_[queue].front();
    unsigned const lsb = kCompletionBits * queue;
    set_bits(dut_->completion_i, lsb, 32, next.len);
    set_bits(dut_->completion_i, lsb + 32, 16, next.id);
    set_bits(dut_->completion_i, lsb + 48, 9, next.slots);
    set_bits(dut_->completion_i, lsb + 57, 1, next.written ? 1 : 0);
    set_bits(dut_->completion_i, lsb + 58, 1, next.more ? 1 : 0);
  }
  dut_->completion_valid_i = valid;
  dut_->request_ready_i = writes_.draw_ready();
  dut_->beat_ready_i = writes_.draw_ready();
  auto const done = writes_.step();
  dut_->done_i = done != WriteDouble::Done::No;
  dut_->done_error_i = done == WriteDouble::Done::Failed;
  dut_->clk_i = 0;
  dut_->eval();
  for (int queue = 0; queue < kQueues; ++queue)
    if ((dut_->completion_ready_o & valid & (1U << queue)) != 0) waiting_[queue].pop_front();
  if (dut_->request_valid_o != 0 && dut_->request_ready_i != 0)
    writes_.accept(bits(dut_->request_o, 16, 64),
                   static_cast<std::uint32_t>(bits(dut_->request_o, 0, 16)));
  if (dut_->beat_valid_o != 0 && dut_->beat_ready_i != 0)
    writes_.data(bits(dut_->beat_o, 0, 64), static_cast<unsigned>(bits(dut_->beat_o, 128, 5)),
                 bits(dut_->beat_o, 133, 1) != 0);
  if (skip_ && dut_->quiescent_o != 0) {
    ++skipped_;
    return;
  }
  dut_->clk_i = 1;
  dut_->eval();
  errors_ |= dut_->error_o;
  for (int queue = 0; queue < kQueues; ++queue)
    if ((dut_->used_packet_o >> queue & 1) != 0)
      packets_.push_back({queue, static_cast<std::uint8_t>(dut_->used_slot_o >> (8 * queue)),
                          (dut_->used_wrap_o >> queue & 1) != 0, count_});
}

void UsedBench::cycles(int count) {
  for (int i = 0; i < count; ++i) cycle();
}

bool UsedBench::finish(int limit) {
  auto done = [this] {
    return waiting_[0].empty() && waiting_[1].empty() && writes_.idle() && drained();
  };
  int quiet = 0;  // a held first buffer starts its write a few cycles after the others are done
  for (int i = 0; i < limit && quiet < 4; ++i) {
    cycle();
    quiet = done() ? quiet + 1 : 0;
  }
  return quiet == 4;
}

}  // namespace ringside::testbench
