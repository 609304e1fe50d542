#include "tests/rtl/virtio/fetch_bench.hpp"

#include "tests/rtl/virtio/bits.hpp"

namespace ringside::testbench {

namespace {

constexpr unsigned kConfigBits = 202;
constexpr unsigned kElementBits = 123;

}  // namespace

FetchBench::FetchBench(std::uint64_t seed, Timing timing)
    : dut_(std::make_unique<Vdescriptor_fetch>()),
      reads_(memory_, timing, Random(seed).stream("reads")) {
  dut_->indirect_desc_i = 1;
  dut_->live_i = 0;
  dut_->flush_i = 0;
  reset();
  configure(8, 8);
}

void FetchBench::configure(std::uint16_t receive_size, std::uint16_t transmit_size) {
  restart([&] { set_up(receive_size, transmit_size); });
  settle();
}

void FetchBench::settle() {
  cycles(3);
  wait([this] { return quiescent() && reads_.idle() && empty(0) && empty(1); });
  reads_.forget_requests();
}

void FetchBench::restart(std::function<void()> const& change) {
  dut_->live_i = 0;
  dut_->flush_i = 1;
  wait([this] { return drained(); });
  cycle();
  dut_->flush_i = 0;
  reads_.forget_requests();
  change();
  dut_->live_i = 1;
}

void FetchBench::reset() {
  dut_->rst_i = 1;
  for (int i = 0; i < 3; ++i) {
    dut_->clk_i = 0;
    dut_->eval();
    dut_->clk_i = 1;
    dut_->eval();
  }
  dut_->rst_i = 0;
}

void FetchBench::set_up(std::uint16_t receive_size, std::uint16_t transmit_size) {
  std::uint16_t const sizes[kQueues] = {receive_size, transmit_size};
  for (int queue = 0; queue < kQueues; ++queue) {
    drivers_[queue] = std::make_unique<RingDriver>(memory_, kRings[queue], sizes[queue]);
    for (std::uint64_t i = 0; i < 256; ++i) {
      memory_.write(kRings[queue] + 16 * i, 8, 0);
      memory_.write(kRings[queue] + 16 * i + 8, 8, 0);
    }
    unsigned const lsb = kConfigBits * queue;
    set_bits(dut_->config_i, lsb + 201, 1, 1);
    set_bits(dut_->config_i, lsb + 192, 9, sizes[queue]);
    set_base(queue, kRings[queue]);
  }
}

void FetchBench::set_base(int queue, std::uint64_t base) {
  set_bits(dut_->config_i, kConfigBits * queue + 128, 64, base);
}

void FetchBench::set_areas(int queue, std::uint64_t driver, std::uint64_t device) {
  set_bits(dut_->config_i, kConfigBits * queue + 64, 64, driver);
  set_bits(dut_->config_i, kConfigBits * queue, 64, device);
}

// Applies the inputs of this cycle.
void FetchBench::drive() {
  dut_->notify_i = notify_;
  dut_->element_take_i = take_;
  dut_->element_commit_i = commit_;
  dut_->element_rewind_i = rewind_;
  notify_ = take_ = commit_ = rewind_ = 0;
  dut_->request_ready_i = reads_.draw_ready();
  auto const beat = reads_.step();
  dut_->answer_valid_i = beat.has_value();
  if (beat) {
    set_bits(dut_->answer_i, 0, 64, beat->low);
    set_bits(dut_->answer_i, 64, 64, beat->high);
    set_bits(dut_->answer_i, 128, 5, beat->count);
    set_bits(dut_->answer_i, 133, 4, beat->offset);
    set_bits(dut_->answer_i, 137, 1, beat->error ? 1 : 0);
    set_bits(dut_->answer_i, 138, 1, beat->last ? 1 : 0);
  }
}

void FetchBench::record() {
  auto mix = [this](std::uint64_t value) { trace_ = (trace_ ^ value) * 0x100000001B3; };
  mix(dut_->element_valid_o);
  mix(dut_->empty_o);
  mix(dut_->full_o);
  mix(dut_->error_o);
  mix(dut_->request_valid_o);
  for (int queue = 0; queue < kQueues; ++queue)
    if (valid(queue)) mix(element(queue).addr);
}

void FetchBench::cycle() {
  drive();
  dut_->clk_i = 0;
  dut_->eval();
  if (dut_->request_valid_o != 0 && dut_->request_ready_i != 0)
    reads_.accept(bits(dut_->request_o, 16, 64),
                  static_cast<std::uint32_t>(bits(dut_->request_o, 0, 16)));
  if (skip_ && dut_->quiescent_o != 0) {
    ++skipped_;
  } else {
    dut_->clk_i = 1;
    dut_->eval();
  }
  // Pulses of this cycle are over; what follows from the inputs is left to the next one.
  dut_->notify_i = 0;
  dut_->element_take_i = 0;
  dut_->element_commit_i = 0;
  dut_->element_rewind_i = 0;
  dut_->answer_valid_i = 0;
  errors_ |= dut_->error_o;
  record();
}

void FetchBench::cycles(int count) {
  for (int i = 0; i < count; ++i) cycle();
}

bool FetchBench::wait(std::function<bool()> const& done, int limit) {
  for (int i = 0; i < limit && !done(); ++i) cycle();
  return done();
}

Element FetchBench::element(int queue) const {
  unsigned const lsb = kElementBits * queue;
  auto const& port = dut_->element_o;
  Element found;
  found.addr = bits(port, lsb, 64);
  found.len = static_cast<std::uint32_t>(bits(port, lsb + 64, 32));
  found.id = static_cast<std::uint16_t>(bits(port, lsb + 96, 16));
  found.slots = static_cast<std::uint16_t>(bits(port, lsb + 112, 9));
  found.write = bits(port, lsb + 121, 1) != 0;
  found.last = bits(port, lsb + 122, 1) != 0;
  return found;
}

std::optional<Element> FetchBench::pull(int queue) {
  if (!wait([&] { return valid(queue); }, 1000)) return {};
  Element const found = element(queue);
  take(queue);
  commit(queue);
  cycle();
  return found;
}

}  // namespace ringside::testbench
