// One Verilated NIC and a host without a stack: link, memory, driver, CPU.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "driver/transport/pci_transport.hpp"
#include "driver/virtio/virtio_net.hpp"
#include "testbench/bench/wire_load.hpp"
#include "testbench/bus/host_memory.hpp"
#include "testbench/bus/pci_function.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/host/cpu.hpp"
#include "testbench/nic/rtl_nic.hpp"

namespace ringside::testbench {

// The two ends of the wire.
inline constexpr MacAddress kLoadedMac{{0x02, 0x52, 0x53, 0, 0, 1}};
inline constexpr MacAddress kPeerMac{{0x02, 0x52, 0x53, 0, 0, 2}};

struct LoadCase {
  PcieTiming link = kGen3x8;
  CostModel cost = kFreeCost;  // what the CPU's work costs
  std::size_t size = 60;       // of the frames, without FCS
  Moderation moderation{32, 8};
  std::uint16_t pairs = 1;  // of queues
};

// The host's side of the load: keeps the transmit rings full and counts what is received.
class HostLoad final : public PacketReceiver {
 public:
  HostLoad(driver::VirtioNet& device, std::size_t size);

  // From now on without a pause.
  void fill();
  // One frame and no more.
  void send_one();

  // Hears of each frame that is received and intact, by its number.
  void on_frame(std::function<void(std::uint32_t)> listener) { on_frame_ = std::move(listener); }

  void receive(PacketBuffer packet) override;
  void receive_done() override {}

  FrameCount& count() { return count_; }
  // Received by each pair of queues since the start.
  std::vector<std::uint64_t> const& by_pair() const { return by_pair_; }

 private:
  bool send(std::uint16_t pair, bool more);

  driver::VirtioNet& device_;
  std::size_t size_;
  FrameCount count_;
  std::function<void(std::uint32_t)> on_frame_;
  std::vector<std::uint32_t> sent_;  // by each pair: a flow stays with one
  std::vector<std::uint64_t> by_pair_;
};

struct LoadTestbed {
  Timeline timeline{"timeline"};
  HostMemory memory;
  Cpu cpu;
  PcieLink link;
  PciFunction function{cpu, link, memory, timeline};
  RtlNic nic;
  WireEar ear;
  WireSender sender;
  Silence silence;
  std::unique_ptr<driver::PciTransport> transport;
  std::unique_ptr<driver::VirtioNet> device;
  std::unique_ptr<HostLoad> load;

  explicit LoadTestbed(LoadCase const& wanted);
  ~LoadTestbed() { cpu.halt(); }

  // Brings the NIC up; throws BenchError if the driver can not. Then `then` runs on the CPU.
  void start(std::function<void()> then);

 private:
  driver::VirtioNetConfig config_;
  std::size_t size_;
};

}  // namespace ringside::testbench
