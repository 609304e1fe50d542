// bench nic64: what the NIC does with the smallest frames when nothing else is the limit.
#include <chrono>
#include <functional>
#include <memory>

#include "driver/transport/pci_transport.hpp"
#include "driver/virtio/virtio_net.hpp"
#include "interface/layout/registers.hpp"
#include "testbench/bench/measurement.hpp"
#include "testbench/bench/wire_load.hpp"
#include "testbench/bus/host_memory.hpp"
#include "testbench/bus/pci_function.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/host/cpu.hpp"
#include "testbench/nic/rtl_nic.hpp"

namespace ringside::testbench {

namespace {

constexpr std::uint64_t kSeed = 64;
constexpr MacAddress kNicMac{{0x02, 0x52, 0x53, 0, 0, 1}};
constexpr MacAddress kPeerMac{{0x02, 0x52, 0x53, 0, 0, 2}};
constexpr std::size_t kMemoryBytes = 64 << 20;
constexpr Duration kStep{100'000'000};
constexpr int kStepsToStart = 100;
constexpr Duration kWarmUp{200'000'000};

// One interrupt for a quarter of a ring: the CPU takes no time, but each message of an interrupt
// takes room on the link.
driver::VirtioNetConfig driver_config() {
  driver::VirtioNetConfig config;
  config.receive_moderation = {64, 20};
  config.transmit_moderation = {64, 20};
  return config;
}

// The host's side of the load: keeps the transmit ring full and counts what is received.
class HostLoad final : public PacketReceiver {
 public:
  explicit HostLoad(driver::VirtioNet& device) : device_(device) {
    device.set_receiver(this);
    device.on_transmit_ready([this] { fill(); });
  }

  void fill() {
    for (;;) {
      PacketBuffer packet = device_.pool().allocate(kTransmitHeadroom);
      if (!packet) return;
      write_small_frame(packet.append(kSmallFrameBytes), kPeerMac, kNicMac, number_);
      if (!device_.transmit(packet, true)) return;
      ++number_;
    }
  }
  void receive(PacketBuffer packet) override {
    count_.add(present(), number_of_small_frame(packet.bytes()));
  }
  void receive_done() override {}

  FrameCount& count() { return count_; }

 private:
  driver::VirtioNet& device_;
  FrameCount count_;
  std::uint32_t number_ = 0;
};

// A host without a stack: NIC, link, memory, driver, and a CPU that takes no time.
struct Testbed {
  Timeline timeline{"timeline"};
  HostMemory memory{kMemoryBytes};
  Cpu cpu{"cpu", timeline, kFreeCost};
  PcieLink link{timeline, memory, kGen3x8, Random(kSeed)};
  PciFunction function{cpu, link, memory, timeline};
  RtlNic nic{"nic", link, kNicMac, {}};
  WireEar ear;
  WireSender sender{timeline, nic, kNicMac, kPeerMac};
  Silence silence;
  std::unique_ptr<driver::PciTransport> transport;
  std::unique_ptr<driver::VirtioNet> device;
  std::unique_ptr<HostLoad> load;

  Testbed() { nic.connect(ear); }
  ~Testbed() { cpu.halt(); }

  void start() {
    cpu.post(Context::Process, [this] {
      auto found = driver::PciTransport::discover(function, cpu);
      if (!found) return;
      transport = std::move(*found);
      device =
          std::make_unique<driver::VirtioNet>(*transport, memory, cpu, silence, driver_config());
      if (!device->start()) return;
      load = std::make_unique<HostLoad>(*device);
      load->fill();
      sender.start();
    });
    for (int i = 0; i < kStepsToStart && !load; ++i) timeline.advance(kStep);
    if (!load) throw BenchError("bench nic64: the driver can not start the NIC");
  }
};

}  // namespace

Figures measure_nic64(BenchOptions const& options) {
  Testbed bed;
  bed.start();
  bed.timeline.advance(kWarmUp);
  bed.load->count().restart();
  bed.ear.count().restart();
  PcieStatistics const before = bed.link.statistics();
  std::uint64_t const evaluated = bed.nic.evaluated();
  std::uint64_t const interrupts = bed.function.interrupts();
  auto const begin = std::chrono::steady_clock::now();
  bed.timeline.advance(options.quick ? Duration{200'000'000} : Duration{2'000'000'000});
  std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - begin;

  FrameCount const& received = bed.load->count();
  FrameCount const& sent = bed.ear.count();
  PcieStatistics const& link = bed.link.statistics();
  // A packet here is one of either direction.
  auto const packets = static_cast<double>(received.frames() + sent.frames());
  Figures figures;
  figures["tx_mpps"] = sent.million_a_second();
  figures["rx_mpps"] = received.million_a_second();
  figures["line_rate_mpps"] = 1e6 / static_cast<double>(kSmallFrameTime.count());
  figures["drops"] = sent.missing() + received.missing();
  figures["wrong"] = sent.wrong() + received.wrong();
  figures["tx_packets"] = sent.frames();
  figures["rx_packets"] = received.frames();
  figures["interrupts"] = bed.function.interrupts() - interrupts;
  figures["pcie_up_bytes_per_packet"] =
      static_cast<double>(link.up_bytes - before.up_bytes) / packets;
  figures["pcie_down_bytes_per_packet"] =
      static_cast<double>(link.down_bytes - before.down_bytes) / packets;
  figures["cycles_evaluated"] = bed.nic.evaluated() - evaluated;
  figures["wall_seconds"] = wall.count();
  return figures;
}

}  // namespace ringside::testbench
