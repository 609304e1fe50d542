// The data path: interrupts, polls, and packets on their way out.
#include "driver/virtio/virtio_net.hpp"

#include <algorithm>
#include <string>

namespace ringside::driver {

namespace {

constexpr std::size_t kEtherTypeOffset = 12;
constexpr std::uint16_t kEtherTypeVlan = 0x8100;
// Of IPv4; IPv6 could state 40 bytes more.
constexpr std::uint32_t kLongestToCut = 65535 + kEthernetHeaderBytes + kVlanTagBytes;

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
      control_queue_(host_, [this](char const* why) { need_reset(why); }),
      control_(control_queue_, [this](MacAddress station) { agreement_.mac = station; }),
      check_(executor, Context::Softirq, [this] { check(); }),
      config_work_(executor, Context::Process, [this] { config_changed(); }),
      recovery_(
          executor, [this] { return recover(); }, [this] { give_up(); }) {
  assert(config.budget > 0 && config.queue_pairs > 0);
  for (std::uint16_t number = 0; number < config.queue_pairs; ++number) {
    PairConfig const pair{number, config.receive_queue_size, config.transmit_queue_size,
                          config.receive_buffer_bytes, config.budget};
    PairOwner& owner = *this;
    pairs_.push_back(std::make_unique<QueuePair>(host_, pool_, owner, pair));
  }
  (void)control_.set_receive_moderation(config.receive_moderation);
  (void)control_.set_transmit_moderation(config.transmit_moderation);
  if (config.hash_report) (void)control_.set_receive_hashing({});
}

// Unmapping takes no time and needs no device, so this may happen outside of the executor.
VirtioNet::~VirtioNet() { release_buffers(); }

std::span<std::unique_ptr<QueuePair> const> VirtioNet::pairs() const {
  return std::span(pairs_).first(agreement_.queue_pairs);
}

void VirtioNet::set_receiver(PacketReceiver* receiver) {
  for (auto const& pair : pairs_) pair->set_receiver(receiver);
}

void VirtioNet::set_receiver(std::uint16_t pair, PacketReceiver* receiver) {
  assert(pair < pairs_.size());
  pairs_[pair]->set_receiver(receiver);
}

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

void VirtioNet::on_config_interrupt() {
  if (!accept_interrupt()) return;
  host_.tell(Layer::Interrupt, [] { return std::string("device configuration changed"); });
  config_work_.schedule(Duration{0});
}

void VirtioNet::transmit_ready() {
  if (transmit_ready_) transmit_ready_();
}

// The pool has one waiter, which is the device: who wants blocks and who finds some is one anyway.
void VirtioNet::poll_when_blocks_are_free(std::uint32_t blocks) {
  pool_.when_available(blocks, [this] {
    for (auto const& pair : pairs()) pair->schedule_poll();
  });
}

unsigned VirtioNet::poll(unsigned budget) {
  unsigned done = 0;
  for (auto const& pair : pairs()) {
    done += pair->poll(budget - done);
    if (done == budget) break;
  }
  return done;
}

unsigned VirtioNet::poll(std::uint16_t pair, unsigned budget) {
  assert(pair < queue_pairs());
  return pairs_[pair]->poll(budget);
}

Result<Done, TransmitError> VirtioNet::transmit(PacketBuffer& packet, bool more) {
  if (state_ != State::Live) return TransmitError::LinkDown;
  std::uint16_t const wanted = packet.info().queue_pair;
  QueuePair& pair = *pairs_[wanted < queue_pairs() ? wanted : 0];
  if (!link_up() || !acceptable(packet)) {
    pair.end_batch();  // if there was one
    return link_up() ? TransmitError::TooLong : TransmitError::LinkDown;
  }
  return pair.send(packet, more);
}

bool VirtioNet::acceptable(PacketBuffer const& packet) const {
  std::uint32_t const size = packet.size();
  if (size < kEthernetHeaderBytes) return false;
  PacketInfo const& info = packet.info();
  if (info.segment_bytes != 0) {
    return size <= kLongestToCut && info.checksum_bytes != 0 && cuts_segments(info.segment_kind) &&
           (!info.congestion_once || notifies_congestion_once());
  }
  std::uint32_t const longest = agreement_.mtu + kEthernetHeaderBytes;
  if (size <= longest) return true;
  bool const tagged =
      load_be<std::uint16_t>(packet.bytes().data() + kEtherTypeOffset) == kEtherTypeVlan;
  return tagged && size <= longest + kVlanTagBytes;
}

}  // namespace ringside::driver
