#include "testbench/lockstep/lockstep.hpp"

#include <algorithm>
#include <utility>

#include "interface/layout/registers.hpp"

namespace ringside::testbench {

using lockstep::Side;
using lockstep::Topic;
using lockstep::topic_of;

namespace {

constexpr std::uint32_t kStatusAt =
    layout::kCommonBlock.offset + layout::find(layout::kCommonConfig, "device_status").offset;

bool reads_status(std::uint32_t offset, unsigned size) {
  return offset <= kStatusAt && kStatusAt < offset + size;
}

std::uint32_t needs_reset_in(std::uint32_t offset, unsigned size) {
  if (!reads_status(offset, size)) return 0;
  return std::uint32_t{layout::kStatusNeedsReset} << 8 * (kStatusAt - offset);
}

}  // namespace

LockStep::LockStep(MacAddress mac, std::function<void()> on_difference,
                   lockstep::Patience const& patience)
    : on_difference_(std::move(on_difference)),
      patience_(patience),
      registers_(mac, *this),
      wire_(judge_, counters_, line_, registers_.mac(), mac),
      arrivals_(judge_, counters_, line_, mac) {
  for (std::uint16_t i = 0; i < kQueues; ++i) {
    queues_.push_back(
        {{judge_, topic_of(i)}, {}, lockstep::InterruptFollower(judge_, patience_), false, false});
  }
  for (std::uint16_t pair = 0; pair < layout::kMaxQueuePairs; ++pair) {
    transmit_.emplace_back(judge_, counters_, wire_);
    receive_.emplace_back(pair, judge_, counters_, pool_, offloads_);
  }
}

bool LockStep::transmit_idle() const {
  return std::ranges::all_of(transmit_, [](auto const& each) { return each.idle(); });
}

bool LockStep::receive_busy() const {
  return std::ranges::any_of(receive_, [](auto const& each) { return each.busy(); });
}

// What is overdue shows when anything else happens.
void LockStep::look_at_time(TimePoint at) {
  now_ = at;
  follow_link(at);
  if (line_.is_late(at)) differ(at, Topic::Wire, "a local fault, or its end, is not told");
  if (session_ == Session::Live && bus_master_) {
    for (Queue const& queue : queues_) {
      TimePoint const due = queue.interrupts.due();
      if (due == kNever || at - due <= patience_.look) continue;
      differ(
          at, Topic::Interrupts,
          "a look at the event area at " + lockstep::hex(queue.interrupts.area()) + " is missing");
    }
  }
  TimePoint const due = messages_.due();
  if (due != kNever && at - due > patience_.message) {
    differ(at, Topic::Interrupts, "a message is missing");
  }
  // A frame waits for those before it, whose buffers go back over the bus.
  TimePoint const frame = wire_.waiting_since(at);
  if (frame != kNever && bus_master_ && at - std::max(frame, master_since_) > patience_.frame) {
    differ(at, Topic::Wire, "a frame is missing");
  }
  if (judge_.difference() && on_difference_) std::exchange(on_difference_, nullptr)();
}

// What the wire says in a cycle may be told behind all else of that cycle.
void LockStep::follow_link(TimePoint at) { follow_line(at - at.time_since_epoch() % kNicCycle); }

// Changes, before `at`, of the fault that the wire tells of, and with it of the link status.
void LockStep::follow_line(TimePoint at) {
  while (auto const change = line_.step(at - Duration{1})) {
    bool const up = change->signal == LineSignal::Idle;
    if (!registers_.set_link(up)) continue;
    if (up && session_ == Session::Live && negotiated(layout::kFeatureGuestAnnounce)) {
      registers_.device_config().ask_to_announce();
      announce_unsure_ = control_.unsettled() || at_once(change->start, announced_at_);
    }
    link_changed_at_ = change->start;
    counters_.add("link_transitions", change->start);
    bool const ready = (registers_.common().status() & layout::kStatusDriverOk) != 0;
    if (ready && session_ != Session::Resetting) {
      messages_.raise(change->start, registers_.common().config_vector(), true);
    }
  }
}

void LockStep::differ(TimePoint at, Topic topic, std::string what) {
  judge_.differ(at, topic, std::move(what));
}

// --- Registers and sessions.

void LockStep::register_written(TimePoint at, std::uint32_t offset, unsigned size,
                                std::uint32_t value) {
  judge_.note(Side::Rtl, at, Topic::Registers, "is written at", offset, value);
  now_ = at;
  follow_link(at);
  if (in_reset_too_long(at)) end_reset();
  registers_.write(offset, size, value);
  bool const of_mac = offset >= layout::kMacBlock.offset &&
                      offset - layout::kMacBlock.offset < layout::kMacBlock.size;
  if (of_mac) line_.settings_changed(at);
  messages_.look_again(at, bus_master_);
  look_at_time(at);
}

void LockStep::register_read(TimePoint at, std::uint32_t offset, unsigned size,
                             std::uint32_t value) {
  judge_.note(Side::Rtl, at, Topic::Registers, "is read at", offset, value);
  follow_link(at);
  bool const status_is_zero =
      reads_status(offset, size) && (value >> 8 * (kStatusAt - offset) & 0xFF) == 0;
  if (session_ == Session::Resetting && status_is_zero) end_reset();
  if (session_ != Session::Resetting) compare_register(at, offset, size, value);
  compare_counter(at, offset, size, value);
  bool const needs_reset = (value & needs_reset_in(offset, size)) != 0;
  if (needs_reset && session_ == Session::Broken) seen_broken_ = std::min(seen_broken_, at);
  look_at_time(at);
}

void LockStep::compare_register(TimePoint at, std::uint32_t offset, unsigned size,
                                std::uint32_t value) {
  auto const expected = registers_.read(offset, size);
  bool const of_link = offset + size > layout::kDeviceBlock.offset &&
                       offset < layout::kDeviceBlock.offset + layout::kDeviceBlock.size;
  if (!expected || (of_link && at - link_changed_at_ < kLinkSettles)) return;
  bool const at_work = at - broke_at_ < kSlowToBreak || !transmit_idle() ||
                       std::ranges::any_of(receive_, [](auto const& each) {
                         return each.waiting() >= kMuchWaiting;
                       });
  bool const perhaps_late = session_ == Session::Blind || (session_ == Session::Broken && at_work);
  std::uint32_t ignored = perhaps_late ? needs_reset_in(offset, size) : 0;
  ignored |= unsure_by_control(offset, size);
  if (((value ^ *expected) & ~ignored) == 0) return;
  differ(at, Topic::Registers,
         "a read of " + std::to_string(size) + " bytes at " + lockstep::hex(offset) + " gives " +
             lockstep::hex(value) + ", reference: " + lockstep::hex(*expected));
}

void LockStep::controlled(TimePoint at, PciControl control) {
  registers_.set_control(control.msix_enable, control.msix_mask);
  bool const may_look = control.bus_master && !bus_master_;
  bool const must_wait = !control.bus_master && bus_master_;
  bus_master_ = control.bus_master;
  for (Queue& queue : queues_) {
    if (must_wait) queue.interrupts.hold(at);
    if (may_look) queue.interrupts.let_go(at);
  }
  if (may_look) master_since_ = at;
  messages_.look_again(at, bus_master_);
  look_at_time(at);
}

void LockStep::session_begins() {
  if (session_ != Session::Idle) return;
  judge_.note(Side::Reference, now_, Topic::Registers, "begins a session");
  session_ = Session::Live;
  data_errors_ = 0;
  seen_broken_ = kNever;
  for (Queue& queue : queues_) {
    queue.started = false;
    queue.interrupts.stop();
  }
  auto const& common = registers_.common();
  pool_.start(now_);
  for (auto& each : receive_) {
    each.start({.mergeable = common.negotiated(layout::kFeatureMrgRxbuf),
                .hash_report = common.negotiated(layout::kFeatureHashReport)});
  }
  offloads_.start(common.negotiated(layout::kFeatureGuestCsum));
  control_.start();
  generation_unsure_ = false;
  announce_unsure_ = false;
  set_filter({.by_address = common.negotiated(layout::kFeatureCtrlRx),
              .by_vlan = common.negotiated(layout::kFeatureCtrlVlan),
              .station = registers_.device_config().mac()});
  filter_.settled(now_);
  wire_.pace().start();
  for (auto& each : transmit_) each.start(common.packet_rules());
  for (std::uint16_t i = 0; i < kQueues; ++i) queue_enabled(i);
}

void LockStep::queue_enabled(std::uint16_t index) {
  model::QueueSettings const& settings = registers_.common().queue(index);
  Queue& queue = queues_[index];
  if (session_ != Session::Live || !settings.enabled || queue.started) return;
  if (model::check_placement(settings)) {
    break_down(now_);
    return;
  }
  if (lies_over_another(index)) go_blind();
  queue.started = true;
  auto const& common = registers_.common();
  queue.ring.start(settings, {.indirect = common.negotiated(layout::kFeatureIndirectDesc),
                              .tables_readable = layout::is_transmit_queue(index),
                              .any_order = index == layout::kControlQueue});
  queue.used.start(settings);
  queue.interrupts.start(settings, common.negotiated(layout::kFeatureEventIdx));
}

// Frames and counters are nobody's from then on.
void LockStep::go_blind() {
  session_ = Session::Blind;
  wire_.lose_sight();
  filter_.lose_sight();
  set_filter({});
  counters_.lose_sight({"rx_buffers_unused", "rx_filtered"});
  for (std::uint16_t i = 0; i < kQueues; ++i) lose_sight_of(i);
}

bool LockStep::lies_over_a_ring(std::uint64_t address, std::uint64_t length) const {
  return std::ranges::any_of(queues_, [&](Queue const& queue) {
    return queue.started && queue.ring.overlaps(address, length);
  });
}

// Whose a read or a write is shows in its address.
bool LockStep::lies_over_another(std::uint16_t index) const {
  model::QueueSettings const& mine = registers_.common().queue(index);
  for (std::uint16_t i = 0; i < kQueues; ++i) {
    model::QueueSettings const& other = registers_.common().queue(i);
    if (i == index || !queues_[i].started) continue;
    std::uint64_t const size = std::uint64_t{mine.size} * model::kDescriptorBytes;
    if (queues_[i].ring.overlaps(mine.descriptors, size)) return true;
    if (mine.driver_events == other.driver_events) return true;
  }
  return false;
}

void LockStep::queue_notified(std::uint16_t queue) {
  judge_.note(Side::Rtl, now_, topic_of(queue), "is notified");
}

void LockStep::moderation_set(std::uint16_t queue) {
  control_.setting_written();
  queues_[queue].interrupts.set_moderation(registers_.moderation(queue), now_);
  if (!control_.unsettled()) queues_[queue].interrupts.moderation_settled(now_);
}

void LockStep::session_ends() {
  judge_.note(Side::Reference, now_, Topic::Registers, "begins a reset");
  lose_sight_of_work();
  session_ = Session::Resetting;
  reset_at_ = now_;
  wire_.release();
  line_.lose_sight(now_);
  messages_.forget();
  set_filter({});
  filter_.settled(now_);
  filter_.see_again(now_);
  set_steering({});
  steering_.settled(now_);
  for (Queue& queue : queues_) queue.ring.stop();
}

// Who writes registers without asking for the end of a reset finds it over when nothing is under
// way any more.
bool LockStep::in_reset_too_long(TimePoint at) const {
  return session_ == Session::Resetting && reads_under_way_ == 0 && writes_.empty() &&
         at - reset_at_ > patience_.reset;
}

void LockStep::end_reset() {
  session_ = Session::Idle;
  registers_.end_reset();
  line_.settings_changed(now_);
  for (std::uint16_t i = 0; i < kQueues; ++i) moderation_set(i);
}

void LockStep::break_down(TimePoint at, std::optional<std::uint16_t> queue) {
  if (queue) queues_[*queue].ring.stop_at_error();
  if (session_ != Session::Live) return;
  judge_.note(Side::Reference, at, Topic::Registers, "needs a reset");
  lose_sight_of_work();
  session_ = Session::Broken;
  broke_at_ = at;
  filter_.lose_sight();  // until the device finds out it filters, and obeys commands
  set_filter({});
  wire_.release();
  for (auto& each : transmit_) each.end_soon();
  registers_.set_needs_reset();
  messages_.raise(at, registers_.common().config_vector(), false);
}

void LockStep::check_silence(TimePoint at, char const* access, std::uint64_t address) {
  if (session_ == Session::Idle) {
    differ(at, Topic::Registers, access + lockstep::hex(address) + " outside any session");
  } else if (session_ == Session::Broken && seen_broken_ != kNever &&
             at - seen_broken_ > patience_.look) {
    differ(at, Topic::Registers,
           access + lockstep::hex(address) + " by a device that needs a reset");
  }
}

void LockStep::count_data_errors(TimePoint at, unsigned errors) {
  data_errors_ += errors;
  if (data_errors_ >= layout::kDataErrorsUntilReset) break_down(at);
}

}  // namespace ringside::testbench
