// A NIC whose receive queue a test fills and empties.
#pragma once

#include <map>

#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {

class ReceivingNic : public EveryNic {
 protected:
  void start(std::uint64_t features = kUnfiltered) {
    nic.start({.size = 64, .features = features});
  }
  void expect_used(std::uint16_t id, std::uint32_t len) {
    auto const used = nic.wait_used(nic.rx());
    ASSERT_TRUE(used) << "buffer " << id << " does not come back";
    EXPECT_EQ(used->id, id);
    EXPECT_EQ(used->len, len);
    EXPECT_EQ(used->written, len != 0);
  }
  void post(std::uint32_t size, std::uint16_t id) {
    blocks_[id] = nic.post(size, id);
    nic.run(us(3));  // until it is fetched
  }
  Frame contents(std::uint16_t id, std::size_t offset, std::size_t size) {
    Bytes const bytes = Bytes(blocks_.at(id).bytes).subspan(offset, size);
    return {bytes.begin(), bytes.end()};
  }
  void expect_none_delivered() {
    nic.run(us(20));
    EXPECT_FALSE(nic.rx().take());
  }

  std::map<std::uint16_t, Block> blocks_;
};

}  // namespace ringside::testbench
