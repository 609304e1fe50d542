// The data path: interrupts, polls, and packets on their way out.
#include "driver/virtio/virtio_net.hpp"

#include <algorithm>
#include <string>

namespace ringside::driver {

namespace {

constexpr std::size_t kEtherTypeOffset = 12;
constexpr std::uint16_t kEtherTypeVlan = 0x8100;

// Sockets that nobody reads leave enough for a receive ring, or of a small pool a quarter: what the
// host must hear to make progress, acknowledgements and ARP, comes in through it.
std::uint32_t reserve_of(VirtioNetConfig const& config) {
  return std::min<std::uint32_t>(config.receive_queue_size, config.buffer_count / 4);
}

}  // namespace

VirtioNet::VirtioNet(VirtioTransport& transport, DmaMemory& memory, Executor& executor,
                     Story& story, VirtioNetConfig const& config)
    : config_(config),
      host_{transport, memory, executor, story, counters_},
      pool_(memory, config.buffer_count, config.buffer_size, reserve_of(config)),
      receive_(host_, pool_, config.receive_queue_size, config.receive_buffer_bytes),
      transmit_(host_, pool_, config.transmit_queue_size),
      control_queue_(host_, [this](char const* why) { need_reset(why); }),
      control_(control_queue_, [this](MacAddress station) { agreement_.mac = station; }),
      receive_napi_(executor, [this] { return poll(config_.budget) >= config_.budget; }),
      transmit_napi_(executor, [this] { return poll_transmit(); }),
      check_(executor, Context::Softirq, [this] { check(); }),
      config_work_(executor, Context::Process, [this] { config_changed(); }),
      recovery_(
          executor, [this] { return recover(); }, [this] { give_up(); }) {
  assert(config.budget > 0);
  (void)control_.set_receive_moderation(config.receive_moderation);
  (void)control_.set_transmit_moderation(config.transmit_moderation);
}

// Unmapping takes no time and needs no device, so this may happen outside of the executor.
VirtioNet::~VirtioNet() { release_buffers(); }

void VirtioNet::on_transmit_ready(std::function<void()> handler) {
  transmit_ready_ = std::move(handler);
}

void VirtioNet::on_link_change(std::function<void(bool up)> handler) {
  link_change_ = std::move(handler);
}

DriverStatistics VirtioNet::driver_statistics() const {
  DriverStatistics all = counters_.driver;
  all.pool_exhausted = pool_.exhausted();
  return all;
}

void VirtioNet::on_receive_interrupt() {
  if (!accept_interrupt()) return;
  receive_.ring().disable_interrupts();
  host_.tell(Layer::Interrupt, [] { return std::string("receive: masked, poll scheduled"); });
  receive_napi_.schedule();
}

void VirtioNet::on_transmit_interrupt() {
  if (!accept_interrupt()) return;
  transmit_.ring().disable_interrupts();
  host_.tell(Layer::Interrupt, [] { return std::string("transmit: masked, poll scheduled"); });
  transmit_napi_.schedule();
}

void VirtioNet::on_config_interrupt() {
  if (!accept_interrupt()) return;
  host_.tell(Layer::Interrupt, [] { return std::string("device configuration changed"); });
  config_work_.schedule(Duration{0});
}

unsigned VirtioNet::poll(unsigned budget) {
  if (state_ != State::Live) return 0;
  ++counters_.device.polls;
  clean_transmit();
  PackedRing& ring = receive_.ring();
  unsigned done = 0;
  while (budget > 0) {
    done += receive_.receive(budget - done, receiver_);
    refill();
    if (receiver_ != nullptr) receiver_->receive_done();
    // A packet that came between the last look and the enabling raises no interrupt: look again.
    if (done >= budget || ring.enable_interrupts()) break;
    ring.disable_interrupts();
  }
  if (done > 0) {
    fruitless_interrupts_ = 0;
    host_.tell(Layer::Driver, [done] {
      return "poll: " + std::to_string(done) + (done == 1 ? " packet" : " packets") + " received";
    });
  }
  check_rings();
  arm_check();
  return state_ == State::Live ? done : 0;
}

// Completions are cheap, so they do not count against a budget; it runs until there are none.
bool VirtioNet::poll_transmit() {
  if (state_ != State::Live) return false;
  PackedRing& ring = transmit_.ring();
  do {
    clean_transmit();
  } while (!ring.enable_interrupts());
  check_rings();
  if (state_ != State::Live) return false;
  if (transmit_.waiting() && transmit_.room_for_waiting()) {
    transmit_.set_waiting(false);
    if (transmit_ready_) transmit_ready_();
  }
  return false;
}

void VirtioNet::clean_transmit() {
  if (transmit_.clean() == 0) return;
  fruitless_interrupts_ = 0;
  // Whoever waits is told from a poll of its own, never from within his own call.
  if (transmit_.waiting() && transmit_.room_for_waiting()) transmit_napi_.schedule();
}

void VirtioNet::refill() {
  if (!receive_.refill()) {
    pool_.when_available(receive_.ring().free_descriptors(), [this] { receive_napi_.schedule(); });
  }
  notify_if_due(layout::kReceiveQueue, receive_.ring());
}

void VirtioNet::notify_if_due(std::uint16_t queue, PackedRing& ring) {
  if (!ring.notification_due()) return;
  ++counters_.device.notifications;
  host_.tell(Layer::Driver, [queue] {
    return std::string("notify: ") +
           (queue == layout::kReceiveQueue ? "receive buffers" : "packets") + " available";
  });
  host_.transport.notify(queue);
}

Result<Done, TransmitError> VirtioNet::transmit(PacketBuffer& packet, bool more) {
  if (state_ != State::Live) return TransmitError::LinkDown;
  PackedRing& ring = transmit_.ring();
  if (!link_up() || !acceptable(packet)) {
    notify_if_due(layout::kTransmitQueue, ring);  // `more` ends here, if there was one
    return link_up() ? TransmitError::TooLong : TransmitError::LinkDown;
  }
  host_.executor.spend(Work::TransmitPacket);
  clean_transmit();
  auto const added = transmit_.add(packet);
  if (!added) {
    refused();
    return added;
  }
  bool const full = ring.free_descriptors() == 0;
  if (!more || full) {
    if (!transmit_napi_.scheduled()) transmit_.enable_interrupts_late();
    notify_if_due(layout::kTransmitQueue, ring);
  }
  check_rings();
  arm_check();
  return Done{};
}

bool VirtioNet::acceptable(PacketBuffer const& packet) const {
  std::uint32_t const size = packet.size();
  if (size < kEthernetHeaderBytes) return false;
  std::uint32_t const longest = agreement_.mtu + kEthernetHeaderBytes;
  if (size <= longest) return true;
  bool const tagged =
      load_be<std::uint16_t>(packet.bytes().data() + kEtherTypeOffset) == kEtherTypeVlan;
  return tagged && size <= longest + kVlanTagBytes;
}

// The ring had no room: what it holds must be known to the device, and its next completion to us.
void VirtioNet::refused() {
  transmit_.set_waiting(true);
  notify_if_due(layout::kTransmitQueue, transmit_.ring());
  if (!transmit_napi_.scheduled() && !transmit_.ring().enable_interrupts()) {
    transmit_napi_.schedule();
  }
  check_rings();
  arm_check();
}

void VirtioNet::check_rings() {
  if (receive_.ring().broken()) need_reset("the receive ring is broken");
  if (transmit_.ring().broken()) need_reset("the transmit ring is broken");
}

}  // namespace ringside::driver
