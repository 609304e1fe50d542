// What commands of the control queue change in the reference. It carries one out when the device
// has read it to its end; the device does so at the latest when it writes the answer. What happens
// in between may be right by the old setting or by the new one.
#include <utility>

#include "testbench/lockstep/lockstep.hpp"

namespace ringside::testbench {

using lockstep::Topic;

bool LockStep::negotiated(std::uint64_t feature) const {
  return registers_.common().negotiated(feature);
}

void LockStep::set_filter(model::ReceiveFilter filter) {
  filter_.set(std::move(filter), now_);
  bool unsure = pool_.filter_changed(filter_);
  for (auto& frame : filter_.take_perhaps_wanted()) {
    steer(std::move(frame));
    unsure = true;
  }
  if (unsure) counters_.lose_sight({"rx_filtered"});
}

void LockStep::set_station(MacAddress station) {
  registers_.device_config().set_mac(station);
  model::ReceiveFilter filter = filter_.filter();
  filter.station = station;
  set_filter(std::move(filter));
}

bool LockStep::at_once(TimePoint link, TimePoint command) {
  return link < command + kLinkSettles && command < link + kLinkSettles;
}

void LockStep::announced() {
  registers_.device_config().announced();
  announced_at_ = now_;
  announce_unsure_ = at_once(link_changed_at_, announced_at_);
}

bool LockStep::queue_enabled_now(std::uint16_t queue) const {
  return registers_.common().queue(queue).enabled;
}

model::Moderation::Setting LockStep::coalescing(std::uint16_t queue) const {
  return registers_.moderation(queue);
}

void LockStep::set_coalescing(std::uint16_t queue, model::Moderation::Setting setting) {
  registers_.set_moderation(queue, setting);
  moderation_set(queue);
}

void LockStep::set_guest_offloads(std::uint64_t features) {
  offloads_.set((features & layout::kFeatureGuestCsum) != 0);
}

void LockStep::set_steering(model::Steering steering) {
  steering_.set(std::move(steering), now_);
  pool_.steering_changed(steering_);
}

LockStep::Write LockStep::answer_written(TimePoint at, Bytes bytes) {
  if (auto what = control_.written(at, bytes); !what.empty()) {
    differ(at, Topic::Control, std::move(what));
  }
  filter_.settled(at);
  steering_.settled(at);
  offloads_.settled(at);
  for (Queue& queue : queues_) queue.interrupts.moderation_settled(at);
  return {Write::Kind::Answer, layout::kControlQueue, 0, false};
}

// A command that sets what registers show is carried out before its answer is seen, so a read in
// that time may give either. Gives the bits of what is read for which that is so.
std::uint32_t LockStep::unsure_by_control(std::uint32_t offset, unsigned size) {
  constexpr std::uint32_t kAll = 0xFFFF'FFFF;
  constexpr std::uint32_t kLinkAt = layout::offset_of(layout::kDeviceBlock, "link_status");
  constexpr std::uint32_t kGenerationAt =
      layout::offset_of(layout::kCommonBlock, "config_generation");
  bool const of_device = offset >= layout::kDeviceBlock.offset &&
                         offset < layout::kDeviceBlock.offset + layout::kDeviceBlock.size;
  bool const of_moderation =
      offset >= layout::kModerationBlock.offset &&
      offset < layout::kModerationBlock.offset + layout::kModerationBlock.size;
  bool const of_generation = offset <= kGenerationAt && kGenerationAt < offset + size;
  if (of_device) generation_unsure_ = control_.unsettled();
  if (of_generation) return generation_unsure_ || control_.unsettled() ? kAll : 0;
  if ((of_device || of_moderation) && control_.unsettled()) return kAll;
  bool const of_announcement = offset <= kLinkAt && kLinkAt < offset + size;
  return of_announcement && announce_unsure_
             ? std::uint32_t{layout::kAnnounce} << 8 * (kLinkAt - offset)
             : 0;
}

}  // namespace ringside::testbench
