// A NIC that cuts packets into TCP segments: each frame that leaves is compared with one that was
// built for itself.
#pragma once

#include <string>
#include <vector>

#include "tests/frame/cut_packet.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {

class SegmentingNic : public EveryNic {
 protected:
  static constexpr std::uint64_t kSeed = 20261123;

  void start(std::uint64_t features = kUnfiltered) {
    nic.start({.size = 128, .features = features});
  }

  Block block_of(Frame const& packet) {
    Block const block = nic.allocate(packet.size());
    std::copy(packet.begin(), packet.end(), block.bytes.begin());
    return block;
  }
  void expect_sent(std::vector<Frame> const& frames, std::string const& what = {}) {
    ASSERT_TRUE(nic.wait_used(nic.tx(), us(400))) << what;
    ASSERT_TRUE(nic.run_until([&] { return nic.wire.frames.size() >= frames.size(); })) << what;
    nic.run(us(2));
    ASSERT_EQ(nic.wire.frames.size(), frames.size()) << what;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      ASSERT_EQ(nic.sent(i), frames[i]) << what << " segment " << i;
      EXPECT_TRUE(is_intact(nic.wire.frames[i]));
    }
    nic.wire.frames.clear();
  }
  void expect_cut(test::CutPacket const& packet, std::string const& what = {}) {
    nic.send(block_of(packet.packet()), 3);
    expect_sent(packet.segments(), what);
  }

  void expect_dropped(std::string const& what) {
    ASSERT_TRUE(nic.wait_used(nic.tx())) << what;
    nic.run(us(2));
    EXPECT_EQ(nic.counter("tx_dropped_malformed"), ++dropped_) << what;
    EXPECT_EQ(nic.counter("tx_dropped_error"), 0U) << what;
    EXPECT_TRUE(nic.wire.frames.empty()) << what;
  }
  void expect_refused(Frame const& packet, std::string const& what) {
    nic.send(block_of(packet), 4);
    expect_dropped(what);
  }

  Random random_{kSeed};
  std::uint64_t dropped_ = 0;
};

}  // namespace ringside::testbench
