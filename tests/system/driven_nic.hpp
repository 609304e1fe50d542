// A NIC with the driver on it and a test in the place of the stack.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <vector>

#include "driver/transport/pci_transport.hpp"
#include "driver/virtio/virtio_net.hpp"
#include "testbench/bus/host_memory.hpp"
#include "testbench/bus/pci_function.hpp"
#include "testbench/host/cpu.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {

class DrivenNic : public testing::TestWithParam<std::string>, protected PacketReceiver {
 protected:
  struct Received {
    Frame frame;
    PacketInfo info;
  };

  DrivenNic() {
    to_nic_.connect(nic_->receiver());
    nic_->connect(from_nic_);
    from_nic_.connect(wire_);
    run(us(1));
  }
  ~DrivenNic() override {
    as_host([this] {
      if (net_) net_->stop();
    });
    cpu_.halt();
    nic_->finish();
    if (auto const trouble = nic_->trouble()) ADD_FAILURE() << trouble->what;
  }

  void start(driver::VirtioNetConfig const& config) {
    bool started = false;
    as_host([&] {
      if (!transport_) {
        auto found = driver::PciTransport::discover(function_, cpu_);
        ASSERT_TRUE(found);
        transport_ = std::move(*found);
      }
      net_ = std::make_unique<driver::VirtioNet>(*transport_, memory_, cpu_, silence_, config);
      net_->set_receiver(this);
      started = net_->start().has_value();
    });
    ASSERT_TRUE(started);
    run(us(100));  // what a new device is told
  }
  driver::VirtioNet& net() { return *net_; }
  driver::DeviceControl& control() { return net_->control(); }
  driver::PciTransport& transport() { return *transport_; }
  PciFunction& function() { return function_; }

  void run(Duration duration) { sc_core::sc_start(to_sc_time(duration)); }

  // In the host's own time, to its end: it may have to wait for the device.
  template <class Work>
  void as_host(Work&& work) {
    bool done = false;
    cpu_.post(Context::Process, [&] {
      work();
      done = true;
    });
    for (int i = 0; i < 1000 && !done; ++i) run(us(10));
    ASSERT_TRUE(done) << "the host waits for ever";
  }

  // Tells the device something, and waits for its answer.
  template <class Command>
  bool told(Command&& command) {
    enum class Said { Nothing, Ok, Error } answer = Said::Nothing;
    as_host([&] {
      auto const sent = command([&answer](driver::DeviceControl::Outcome outcome) {
        answer = outcome ? Said::Ok : Said::Error;
      });
      if (!sent) answer = Said::Error;
    });
    for (int i = 0; i < 100 && answer == Said::Nothing; ++i) run(us(10));
    EXPECT_NE(answer, Said::Nothing) << "no answer";
    return answer == Said::Ok;
  }

  bool send(Frame const& frame, std::uint16_t pair = 0) {
    bool sent = false;
    as_host([&] {
      PacketBuffer packet = net_->pool().allocate(kTransmitHeadroom);
      std::copy(frame.begin(), frame.end(),
                packet.append(static_cast<std::uint32_t>(frame.size())).begin());
      packet.info().queue_pair = pair;
      sent = net_->transmit(packet, false).has_value();
    });
    run(us(20));
    return sent;
  }
  std::size_t sent() const { return wire_.frames.size(); }
  Frame sent(std::size_t index) const {
    Bytes const contents = wire_.frames.at(index).contents();
    return {contents.begin(), contents.end()};
  }

  // Puts a frame on the wire; what the driver hands on, if it does.
  std::optional<Received> arrive(Frame const& contents) {
    received_.clear();
    WireFrame frame = RingDriver::on_the_wire(contents);
    frame.start = present() + us(0.1);
    to_nic_.send(frame.as_piece());
    run(us(60));
    if (received_.empty()) return std::nullopt;
    EXPECT_EQ(received_.size(), 1U);
    return received_.front();
  }

  void show(LineChange const& change) { to_nic_.signal(change); }

  void receive(PacketBuffer packet) override {
    received_.push_back({{packet.bytes().begin(), packet.bytes().end()}, packet.info()});
  }
  void receive_done() override {}

 private:
  static constexpr std::uint64_t kLinkSeed = 20250990;

  Timeline timeline_{"timeline"};
  HostMemory memory_{64 << 20};
  Cpu cpu_{"cpu", timeline_, kFreeCost};
  PcieLink link_{timeline_, memory_, kGen3x8, Random(kLinkSeed)};
  PciFunction function_{cpu_, link_, memory_, timeline_};
  std::unique_ptr<SimulatedNic> nic_ = nic_maker(GetParam(), {})("nic", timeline_, link_, kStation);
  CableDirection to_nic_{timeline_, us(0.5), {}, Random(kLinkSeed)};
  CableDirection from_nic_{timeline_, us(0.5), {}, Random(kLinkSeed)};
  CollectingReceiver wire_;
  Silence silence_;
  std::unique_ptr<driver::PciTransport> transport_;
  std::unique_ptr<driver::VirtioNet> net_;
  std::vector<Received> received_;
};

}  // namespace ringside::testbench
