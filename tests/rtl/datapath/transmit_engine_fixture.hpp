// What the tests of the transmit engine share: packets into the queue, frames and buffers out.
#pragma once

#include <vector>

#include "tests/rtl/datapath/engines_bench.hpp"

namespace ringside::testbench {

class TransmitEngine : public testing::Test {
 protected:
  static constexpr std::uint64_t kSeed = 20250103;
  static constexpr std::uint64_t kBase = 0x4200000000;

  // HASH_REPORT: what is added to the header means nothing here.
  void use_long_header() {
    header_ = 20;
    bench_.model.hash_report_i = 1;
  }

  Bytes chance_bytes(std::size_t count) {
    Bytes bytes(count);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(bench_.random.next());
    return bytes;
  }

  // A virtio header that asks for nothing; the fields without meaning hold what they like.
  Bytes packet(Bytes const& frame) {
    Bytes bytes = chance_bytes(header_);
    bytes[0] &= 0xFE;
    bytes[1] = 0;
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    return bytes;
  }

  // Lays the packet into elements of the given lengths (the last takes the rest), each at an offset
  // of its own in a page of its own, and makes the buffer available.
  std::uint16_t send(Bytes const& packet, std::vector<std::uint32_t> lengths, unsigned offset = 0) {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= lengths.size(); ++i) {
      bool const last = i == lengths.size();
      auto const len = last ? static_cast<std::uint32_t>(packet.size() - at) : lengths[i];
      std::uint64_t const addr = next_ + (last && lengths.empty() ? offset : offset + 5 * i) % 4096;
      for (std::uint32_t b = 0; b < len; ++b) bench_.host.memory.set(addr + b, packet[at + b]);
      at += len;
      next_ += 8192;
      element(addr, len, false, last);
    }
    return id_;
  }

  void element(std::uint64_t addr, std::uint32_t len, bool write, bool last) {
    if (last) ++id_;
    std::uint16_t const slots = static_cast<std::uint16_t>(1 + id_ % 256);
    bench_.tx_queue.push({addr, len, id_, slots, write, last});
    if (last) expected_used_.push_back({0, id_, slots, false, false});
  }

  void expect_sent(std::vector<Bytes> const& frames) {
    ASSERT_EQ(bench_.sent.size(), frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(bench_.sent[i], frames[i]) << i;
    EXPECT_EQ(bench_.tx_used, expected_used_) << "every buffer comes back, in order";
    EXPECT_EQ(bench_.counts.tx_packets, expected_used_.size());
  }

  EnginesBench bench_{kSeed};
  unsigned header_ = 12;
  std::uint64_t next_ = kBase;
  std::uint16_t id_ = 500;
  std::vector<Completion> expected_used_;
};

}  // namespace ringside::testbench
