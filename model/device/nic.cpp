#include "model/device/nic.hpp"

#include <utility>

namespace ringside::model {
namespace {

using layout::kReceiveQueue;
using layout::kTransmitQueue;

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
      queues_{Virtqueue(memory, session_, clock), Virtqueue(memory, session_, clock)},
      transmit_(memory, session_, queues_[kTransmitQueue], wire, statistics_),
      receive_(memory, session_, queues_[kReceiveQueue], statistics_) {
  registers_.map(layout::kCommonBlock, common_);
  registers_.map(layout::kIsrBlock, interrupt_status_);
  registers_.map(layout::kDeviceBlock, device_config_);
  registers_.map(layout::kNotifyBlock, notify_block_);
  registers_.map(layout::kModerationBlock, moderation_block_);
  registers_.map(layout::kStatisticsBlock, statistics_);
  registers_.map(layout::kMsixTableBlock, msix_);
  registers_.map(layout::kMsixPendingBlock, msix_.pending_block());
}

void Nic::write(std::uint32_t offset, unsigned size, std::uint32_t value) {
  registers_.write(offset, size, value);
}

void Nic::set_bus_master(bool allowed) {
  bus_master_ = allowed;
  msix_.set_bus_master(allowed);
  receive_.set_bus_master(allowed);
}

void Nic::set_link(bool up) {
  if (device_config_.set_link(up)) configuration_changed();
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
  msix_.forget();
  interrupt_status_ = {};
  session_.reset();
  common_.reset();
}

void Nic::driver_is_ready() {
  session_.begin();
  if (!session_.live()) return;
  receive_.set_mergeable(common_.negotiated(layout::kFeatureMrgRxbuf));
  receive_.set_checksum(common_.negotiated(layout::kFeatureGuestCsum));
  transmit_.set_checksum(common_.negotiated(layout::kFeatureCsum));
  for (std::uint16_t queue = 0; queue < queues_.size(); ++queue) queue_enabled(queue);
}

void Nic::queue_enabled(std::uint16_t queue) {
  if (!session_.live() || !common_.queue(queue).enabled || queues_[queue].running()) return;
  settle(queues_[queue].start(common_.queue(queue),
                              {.indirect = common_.negotiated(layout::kFeatureIndirectDesc),
                               .tables_readable = queue == kTransmitQueue},
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

// --- Work.

void Nic::settle(Result<Done, DeviceError> outcome) {
  if (!outcome) fail(outcome.error());
}

void Nic::fail(DeviceError error) {
  if (!session_.fail(error)) return;
  common_.set_needs_reset();
  configuration_changed();
}

void Nic::transmit_step() {
  Visit const visit(*this);
  settle(transmit_.step());
}

void Nic::receive_step() {
  Visit const visit(*this);
  settle(receive_.step());
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
  while (transmit_ready() || receive_ready() || interrupt_ready()) {
    if (transmit_ready()) transmit_step();
    if (receive_ready()) receive_step();
    if (interrupt_ready()) interrupt_step();
  }
}

}  // namespace ringside::model
