// What the tests of the receive engine share: buffers into the queue, packets out.
#pragma once

#include <vector>

#include "tests/rtl/datapath/engines_bench.hpp"

namespace ringside::testbench {

class ReceiveEngine : public testing::Test {
 protected:
  static constexpr std::uint64_t kSeed = 20250104;
  static constexpr std::uint64_t kBase = 0x6600000000;
  static constexpr std::uint32_t kHash = 0xC0FFEE42;
  static constexpr unsigned kReport = 5;

  Bytes chance_bytes(std::size_t count) {
    Bytes bytes(count);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(bench_.random.next());
    return bytes;
  }

  // Makes a buffer available; its elements lie apart. Returns its id.
  std::uint16_t buffer(std::vector<std::uint32_t> const& lengths, unsigned offset = 0) {
    Layout layout;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      bool const last = i + 1 == lengths.size();
      std::uint64_t const addr = next_ + offset;
      next_ += 0x10000;
      std::uint16_t const slots = static_cast<std::uint16_t>(1 + id_ % 200);
      bench_.rx_queue.push({addr, lengths[i], id_, slots, true, last});
      for (std::uint32_t b = 0; b < lengths[i] && b < 0x8000; ++b) layout.push_back(addr + b);
    }
    layouts_.push_back(layout);
    return id_++;
  }

  // HASH_REPORT: the header says how the frame was hashed.
  void use_long_header() {
    header_ = 20;
    bench_.model.hash_report_i = 1;
    bench_.model.rx_hash_i = kHash;
    bench_.model.rx_report_i = kReport;
  }

  // The next buffers in order hold the frame, and are reported so.
  void expect_packet(Bytes const& frame, unsigned buffers) {
    Bytes bytes(header_, 0);
    bytes[10] = static_cast<std::uint8_t>(buffers);
    if (header_ > 12) {
      for (unsigned b = 0; b < 4; ++b) bytes[12 + b] = static_cast<std::uint8_t>(kHash >> 8 * b);
      bytes[16] = kReport;
    }
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    std::size_t at = 0;
    for (unsigned i = 0; i < buffers; ++i) {
      ASSERT_LT(used_, bench_.rx_used.size());
      Completion const& completion = bench_.rx_used[used_];
      Layout const& layout = layouts_[used_++];
      std::size_t const share = std::min(layout.size(), bytes.size() - at);
      EXPECT_EQ(completion.len, share);
      EXPECT_EQ(completion.written, share != 0);
      EXPECT_EQ(completion.more, i + 1 < buffers);
      for (std::size_t b = 0; b < share; ++b) {
        ASSERT_EQ(bench_.host.memory.at(layout[b]), bytes[at + b]) << "byte " << at + b;
      }
      at += share;
      written_ += share;
    }
    EXPECT_EQ(at, bytes.size());
  }

  void expect_unused(std::uint16_t id) {
    ASSERT_LT(used_, bench_.rx_used.size());
    Completion const& completion = bench_.rx_used[used_++];
    EXPECT_EQ(completion.id, id);
    EXPECT_EQ(completion.len, 0u);
    EXPECT_FALSE(completion.written || completion.more);
  }

  void expect_nothing_else() {
    EXPECT_EQ(bench_.rx_used.size(), used_);
    EXPECT_EQ(bench_.host.memory.written(), written_) << "bytes outside the buffers were written";
  }

  using Layout = std::vector<std::uint64_t>;
  EnginesBench bench_{kSeed};
  unsigned header_ = 12;
  std::uint64_t next_ = kBase;
  std::uint16_t id_ = 0;
  std::vector<Layout> layouts_;
  std::size_t used_ = 0, written_ = 0;
};

}  // namespace ringside::testbench
