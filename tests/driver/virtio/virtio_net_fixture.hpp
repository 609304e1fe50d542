// A VirtioNet on a scripted device, with a stack that writes down what it is told.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "driver/virtio/virtio_net.hpp"
#include "tests/driver/virtio/fake_device.hpp"

namespace ringside::test {

class RecordingStack final : public PacketReceiver {
 public:
  void receive(PacketBuffer packet) override {
    frames.emplace_back(packet.bytes().begin(), packet.bytes().end());
    infos.push_back(packet.info());
    headrooms.push_back(packet.headroom());
    if (on_receive) on_receive(packet);
    if (keep) kept.push_back(std::move(packet));
  }
  void receive_done() override { ++polls_done; }

  std::vector<Frame> frames;
  std::vector<PacketInfo> infos;
  std::vector<std::uint32_t> headrooms;
  std::vector<PacketBuffer> kept;
  bool keep = false;
  unsigned polls_done = 0;
  std::function<void(PacketBuffer&)> on_receive;
};

class RecordingStory final : public Story {
 public:
  bool wants(Layer) const override { return true; }
  void tell(Layer, std::string line) override { lines.push_back(std::move(line)); }
  bool told(std::string_view part) const {
    for (auto const& line : lines) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }
  std::vector<std::string> lines;
};

struct VirtioNetTest : testing::Test {
  // Small, so that every test turns the rings over.
  driver::VirtioNetConfig config = [] {
    driver::VirtioNetConfig c;
    c.receive_queue_size = 8;
    c.transmit_queue_size = 8;
    c.buffer_count = 64;
    return c;
  }();

  driver::VirtioNet& make() {
    net = std::make_unique<driver::VirtioNet>(device, memory, executor, story, config);
    net->set_receiver(&stack);
    return *net;
  }
  driver::VirtioNet& start() {
    make();
    EXPECT_TRUE(net->start());
    executor.run_ready();
    return *net;
  }

  PacketBuffer packet(Frame const& frame, std::uint32_t headroom = kTransmitHeadroom) {
    PacketBuffer result = net->pool().allocate(headroom);
    EXPECT_TRUE(result);
    std::copy(frame.begin(), frame.end(),
              result.append(static_cast<std::uint32_t>(frame.size())).begin());
    return result;
  }
  Result<Done, TransmitError> send(Frame const& frame, bool more = false) {
    PacketBuffer p = packet(frame);
    return net->transmit(p, more);
  }

  static Frame frame(std::size_t size, std::uint8_t seed = 1) {
    Frame result(size);
    for (std::size_t i = 0; i < size; ++i) result[i] = static_cast<std::uint8_t>(seed * 7 + i);
    result[0] = 0x02;  // unicast
    return result;
  }

  VirtualExecutor executor;
  FakeDmaMemory memory;
  FakeDevice device{executor, memory};
  RecordingStory story;
  RecordingStack stack;
  std::unique_ptr<driver::VirtioNet> net;
};

}  // namespace ringside::test
