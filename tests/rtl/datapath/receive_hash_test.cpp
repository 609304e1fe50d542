#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "model/device/receive_hash.hpp"
#include "tests/frame/transport_frame.hpp"
#include "tests/rtl/datapath/parser_bench.hpp"

namespace ringside::test {
namespace {

constexpr std::uint64_t kSeed = 0x4A54;
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kDestinationOptions = 60;

class ReceiveHash : public testing::Test, protected ParserBench {
 protected:
  ReceiveHash() : ParserBench(kSeed) {
    for (auto& byte : key_) byte = static_cast<std::uint8_t>(random_.next());
  }

  void enable(std::uint32_t types, bool all_to_spread = false) {
    block_->hash_types_i = static_cast<CData>(types);
    block_->all_types_i = all_to_spread;
    for (std::size_t i = 0; i < key_.size(); ++i) {
      std::size_t const place = key_.size() - 1 - i;  // the first byte is the highest
      std::size_t const shift = 8 * (place % 4);
      auto& word = block_->hash_key_i[place / 4];
      word = (word & ~(0xFFU << shift)) | std::uint32_t{key_[i]} << shift;
    }
  }

  // All of them kept, and each record is what the reference says.
  void expect_hashes(std::vector<Frame> const& frames, std::uint32_t types, double gap,
                     bool all_to_spread = false) {
    enable(types, all_to_spread);
    auto const spread_by = all_to_spread ? layout::kSupportedHashTypes : types;
    records.clear();
    for (Frame const& frame : frames) put(frame, true, gap);
    for (int i = 0; i < 3; ++i) idle();
    ASSERT_EQ(records.size(), frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      auto const expected = model::flow_hash(frames[i], types, key_);
      EXPECT_EQ(records[i].report, expected.report) << "frame " << i << ", types " << types;
      EXPECT_EQ(records[i].hash, expected.value) << "frame " << i << ", types " << types;
      auto const spread = model::flow_hash(frames[i], spread_by, key_);
      EXPECT_EQ(records[i].spread, spread.report != 0) << "frame " << i << ", types " << types;
      EXPECT_EQ(records[i].spread_hash, spread.value & 0x7F) << "frame " << i;
    }
  }

  // Whatever may lie between an IPv6 header and the transport header, or pretend to.
  Frame extended_frame() {
    TransportFrame frame{
        .tags = static_cast<unsigned>(random_.below(2)),
        .ipv6 = true,
        .protocol = random_.chance(0.5) ? TransportFrame::kTcp : TransportFrame::kUdp,
        .payload = 40 + random_.below(400)};
    frame.build(random_);
    std::size_t at = frame.transport();
    std::uint8_t* next = &frame.bytes[frame.network() + 6];
    for (std::uint64_t left = random_.below(4); left != 0; --left) {
      std::uint8_t const kinds[] = {kHopByHop, 43, kDestinationOptions, kFragment, 51};
      std::uint8_t const kind = kinds[random_.below(random_.chance(0.7) ? 3 : 5)];
      std::uint8_t const units =
          static_cast<std::uint8_t>(random_.chance(0.9) ? random_.below(3) : random_.below(256));
      std::uint8_t const transport = *next;
      *next = kind;
      frame.bytes[at] = transport;
      frame.bytes[at + 1] = units;
      next = &frame.bytes[at];
      at += 8 * (std::size_t{units} + 1);
      if (at + 8 > frame.bytes.size()) break;
    }
    if (random_.chance(0.2)) frame.put(frame.network() + 4, random_.below(60));
    return frame.bytes;
  }

  model::HashKey key_{};
};

std::vector<Frame> frames_of(std::vector<ChecksumCase> const& cases) {
  std::vector<Frame> frames;
  for (auto const& each : cases) frames.push_back(each.frame);
  return frames;
}

TEST_F(ReceiveHash, IsWhatTheReferenceSaysOfRightAndDamagedPackets) {
  auto const frames = frames_of(checksum_cases(kSeed));
  expect_hashes(frames, layout::kSupportedHashTypes, 0.0);
  auto const hashed = std::count_if(records.begin(), records.end(),
                                    [](auto const& record) { return record.report != 0; });
  EXPECT_GT(hashed, 600);
}

TEST_F(ReceiveHash, TakesTheTypeThatSaysMostOfThoseEnabled) {
  auto const frames = frames_of(checksum_cases(kSeed + 1));
  for (std::uint32_t types = 0; types <= layout::kSupportedHashTypes; types += 5) {
    expect_hashes(frames, types, 0.1);
  }
}

TEST_F(ReceiveHash, IsOneToSpreadByAndAnotherToTellOf) {
  auto const frames = frames_of(checksum_cases(kSeed + 3));
  for (std::uint32_t types = 0; types <= layout::kSupportedHashTypes; types += 9) {
    expect_hashes(frames, types, 0.1, true);
  }
}

TEST_F(ReceiveHash, StepsOverExtensionHeaders) {
  std::vector<Frame> frames;
  for (int i = 0; i < 2000; ++i) frames.push_back(extended_frame());
  expect_hashes(frames, layout::kSupportedHashTypes, 0.05);
  std::size_t by_report[7] = {};
  for (auto const& record : records) ++by_report[record.report];
  EXPECT_GT(by_report[4], 200U) << "addresses alone";
  EXPECT_GT(by_report[5] + by_report[6], 200U) << "ports, too";
}

TEST_F(ReceiveHash, IsNotMovedByWhatElseIsOnTheWire) {
  auto const cases = checksum_cases(kSeed + 2);
  enable(layout::kSupportedHashTypes);
  std::vector<Frame> kept;
  for (auto const& each : cases) {
    Frame noise = cases[random_.below(cases.size())].frame;
    if (random_.chance(0.7)) noise.resize(1 + random_.below(100), 0x45);
    put(noise, false, 0.0);
    put(each.frame, true, 0.0);
  }
  for (int i = 0; i < 3; ++i) idle();
  ASSERT_EQ(records.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto const expected = model::flow_hash(cases[i].frame, layout::kSupportedHashTypes, key_);
    EXPECT_EQ(records[i].hash, expected.value) << cases[i].what;
  }
}

}  // namespace
}  // namespace ringside::test
