#include "testbench/nic/rtl_nic.hpp"

#include <algorithm>
#include <cassert>

#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

RtlNic::RtlNic(sc_core::sc_module_name name, PcieLink& link, MacAddress mac,
               ClockLoopOptions options)
    : sc_module(name),
      context_(std::make_unique<VerilatedContext>()),
      dut_(make_dut(*context_, mac)),
      clock_(*dut_, options.skip ? Clocking::Awake : Clocking::Always),
      link_(link),
      bridge_(*dut_->rootp, link),
      registers_(*dut_->rootp, link),
      transmitter_(*dut_->rootp),
      receiver_(*dut_->rootp),
      options_(options),
      waves_(*dut_, *context_, options.waves, std::string(name)) {
  clock_.reset();
  link.attach(*this);
  SC_HAS_PROCESS(RtlNic);
  SC_THREAD(run);
}

RtlNic::~RtlNic() { dut_->final(); }

void RtlNic::connect(Wire& wire) {
  transmitter_.connect(wire);
  wire_delay_ = wire.delay();
}

void RtlNic::observe(NicObserver* observer) {
  observer_ = observer;
  bridge_.observe(observer);
  registers_.observe(observer);
  transmitter_.observe(observer);
  receiver_.observe(observer);
}

// The loop may be ahead of the present, or asleep behind it.
std::uint64_t RtlNic::cycles() const {
  return static_cast<std::uint64_t>(present().time_since_epoch() / kNicCycle);
}

void RtlNic::register_write(TimePoint at, std::uint32_t offset, unsigned size,
                            std::uint32_t value) {
  registers_.write(at, offset, size, value);
  wake_for(cycle_from(at));
}

void RtlNic::register_read(TimePoint at, std::uint32_t offset, unsigned size) {
  registers_.read(at, offset, size);
  wake_for(cycle_from(at));
}

void RtlNic::control(TimePoint at, PciControl control) {
  registers_.control(at, control);
  wake_for(cycle_from(at));
}

void RtlNic::completion(TimePoint at, Completion const& completion) {
  bridge_.completion(at, completion);
  wake_for(cycle_from(at));
}

void RtlNic::receive(FramePiece const& piece) {
  FramePiece seen = piece;
  seen.start += receiver_.receive(piece);
  if (observer_ != nullptr) observer_->received(seen);
  if (piece.first) wake_for(receiver_.last_start());
}

void RtlNic::signal(LineChange const& change) { wake_for(receiver_.signal(change)); }

// A sleeping loop wakes at the cycle of its earliest input; a running one finds it by itself.
void RtlNic::wake_for(Cycle cycle) {
  assert(cycle >= cycle_ && "an input came too late for the lookahead");
  if (asleep_) wake_.notify(to_sc_time(time_of(cycle) - kernel_time()));
}

Cycle RtlNic::next_input() const {
  std::uint64_t const earliest = std::min(pins().deadline_ps_o, pins().transmit_deadline_ps_o);
  TimePoint const deadline = earliest > static_cast<std::uint64_t>(INT64_MAX)
                                 ? kNever
                                 : TimePoint{Duration{static_cast<std::int64_t>(earliest)}};
  Cycle next = cycle_from(deadline);
  next = std::min(next, bridge_.next(cycle_));
  next = std::min(next, registers_.next(cycle_));
  return std::min(next, receiver_.next(cycle_));
}

void RtlNic::step() {
  dut_->rootp->time_ps_i = static_cast<std::uint64_t>(cycle_ * kNicCycle.count());
  bridge_.drive(cycle_);
  registers_.drive(cycle_);
  receiver_.drive(cycle_);
  if (recorder_ != nullptr) recorder_->before_edge(pins());
  if (rules_ != nullptr) rules_->sample(cycle_, pins());
  clock_.rise();
  waves_.rising(cycle_);
  clock_.fall();
  waves_.falling(cycle_);
  if (recorder_ != nullptr) recorder_->after_edge(pins());
  ++cycle_;
  ++evaluated_;
  transmitter_.sample(cycle_);
  if ((pins().tx_stamp_valid_o | pins().rx_stamp_valid_o) != 0) tell_stamps();
}

void RtlNic::tell_stamps() {
  auto const tell = [this](WireStamp::Direction direction, std::uint64_t start_ps) {
    WireStamp const stamp{direction, TimePoint{Duration{static_cast<std::int64_t>(start_ps)}}};
    if (observer_ != nullptr) observer_->stamped(time_of(cycle_), stamp);
    if (on_stamp_) on_stamp_(stamp);
  };
  using enum WireStamp::Direction;
  if (pins().rx_stamp_valid_o != 0) tell(Received, pins().rx_stamp_ps_o);
  if (pins().tx_stamp_valid_o != 0) tell(Sent, pins().tx_stamp_ps_o);
}

std::optional<std::uint32_t> RtlNic::read_at_end(std::uint16_t offset) {
  constexpr int kMostCycles = 64;
  if (!registers_.idle()) return std::nullopt;
  Pins& pins = *dut_->rootp;
  pins.m_axi_arready_i = pins.m_axi_awready_i = pins.m_axi_wready_i = 0;
  pins.m_axi_rvalid_i = pins.m_axi_bvalid_i = 0;
  pins.s_axil_araddr_i = offset;
  pins.s_axil_arvalid_i = 1;
  for (int i = 0; i < kMostCycles; ++i) {
    bool const answered = pins.s_axil_rvalid_o != 0;
    std::uint32_t const value = pins.s_axil_rdata_o;
    bool const taken = pins.s_axil_arready_o != 0;
    clock_.rise();
    clock_.fall();
    if (taken) pins.s_axil_arvalid_i = 0;
    if (answered) return value;
  }
  return std::nullopt;
}

void RtlNic::run_window(Cycle end) {
  while (cycle_ < end) {
    if (options_.skip && clock_.resting() && !transmitter_.in_frame()) {
      Cycle const next = next_input();
      if (next > cycle_) {
        cycle_ = std::min(next, end);
        if (next >= end) return;
      }
    }
    step();
  }
}

void RtlNic::run() {
  Duration const lookahead =
      wire_delay_ == Duration{0} ? link_.lookahead() : std::min(link_.lookahead(), wire_delay_);
  Cycle const most = std::max<Cycle>(1, lookahead / kNicCycle);
  Cycle const window = options_.window == 0 ? most : std::min(options_.window, most);
  for (;;) {
    run_window(cycle_ + window);
    transmitter_.flush();
    Cycle wake = cycle_;
    if (options_.skip && clock_.resting() && !transmitter_.in_frame()) {
      wake = std::max(wake, next_input());
    }
    asleep_ = wake > cycle_;
    if (wake != kNoCycle) wake_.notify(to_sc_time(time_of(wake) - kernel_time()));
    wait(wake_);
    asleep_ = false;
    cycle_ = std::max(cycle_, cycle_from(kernel_time()));
  }
}

}  // namespace ringside::testbench
