// A simulated host from its NIC's PCIe link to its sockets: the same layers as a real one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "driver/transport/pci_transport.hpp"
#include "driver/virtio/virtio_net.hpp"
#include "interface/base/mac_address.hpp"
#include "interface/base/random.hpp"
#include "stack/network/host_network.hpp"
#include "stack/socket/host_context.hpp"
#include "stack/socket/resolver.hpp"
#include "stack/transport/tcp/layer.hpp"
#include "stack/transport/udp_layer.hpp"
#include "testbench/app/sockets.hpp"
#include "testbench/bus/pci_function.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/check/narrator.hpp"
#include "testbench/host/cost_model.hpp"
#include "testbench/host/cpu.hpp"
#include "testbench/nic/nic.hpp"

namespace ringside::testbench {

struct HostOptions {
  std::string name;
  MacAddress mac;
  stack::HostNetworkConfig network;
  std::optional<stack::Ipv4Address> name_server;
  PcieTiming pcie = kGen3x8;
  CostModel cost = kServerCost;
  driver::VirtioNetConfig driver;
};

class Host {
 public:
  Host(Timeline& timeline, HostOptions const& options, Random const& random, Narrator& narrator,
       NicMaker const& make_nic);
  // Applications go first, then the layers below them; the network hears nothing of it.
  ~Host() { cpu_.halt(); }

  // See Cpu::halt().
  void halt() { cpu_.halt(); }

  // Finds the NIC, brings up driver and stack, then runs `ready` as a process of the host. If the
  // NIC can not be brought up, `ready` never runs and failure() says why.
  void boot(std::function<void(Host&)> ready);

  std::string const& name() const { return options_.name; }
  std::string const& failure() const { return failure_; }

  SimulatedNic& nic() { return *nic_; }
  PcieLink& link() { return link_; }
  PciFunction& function() { return function_; }
  HostMemory& memory() { return memory_; }
  Cpu& cpu() { return cpu_; }
  HostStory& story() { return story_; }

  // Once it is ready.
  driver::PciTransport& transport() { return *transport_; }
  driver::VirtioNet& device() { return *device_; }
  stack::HostNetwork& network() { return *network_; }
  stack::TcpLayer& tcp() { return *tcp_; }
  stack::UdpLayer& udp() { return *udp_; }
  bool ready() const { return tcp_ != nullptr; }
  Sockets sockets() { return {context_, *tcp_, *udp_, *resolver_, story_}; }

 private:
  static constexpr std::size_t kMemoryBytes = 64 << 20;

  bool start_device();
  void start_stack();

  HostOptions options_;
  Random random_;
  HostStory story_;
  HostMemory memory_;
  Cpu cpu_;
  PcieLink link_;
  PciFunction function_;
  std::unique_ptr<SimulatedNic> nic_;
  std::string failure_;

  // From the bottom up; the top goes first.
  std::unique_ptr<driver::PciTransport> transport_;
  std::unique_ptr<driver::VirtioNet> device_;
  std::unique_ptr<stack::HostNetwork> network_;
  std::unique_ptr<stack::UdpLayer> udp_;
  std::unique_ptr<stack::TcpLayer> tcp_;
  std::unique_ptr<stack::Resolver> resolver_;
  stack::HostContext context_;
};

}  // namespace ringside::testbench
