#include "model/device/nic.hpp"

#include <algorithm>
#include <utility>

namespace ringside::model {
namespace {

// The first that is ready from `next` on, cyclically, after which `next` is moved; nullptr if none.
template <class Engines>
auto* next_ready(Engines& engines, std::size_t& next) {
  for (std::size_t i = 0; i < engines.size(); ++i) {
    auto& engine = engines[(next + i) % engines.size()];
    if (!engine.ready()) continue;
    next = (next + i + 1) % engines.size();
    return &engine;
  }
  return static_cast<typename Engines::pointer>(nullptr);
}

template <class Engines>
bool any_ready(Engines const& engines) {
  return std::ranges::any_of(engines, [](auto const& engine) { return engine.ready(); });
}

}  // namespace

// A step at work. The last one to end completes a reset that was asked for meanwhile.
class Nic::Visit {
 public:
  explicit Visit(Nic& nic) : nic_(nic) { ++nic_.visits_; }
  ~Visit() {
    if (--nic_.visits_ == 0 && nic_.session_.draining()) nic_.finish_reset();
  }
  Visit(Visit const&) = delete;
  Visit& operator=(Visit const&) = delete;

 private:
  Nic& nic_;
};

Nic::Nic(HostMemory& memory, FrameSink& wire, Clock const& clock, MacAddress mac)
    : memory_(memory),
      clock_(clock),
      device_config_(mac),
      flow_(mac, mac_settings_),
      queues_(layout::kNumQueues, Virtqueue(memory, session_, clock)),
      control_(memory, session_, queues_[layout::kControlQueue], *this) {
  for (std::uint16_t pair = 0; pair < layout::kMaxQueuePairs; ++pair) {
    transmit_.emplace_back(memory, session_, queues_[layout::transmit_queue(pair)], wire,
                           statistics_);
    receive_.emplace_back(memory, session_, queues_[layout::receive_queue(pair)], frame_storage_,
                          statistics_);
  }
  registers_.map(layout::kCommonBlock, common_);
  registers_.map(layout::kIsrBlock, interrupt_status_);
  registers_.map(layout::kDeviceBlock, device_config_);
  registers_.map(layout::kNotifyBlock, notify_block_);
  registers_.map(layout::kModerationBlock, moderation_block_);
  registers_.map(layout::kStatisticsBlock, statistics_);
  registers_.map(layout::kMacBlock, mac_settings_);
  registers_.map(layout::kMsixTableBlock, msix_);
  registers_.map(layout::kMsixPendingBlock, msix_.pending_block());
}

std::uint32_t Nic::read(std::uint32_t offset, unsigned size) {
  unsigned const stopped = silent_until() > clock_.now() ? 1 : 0;
  unsigned const stopping = flow_.stopping() ? 2 : 0;
  mac_settings_.set_state(static_cast<std::uint8_t>(fault_),
                          static_cast<std::uint8_t>(stopped | stopping));
  return registers_.read(offset, size);
}

void Nic::write(std::uint32_t offset, unsigned size, std::uint32_t value) {
  registers_.write(offset, size, value);
  flow_.settings_changed();
}

void Nic::set_bus_master(bool allowed) {
  bus_master_ = allowed;
  msix_.set_bus_master(allowed);
  for (auto& engine : receive_) engine.set_bus_master(allowed);
}

void Nic::set_link(bool up) {
  light_ = up;
  link_may_have_changed();
}

void Nic::set_fault(LineSignal fault) {
  if (fault == fault_) return;
  fault_ = fault;
  if (fault == LineSignal::LocalFault) statistics_.add("local_faults");
  if (fault == LineSignal::RemoteFault) statistics_.add("remote_faults");
  link_may_have_changed();
}

void Nic::link_may_have_changed() {
  bool const up = light_ && fault_ == LineSignal::Idle;
  if (!device_config_.set_link(up)) return;
  statistics_.add("link_transitions");
  // Switches have forgotten where the station is when its link comes back.
  if (up && session_.live() && common_.negotiated(layout::kFeatureGuestAnnounce)) {
    device_config_.ask_to_announce();
  }
  configuration_changed();
}

void Nic::sent(Bytes frame) {
  count_sent(frame, [this](Statistics::Counter counter, std::uint64_t amount) {
    statistics_.add(counter, amount);
  });
}

void Nic::configuration_changed() {
  if ((common_.status() & layout::kStatusDriverOk) == 0 || session_.draining()) return;
  interrupt_status_.set(InterruptStatus::kConfiguration);
  msix_.raise(common_.config_vector());
}

// --- What registers ask for.

void Nic::driver_resets() {
  session_.drain();
  if (visits_ == 0) finish_reset();
}

void Nic::finish_reset() {
  for (Virtqueue& queue : queues_) queue.reset();
  steering_ = {};
  msix_.forget();
  interrupt_status_ = {};
  session_.reset();
  common_.reset();
  device_config_.reset();
  mac_settings_.reset();
  flow_.settings_changed();
}

void Nic::driver_is_ready() {
  session_.begin();
  if (!session_.live()) return;
  for (auto& engine : receive_) {
    engine.set_rules({.mergeable = common_.negotiated(layout::kFeatureMrgRxbuf),
                      .checksum = common_.negotiated(layout::kFeatureGuestCsum),
                      .hash_report = common_.negotiated(layout::kFeatureHashReport)});
  }
  for (auto& engine : transmit_) engine.set_rules(common_.packet_rules());
  receive_port_.set_filter({.by_address = common_.negotiated(layout::kFeatureCtrlRx),
                            .by_vlan = common_.negotiated(layout::kFeatureCtrlVlan),
                            .station = device_config_.mac()});
  for (std::uint16_t queue = 0; queue < queues_.size(); ++queue) queue_enabled(queue);
}

void Nic::queue_enabled(std::uint16_t queue) {
  if (!session_.live() || !common_.queue(queue).enabled || queues_[queue].running()) return;
  settle(queues_[queue].start(common_.queue(queue),
                              {.indirect = common_.negotiated(layout::kFeatureIndirectDesc),
                               .tables_readable = layout::is_transmit_queue(queue),
                               .any_order = queue == layout::kControlQueue},
                              common_.negotiated(layout::kFeatureEventIdx)));
}

void Nic::queue_notified(std::uint16_t queue) {
  if (session_.live() && queues_[queue].running()) queues_[queue].available().announce();
}

std::uint32_t Nic::ModerationBlock::read_word(std::uint32_t offset) {
  auto const& setting = nic.queues_[offset / layout::kModerationStride].notifier().moderation();
  return offset % layout::kModerationStride == 0 ? setting.max_packets : setting.max_usecs;
}

void Nic::ModerationBlock::write_word(std::uint32_t offset, WordWrite write) {
  if (nic.session_.draining()) return;
  Notifier& notifier = nic.queues_[offset / layout::kModerationStride].notifier();
  Moderation::Setting setting = notifier.moderation();
  std::uint32_t& half =
      offset % layout::kModerationStride == 0 ? setting.max_packets : setting.max_usecs;
  half = write.onto(half);
  notifier.set_moderation(setting, nic.clock_.now());
}

// --- What commands change.

void Nic::set_station(MacAddress station) {
  device_config_.set_mac(station);
  ReceiveFilter filter = receive_port_.filter();
  filter.station = station;
  receive_port_.set_filter(std::move(filter));
}

Moderation::Setting Nic::coalescing(std::uint16_t queue) const {
  return queues_[queue].notifier().moderation();
}

void Nic::set_coalescing(std::uint16_t queue, Moderation::Setting setting) {
  queues_[queue].notifier().set_moderation(setting, clock_.now());
}

void Nic::set_guest_offloads(std::uint64_t features) {
  for (auto& engine : receive_) {
    engine.set_checksum((features & layout::kFeatureGuestCsum) != 0);
  }
}

// --- Work.

void Nic::settle(Result<Done, DeviceError> outcome) {
  if (!outcome) fail(outcome.error());
}

void Nic::fail(DeviceError error) {
  if (!session_.fail(error)) return;
  common_.set_needs_reset();
  configuration_changed();
}

void Nic::receive(ReceivedFrame frame) {
  auto good = receive_port_.accept(std::move(frame), session_.live());
  if (!good) return;
  FrameHashes const hashes = steering_.hashes_of(*good);
  receive_[steering_.pair_of(hashes)].put(std::move(*good), hashes.reported);
}

bool Nic::transmit_ready() const {
  return bus_master_ && !session_.draining() && any_ready(transmit_);
}

void Nic::transmit_step() {
  Visit const visit(*this);
  if (auto* engine = next_ready(transmit_, next_transmit_)) settle(engine->step());
}

void Nic::control_step() {
  Visit const visit(*this);
  settle(control_.step());
}

bool Nic::receive_ready() const { return any_ready(receive_); }

void Nic::receive_step() {
  Visit const visit(*this);
  if (auto* engine = next_ready(receive_, next_receive_)) settle(engine->step());
}

std::optional<std::uint16_t> Nic::queue_with_decision() const {
  if (!session_.live() || !bus_master_) return std::nullopt;
  for (std::uint16_t queue = 0; queue < queues_.size(); ++queue) {
    if (queues_[queue].notifier().due(clock_.now())) return queue;
  }
  return std::nullopt;
}

bool Nic::interrupt_ready() const {
  if (session_.draining()) return false;
  return msix_.ready() || queue_with_decision().has_value();
}

void Nic::interrupt_step() {
  Visit const visit(*this);
  if (msix_.ready()) {
    statistics_.add("interrupts");
    msix_.send(memory_);
    return;
  }
  auto const queue = queue_with_decision();
  if (!queue) return;
  auto const wanted = queues_[*queue].notifier().decide(clock_.now());
  if (!wanted) {
    fail(wanted.error());
  } else if (*wanted && session_.live()) {
    if (!msix_.enabled()) interrupt_status_.set(InterruptStatus::kUsedBuffers);
    msix_.raise(common_.queue(*queue).vector);
  }
}

TimePoint Nic::deadline() const {
  if (!session_.live() || !bus_master_) return kNever;
  TimePoint earliest = kNever;
  for (Virtqueue const& queue : queues_) {
    earliest = std::min(earliest, queue.notifier().deadline());
  }
  return earliest;
}

void Nic::run() {
  while (transmit_ready() || receive_ready() || control_ready() || interrupt_ready()) {
    if (control_ready()) control_step();
    if (transmit_ready()) transmit_step();
    if (receive_ready()) receive_step();
    if (interrupt_ready()) interrupt_step();
  }
}

}  // namespace ringside::model
