// A device that breaks the rules, and what must hold after it did.
#pragma once

#include "tests/driver/virtio/virtio_net_fixture.hpp"

namespace ringside::test {

using Header = std::array<std::uint8_t, 12>;

// The header in front of a received packet.
constexpr Header header(std::uint16_t num_buffers, std::uint8_t flags = 0,
                        std::uint16_t csum_start = 0, std::uint16_t csum_offset = 0) {
  return {flags,
          0,
          0,
          0,
          0,
          0,
          static_cast<std::uint8_t>(csum_start),
          static_cast<std::uint8_t>(csum_start >> 8),
          static_cast<std::uint8_t>(csum_offset),
          static_cast<std::uint8_t>(csum_offset >> 8),
          static_cast<std::uint8_t>(num_buffers),
          static_cast<std::uint8_t>(num_buffers >> 8)};
}

struct HostileDevice : VirtioNetTest {
  static constexpr auto kReceive = FakeDevice::kReceive;
  static constexpr auto kTransmit = FakeDevice::kTransmit;

  void poll() {
    device.interrupt(kReceive);
    executor.run_ready();
  }
  // The device is reset, works again, and a packet goes each way.
  void expect_recovered(std::uint64_t resets = 1) {
    executor.run_for(std::chrono::seconds(1));
    EXPECT_EQ(net->state(), driver::VirtioNet::State::Live);
    EXPECT_EQ(net->statistics().resets, resets);
    expect_works();
  }
  void expect_works() {
    stack.frames.clear();
    device.sent.clear();
    device.completes_at_once = true;
    device.deliver(frame(64, 9));
    EXPECT_TRUE(send(frame(65)));
    executor.run_ready();
    ASSERT_EQ(stack.frames.size(), 1U);
    EXPECT_EQ(stack.frames[0], frame(64, 9));
    EXPECT_EQ(device.sent.size(), 1U);
  }
};

}  // namespace ringside::test
