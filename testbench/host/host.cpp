#include "testbench/host/host.hpp"

#include "stack/header/tcp.hpp"
#include "stack/header/udp.hpp"

namespace ringside::testbench {

namespace {

char const* describe(driver::DriverError error) {
  using driver::DriverError;
  switch (error) {
    case DriverError::DeviceMissing:
      return "there is no usable device";
    case DriverError::ResetTimeout:
      return "it did not come out of reset";
    case DriverError::FeatureMissing:
      return "it offers no packed rings of virtio 1";
    case DriverError::FeaturesInconsistent:
      return "it offers features that contradict each other";
    case DriverError::FeaturesRefused:
      return "it refuses the features it offered";
    case DriverError::ConfigInvalid:
      return "it has an impossible address";
    case DriverError::QueueMissing:
      return "it lacks a queue";
    case DriverError::BufferTooSmall:
      return "the receive buffers are too small";
    case DriverError::OutOfMemory:
      return "the host's memory is used up";
  }
  return "unknown";
}

std::string module_name(HostOptions const& options, char const* part) {
  return options.name + "_" + part;
}

}  // namespace

Host::Host(Timeline& timeline, HostOptions const& options, Random const& random, Narrator& narrator,
           NicMaker const& make_nic)
    : options_(options),
      random_(random),
      story_(narrator, options.name),
      memory_(kMemoryBytes),
      cpu_(module_name(options, "cpu").c_str(), timeline, options.cost),
      link_(timeline, memory_, options.pcie, random.stream("pcie")),
      function_(cpu_, link_, memory_, timeline),
      nic_(make_nic(module_name(options, "nic"), timeline, link_, options.mac)),
      context_(cpu_) {}

void Host::boot(std::function<void(Host&)> ready) {
  cpu_.post(Context::Process, [this, ready = std::move(ready)] {
    if (!start_device()) return;
    start_stack();
    ready(*this);
  });
}

bool Host::start_device() {
  auto found = driver::PciTransport::discover(function_, cpu_);
  if (!found) {
    failure_ = "host " + name() + ": the driver finds no virtio network device";
    return false;
  }
  transport_ = std::move(*found);
  device_ =
      std::make_unique<driver::VirtioNet>(*transport_, memory_, cpu_, story_, options_.driver);
  if (auto const started = device_->start(); !started) {
    failure_ =
        "host " + name() + ": the network device does not start: " + describe(started.error());
    return false;
  }
  return true;
}

void Host::start_stack() {
  network_ = std::make_unique<stack::HostNetwork>(*device_, cpu_, story_, random_.stream("network"),
                                                  options_.network);
  udp_ = std::make_unique<stack::UdpLayer>(network_->ipv4(), cpu_, story_, random_.stream("udp"));
  tcp_ = std::make_unique<stack::TcpLayer>(cpu_, network_->ipv4(), story_, random_.stream("tcp"));
  network_->ipv4().register_protocol(stack::kProtocolUdp, *udp_);
  network_->ipv4().register_protocol(stack::kProtocolTcp, *tcp_);
  resolver_ = std::make_unique<stack::Resolver>(context_, *udp_, story_, random_.stream("dns"),
                                                options_.name_server);
}

}  // namespace ringside::testbench
