// From reset to DRIVER_OK, back again, and what happens when the device needs it unasked.
#include <algorithm>
#include <string>

#include "driver/virtio/virtio_net.hpp"

namespace ringside::driver {

namespace {

std::string hex_address(MacAddress const& mac) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint8_t byte : mac.bytes) {
    if (!text.empty()) text += ':';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

Result<Done, DriverError> VirtioNet::start() {
  assert(state_ == State::Stopped || state_ == State::Failed);
  recovery_.forget();
  auto up = bring_up();
  if (!up) {
    host_.transport.fail();
    release_buffers();
    return up.error();
  }
  go_live();
  return Done{};
}

void VirtioNet::stop() {
  recovery_.forget();
  if (state_ == State::Stopped) return;
  leave_live(State::Stopped);
  // Should the device not come out of reset: unmapping takes its access away all the same.
  if (!host_.transport.reset()) host_.transport.fail();
  release_buffers();
  host_.tell(Layer::Driver, [] { return std::string("stopped: device reset, buffers returned"); });
}

Result<Done, DriverError> VirtioNet::bring_up() {
  if (pool_.capacity() == 0) return DriverError::OutOfMemory;
  if (auto reset = host_.transport.reset(); !reset) return driver::driver_error(reset.error());
  release_buffers();  // nothing is the device's any more

  std::uint32_t const buffer = pairs_.front()->receive().buffer_bytes();
  std::uint32_t const longest_header = layout::net_header_bytes(config_.hash_report);
  std::uint32_t const around = kEthernetHeaderBytes + kVlanTagBytes;  // what the MTU counts
  if (pool_.block_size() < kReceiveHeadroom + longest_header + around + kMinMtu) {
    return DriverError::BufferTooSmall;
  }
  Wishes wishes;
  wishes.features = config_.features;
  wishes.fallback_mac = config_.fallback_mac;
  wishes.max_frame_bytes = pool_.block_size() - kReceiveHeadroom - longest_header;
  wishes.queue_pairs = config_.queue_pairs;
  wishes.hash_report = config_.hash_report;
  auto agreed = negotiate(host_.transport, wishes);
  if (!agreed) return agreed.error();
  agreement_ = *agreed;
  // Without mergeable buffers each packet must fit one, with them at least the header must.
  bool const mergeable = agreement_.has(layout::kFeatureMrgRxbuf);
  std::uint32_t const least = agreement_.header_bytes() + (mergeable ? 0 : around + agreement_.mtu);
  if (buffer < least) return DriverError::BufferTooSmall;
  return start_queues();
}

Result<Done, DriverError> VirtioNet::start_queues() {
  if (host_.transport.queue_count() <= layout::transmit_queue(queue_pairs() - 1)) {
    return DriverError::QueueMissing;
  }
  for (auto const& pair : pairs()) {
    if (auto started = pair->start(agreement_); !started) return started;
  }
  without_interrupts_ = false;
  for (auto const& pair : pairs()) {
    QueuePair* const meant = pair.get();
    auto enabled =
        enable_queue(pair->receive_number(), pair->receive().ring(), config_.receive_moderation,
                     [meant] { meant->on_receive_interrupt(); });
    if (!enabled) return enabled;
    enabled =
        enable_queue(pair->transmit_number(), pair->transmit().ring(), config_.transmit_moderation,
                     [meant] { meant->on_transmit_interrupt(); });
    if (!enabled) return enabled;
  }
  if (!agreement_.has(layout::kFeatureCtrlVq)) return Done{};
  return start_control();
}

// Answers are looked for by time, so the control queue has no vector.
Result<Done, DriverError> VirtioNet::start_control() {
  RingOptions options;
  options.size = host_.transport.max_queue_size(agreement_.control_queue);
  options.event_idx = agreement_.has(layout::kFeatureEventIdx);
  options.indirect = agreement_.has(layout::kFeatureIndirectDesc);
  if (options.size == 0) return DriverError::QueueMissing;
  auto const started = control_queue_.start(agreement_.control_queue, options);
  if (!started) return DriverError::OutOfMemory;
  auto const enabled =
      host_.transport.enable_queue(agreement_.control_queue, control_queue_.ring().layout());
  if (!enabled) return driver::driver_error(enabled.error());
  return Done{};
}

Result<Done, DriverError> VirtioNet::enable_queue(std::uint16_t queue, PackedRing const& ring,
                                                  Moderation moderation,
                                                  std::function<void()> interrupt) {
  std::weak_ptr<char const> const alive = alive_;
  auto const vector =
      host_.transport.on_interrupt(queue, [alive, interrupt = std::move(interrupt)] {
        if (!alive.expired()) interrupt();
      });
  if (!vector) {
    if (vector.error() != TransportError::VectorRefused) {
      return driver::driver_error(vector.error());
    }
    without_interrupts_ = true;
  }
  if (auto enabled = host_.transport.enable_queue(queue, ring.layout()); !enabled) {
    return driver::driver_error(enabled.error());
  }
  // A device without moderation interrupts at once, which is always right.
  if (!agreement_.has(layout::kFeatureNotfCoal))
    (void)host_.transport.set_moderation(queue, moderation);
  return Done{};
}

void VirtioNet::go_live() {
  std::weak_ptr<char const> const alive = alive_;
  // Without a vector for it, the periodic check reads the status when something is stuck.
  (void)host_.transport.on_config_change([this, alive] {
    if (!alive.expired()) on_config_interrupt();
  });
  bool const was_up = link_up();
  for (auto const& pair : pairs()) pair->prepare();
  host_.transport.driver_ok();
  state_ = State::Live;
  fruitless_interrupts_ = 0;
  control_queue_.go_live();
  control_.begin(agreement_.features, queue_pairs());
  tell_negotiation();
  for (auto const& pair : pairs()) pair->go_live();
  if (without_interrupts_) arm_check();
  set_link(was_up);
}

void VirtioNet::leave_live(State next) {
  bool const was_up = link_up();
  state_ = next;
  for (auto const& pair : pairs_) pair->leave_live();
  check_.cancel();
  config_work_.cancel();
  control_queue_.leave_live();
  set_link(was_up);
}

// Tells of a change of link_up(), which was `was_up` before.
void VirtioNet::set_link(bool was_up) {
  bool const up = link_up();
  if (up == was_up) return;
  host_.tell(Layer::Driver, [up] { return std::string(up ? "link is up" : "link is down"); });
  if (link_change_) link_change_(up);
}

void VirtioNet::release_buffers() {
  pool_.when_available(0, nullptr);
  for (auto const& pair : pairs_) pair->release();
  control_queue_.release();
}

void VirtioNet::need_reset(std::string_view why) {
  if (state_ != State::Live) return;
  host_.tell(Layer::Driver, [why] { return "reset needed: " + std::string(why); });
  leave_live(State::Recovering);
  recovery_.begin();
}

// Buffers stay with a broken device until it has been reset: it may still write to them.
bool VirtioNet::recover() {
  ++counters_.device.resets;
  if (auto up = bring_up(); !up) {
    host_.tell(Layer::Driver, [] { return std::string("reset: the device did not come back"); });
    return false;
  }
  host_.tell(Layer::Driver, [] { return std::string("reset: the device works again"); });
  go_live();
  return state_ == State::Live;
}

void VirtioNet::give_up() {
  state_ = State::Failed;
  host_.transport.fail();
  release_buffers();
  host_.tell(Layer::Driver, [] { return std::string("gave up: the device stays broken"); });
}

void VirtioNet::config_changed() {
  if (state_ != State::Live) return;
  if ((host_.transport.status() & layout::kStatusNeedsReset) != 0) {
    need_reset("the device asks for it");
    return;
  }
  bool const was_up = link_up();
  bool const up = read_link_up(host_.transport, agreement_.features);
  if (up != agreement_.link_up) fruitless_interrupts_ = 0;
  agreement_.link_up = up;
  if (announcement_asked(host_.transport, agreement_.features)) {
    fruitless_interrupts_ = 0;
    if (announce_) announce_();
    (void)control_.acknowledge_announcement();
  }
  set_link(was_up);
}

void VirtioNet::tell_negotiation() {
  host_.tell(Layer::Driver, [this] {
    QueuePair const& first = *pairs_.front();
    std::string line = "negotiated packed rings, " + std::to_string(first.receive().ring().size()) +
                       " receive and " + std::to_string(first.transmit().ring().size()) +
                       " transmit descriptors, " + hex_address(agreement_.mac) + ", MTU " +
                       std::to_string(agreement_.mtu);
    if (agreement_.has(layout::kFeatureEventIdx)) line += ", event index";
    if (agreement_.has(layout::kFeatureMrgRxbuf)) line += ", mergeable buffers";
    if (agreement_.has(layout::kFeatureCsum)) line += ", transmit checksums";
    if (agreement_.has(layout::kFeatureGuestCsum)) line += ", receive checksums";
    if (cuts_segments(SegmentKind::Tcpv4)) line += ", TCP segments";
    if (cuts_segments(SegmentKind::Tcpv6)) line += ", TCP segments over IPv6";
    if (agreement_.has(layout::kFeatureCtrlVq)) line += ", control queue";
    if (queue_pairs() > 1) line += ", " + std::to_string(queue_pairs()) + " queue pairs";
    if (agreement_.has(layout::kFeatureHashReport)) line += ", hashes";
    return line;
  });
}

}  // namespace ringside::driver
