// Checksums that every NIC takes over: those it completes in frames to send, and those it has
// found right in frames received.
#include "tests/frame/transport_frame.hpp"
#include "tests/stack/hex.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;
using stack::from_hex;

constexpr std::uint64_t kSeed = 20251002;
constexpr std::uint16_t kBatch = 40;  // with some in two parts, not more than the ring has

class EveryNicChecksums : public EveryNic {
 protected:
  void start(std::uint64_t features = kUnfiltered) {
    nic.start({.size = 64, .features = features});
  }

  Block asking(Frame const& frame, std::uint16_t start, std::uint16_t offset) {
    Block const block = nic.packet(frame);
    block.bytes[offsetof(NetHeader, flags)] = kNeedsCsum;
    store_le(&block.bytes[offsetof(NetHeader, csum_start)], start);
    store_le(&block.bytes[offsetof(NetHeader, csum_offset)], offset);
    return block;
  }
  // What leaves when a frame asks for a checksum.
  static Frame completed(Frame frame, std::uint16_t start, std::uint16_t offset) {
    store_be(&frame[std::size_t{start} + offset], test::plain_checksum(frame, start));
    frame.resize(std::max<std::size_t>(frame.size(), kMinFrameBytes), 0);
    return frame;
  }
  // `count` buffers come back, as many frames have left as are expected.
  void expect_sent(std::uint16_t count, std::vector<Frame> const& frames) {
    for (std::uint16_t i = 0; i < count; ++i) ASSERT_TRUE(nic.wait_used(nic.tx())) << i;
    ASSERT_TRUE(nic.run_until([&] { return nic.wire.frames.size() == frames.size(); }));
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(nic.sent(i), frames[i]) << "frame " << i << " of " << frames[i].size();
      EXPECT_TRUE(is_intact(nic.wire.frames[i]));
    }
    nic.wire.frames.clear();
  }

  // The first byte of the header in front of each frame.
  std::vector<std::uint8_t> flags_of(std::vector<Frame> const& frames) {
    std::vector<std::uint8_t> flags;
    std::vector<Block> blocks;
    for (std::uint16_t i = 0; i < frames.size(); ++i) blocks.push_back(nic.post(2048, i));
    nic.run(us(5));
    for (Frame const& frame : frames) nic.arrive(frame);
    for (std::uint16_t i = 0; i < frames.size(); ++i) {
      auto const used = nic.wait_used(nic.rx());
      EXPECT_TRUE(used && used->id == i);
      if (!used) break;
      Bytes const header = Bytes(blocks[i].bytes).first(kNetHeaderBytes);
      EXPECT_EQ(Frame(header.begin() + 1, header.end()), (Frame{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}));
      flags.push_back(header[0]);
    }
    return flags;
  }

  Random random_{kSeed};
};

TEST_P(EveryNicChecksums, AreThoseOfTheVectors) {  // V27, V28
  start();
  Frame const frame = from_hex(
      "020000000002 020000000001 0800 45000021 00004000 401126CA 0A000001 0A000002 03E807D0 "
      "000D1421 68656C6C6F");
  nic.send(asking(frame, 34, 6), 1);
  ASSERT_TRUE(nic.wait_used(nic.tx()));
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 1; }));
  auto const& bytes = nic.wire.frames[0].bytes;
  EXPECT_EQ(nic.sent(0)[40], 0x9C);
  EXPECT_EQ(nic.sent(0)[41], 0x47);
  EXPECT_EQ(Frame(bytes.end() - 4, bytes.end()), (Frame{0x8C, 0xD8, 0xB5, 0x3B}));
  nic.wire.frames.clear();
  nic.send(asking(from_hex("020000000002 020000000001 0800 4500001E 00004000 401126CD 0A000001 "
                           "0A000002 03E807D0 000A141E E01F"),
                  34, 6),
           2);
  ASSERT_TRUE(nic.wait_used(nic.tx()));
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 1; }));
  EXPECT_EQ(nic.sent(0)[40], 0xFF);
  EXPECT_EQ(nic.sent(0)[41], 0xFF);
}

TEST_P(EveryNicChecksums, AreCompletedFromAnyStartToAnyPlace) {
  start();
  for (int batch = 0; batch < 12; ++batch) {
    std::vector<Frame> expected;
    for (std::uint16_t i = 0; i < kBatch; ++i) {
      Frame frame(14 + random_.below(i % 10 == 0 ? 1505 : 80));
      for (auto& byte : frame) byte = static_cast<std::uint8_t>(random_.next());
      frame[12] = 0x88;
      frame[13] = 0xB5;
      std::uint64_t field = random_.below(frame.size() - 1);
      if (field >= 11 && field <= 13) field = 0;
      auto const start = static_cast<std::uint16_t>(random_.below(field + 1));
      auto const offset = static_cast<std::uint16_t>(field - start);
      expected.push_back(completed(frame, start, offset));
      Block const block = asking(frame, start, offset);
      auto const size = static_cast<std::uint32_t>(block.bytes.size());
      auto const cut = static_cast<std::uint32_t>(1 + random_.below(size - 1));
      if (i % 3 == 0) {
        nic.tx().offer({{block.address, cut}, {block.address + cut, size - cut}}, i);
        nic.notify(kTransmitQueue);
        ASSERT_TRUE(nic.run_until([&] { return nic.wire.frames.size() == expected.size(); }));
      } else {
        nic.send(block, i);
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_sent(kBatch, expected)) << "seed " << kSeed;
  }
}

TEST_P(EveryNicChecksums, AreMalformedOutsideOfTheFrameAndInItsType) {  // T8
  start();
  std::uint64_t dropped = 0;
  Frame const frame = counting_frame(60);
  for (auto const& [start, offset] : {std::pair<std::uint16_t, std::uint16_t>{59, 0},
                                      {58, 1},
                                      {60, 0},
                                      {0, 59},
                                      {0, 0xFFFF},
                                      {0xFFFF, 0},
                                      {0xFFFF, 0xFFFF},
                                      {0xFFFE, 0x24},
                                      {0x8000, 0x8014},
                                      {0x0800, 0x14},
                                      {0, 12},
                                      {11, 0},
                                      {5, 8}}) {
    nic.send(asking(frame, start, offset), 1);
    ASSERT_TRUE(nic.wait_used(nic.tx()));
    EXPECT_EQ(nic.counter("tx_dropped_malformed"), ++dropped) << start << " + " << offset;
    EXPECT_TRUE(nic.wire.frames.empty());
  }
  std::vector<Frame> expected;
  for (auto const& [start, offset] :
       {std::pair<std::uint16_t, std::uint16_t>{58, 0}, {0, 58}, {0, 0}, {0, 10}, {14, 0}}) {
    nic.send(asking(frame, start, offset), 1);
    expected.push_back(completed(frame, start, offset));
  }
  ASSERT_NO_FATAL_FAILURE(expect_sent(5, expected));
  EXPECT_EQ(nic.counter("tx_dropped_malformed"), dropped);
  expect_round_trip();
}

// A driver can not make a PAUSE frame out of another by its checksum.
TEST_P(EveryNicChecksums, DoNotMakeAFrameOfMacControl) {
  start();
  Frame frame = counting_frame(60);
  Frame const pause = from_hex("0180C2000001 020000000001 8808 0001 FFFF");
  std::copy(pause.begin(), pause.end(), frame.begin());
  frame[12] = frame[13] = 0;
  // The last two bytes make the sum from byte 12 on come out as the type.
  frame[58] = frame[59] = 0;
  std::uint32_t const needed =
      0xFFFFU - 0x8808 + 0xFFFF - test::plain_sum(Bytes(frame).subspan(12));
  store_be(&frame[58], static_cast<std::uint16_t>(needed % 0xFFFF));
  ASSERT_EQ(completed(frame, 12, 0)[12], 0x88);
  ASSERT_EQ(completed(frame, 12, 0)[13], 0x08);
  nic.send(asking(frame, 12, 0), 1);
  ASSERT_TRUE(nic.wait_used(nic.tx()));
  nic.run(us(5));
  EXPECT_TRUE(nic.wire.frames.empty());
  EXPECT_EQ(nic.counter("tx_dropped_malformed"), 1U);
}

TEST_P(EveryNicChecksums, AreMalformedWhereTheyWereNotNegotiated) {  // T5
  start(kUnfiltered & ~kFeatureCsum);
  nic.send(asking(counting_frame(100), 34, 6), 1);
  ASSERT_TRUE(nic.wait_used(nic.tx()));
  EXPECT_EQ(nic.counter("tx_dropped_malformed"), 1U);
  EXPECT_TRUE(nic.wire.frames.empty());
  expect_round_trip();
}

TEST_P(EveryNicChecksums, AreSaidToBeRightWhereAllOfItHasBeenChecked) {  // V55
  start();
  auto const cases = test::checksum_cases(kSeed);
  for (std::size_t from = 0; from < cases.size(); from += kBatch) {
    std::size_t const to = std::min<std::size_t>(cases.size(), from + kBatch);
    std::vector<Frame> frames;
    for (std::size_t i = from; i < to; ++i) {
      frames.push_back(cases[i].frame);
      frames.back().resize(std::max<std::size_t>(frames.back().size(), kMinFrameBytes));
    }
    auto const flags = flags_of(frames);
    ASSERT_EQ(flags.size(), frames.size());
    for (std::size_t i = from; i < to; ++i) {
      EXPECT_EQ(flags[i - from], cases[i].verified ? kDataValid : 0) << cases[i].what;
    }
  }
}

TEST_P(EveryNicChecksums, AreNotSpokenOfWhereThatWasNotNegotiated) {
  start(kUnfiltered & ~kFeatureGuestCsum);
  auto frame = test::TransportFrame{}.build(random_);
  Frame const right = frame.bytes;
  frame.bytes[frame.checksum()] ^= 1;
  EXPECT_EQ(flags_of({right, frame.bytes}), (std::vector<std::uint8_t>{0, 0}));
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicChecksums, testing::Values("rtl", "model", "lockstep"),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
