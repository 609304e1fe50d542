#include "testbench/bench/load_testbed.hpp"

#include <utility>

#include "testbench/bench/measurement.hpp"

namespace ringside::testbench {

namespace {

constexpr std::uint64_t kSeed = 64;
constexpr std::size_t kMemoryBytes = 256 << 20;
constexpr Duration kStep{100'000'000};
constexpr int kStepsToStart = 100;

}  // namespace

HostLoad::HostLoad(driver::VirtioNet& device, std::size_t size)
    : device_(device), size_(size), sent_(device.queue_pairs()), by_pair_(device.queue_pairs()) {
  device.set_receiver(this);
}

bool HostLoad::send(std::uint16_t pair, bool more) {
  PacketBuffer packet = device_.pool().allocate(kTransmitHeadroom);
  if (!packet) return false;
  auto const pairs = static_cast<std::uint32_t>(sent_.size());
  write_load_frame(packet.append(size_), kPeerMac, kLoadedMac, sent_[pair] * pairs + pair);
  packet.info().queue_pair = pair;
  if (!device_.transmit(packet, more)) return false;
  ++sent_[pair];
  return true;
}

void HostLoad::fill() {
  device_.on_transmit_ready([this] { fill(); });
  for (std::uint16_t pair = 0; pair < sent_.size(); ++pair) {
    while (send(pair, true)) {
    }
  }
}

void HostLoad::send_one() { send(0, false); }

void HostLoad::receive(PacketBuffer packet) {
  ++by_pair_[packet.info().queue_pair];
  auto const number = number_of_load_frame(packet.bytes(), size_);
  count_.add(present(), number);
  if (number && on_frame_) on_frame_(*number);
}

LoadTestbed::LoadTestbed(LoadCase const& wanted)
    : memory(kMemoryBytes),
      cpu("cpu", timeline, wanted.cost),
      link(timeline, memory, wanted.link, Random(kSeed)),
      nic("nic", link, kLoadedMac, {}),
      ear(wanted.size),
      sender(timeline, nic, kLoadedMac, kPeerMac, wanted.size),
      size_(wanted.size) {
  config_.receive_moderation = wanted.moderation;
  config_.transmit_moderation = wanted.moderation;
  config_.queue_pairs = wanted.pairs;
  config_.buffer_count *= wanted.pairs;
  nic.connect(ear);
}

void LoadTestbed::start(std::function<void()> then) {
  cpu.post(Context::Process, [this, then = std::move(then)] {
    auto found = driver::PciTransport::discover(function, cpu);
    if (!found) return;
    transport = std::move(*found);
    device = std::make_unique<driver::VirtioNet>(*transport, memory, cpu, silence, config_);
    if (!device->start()) return;
    load = std::make_unique<HostLoad>(*device, size_);
    then();
  });
  for (int i = 0; i < kStepsToStart && !load; ++i) timeline.advance(kStep);
  if (!load) throw BenchError("bench: the driver can not start the NIC");
}

}  // namespace ringside::testbench
