// What the tests of the whole NIC share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {

inline constexpr std::uint64_t kPacket = 0x10000;
inline constexpr std::uint32_t kIsr = layout::kIsrBlock.offset;

class TheNic : public testing::Test {
 protected:
  void transmit(unsigned slot) {
    auto const length = host.put_packet(kPacket, counting_frame(60));
    host.tx.put(slot, kPacket, length, static_cast<std::uint16_t>(slot), kAvail);
    host.notify_and_run(1);
  }
  void set_moderation(std::uint32_t queue, std::uint32_t packets, std::uint32_t usecs) {
    host.write32(layout::kModerationBlock.offset + 8 * queue, packets);
    host.write32(layout::kModerationBlock.offset + 8 * queue + 4, usecs);
  }
  void reset_and_expect_a_fresh_device() {
    host.set_status(0);
    EXPECT_EQ(host.status(), 0);
    EXPECT_EQ(host.read16(common("config_msix_vector")), layout::kNoVector);
    EXPECT_EQ(host.read16(common("queue_size")), layout::kMaxQueueSize);
    EXPECT_EQ(host.read16(common("queue_enable")), 0U);
    EXPECT_EQ(host.read32(common("queue_desc")), 0U);
    EXPECT_EQ(host.read32(layout::kModerationBlock.offset), 0U);
    EXPECT_EQ(host.read32(kIsr), 0U);
    EXPECT_FALSE(host.nic.error());
    std::fill(host.memory.bytes.begin(), host.memory.bytes.end(), std::uint8_t{0});
    host.memory.refuse = nullptr;
    host.wire.frames.clear();
    host.start(8);
    transmit(0);
    EXPECT_EQ(host.wire.frames.size(), 1U);
  }

  TestHost host;
};

}  // namespace ringside::model
