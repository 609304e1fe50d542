#include <gtest/gtest.h>

#include <vector>

#include "tests/rtl/datapath/transmit_engine_fixture.hpp"

namespace ringside::testbench {
namespace {

void ask(Bytes& packet, std::uint16_t start, std::uint16_t offset) {
  packet[0] |= 1;  // NEEDS_CSUM
  for (unsigned b = 0; b < 2; ++b) {
    packet[6 + b] = static_cast<std::uint8_t>(start >> 8 * b);
    packet[8 + b] = static_cast<std::uint8_t>(offset >> 8 * b);
  }
}

class TransmitHeader : public TransmitEngine, public testing::WithParamInterface<bool> {
 protected:
  TransmitHeader() {
    if (GetParam()) use_long_header();
  }
};

TEST_P(TransmitHeader, SaysWhereAChecksumGoesIfThatWasNegotiated) {
  bench_.model.checksum_i = 1;
  std::vector<Bytes> frames;
  std::vector<ChecksumOrder> orders;
  for (unsigned i = 0; i < 400; ++i) {
    std::size_t const size = 14 + bench_.random.below(i < 200 ? 60 : 1505);
    Bytes bytes = packet(chance_bytes(size));
    ChecksumOrder order;
    order.wanted = bench_.random.chance(0.7);
    if (order.wanted) {
      do order.field = static_cast<std::uint16_t>(bench_.random.below(size - 1));
      while (order.field >= 11 && order.field <= 13);
      order.start = static_cast<std::uint16_t>(bench_.random.below(order.field + 1u));
      std::uint16_t const offset = static_cast<std::uint16_t>(order.field - order.start);
      ask(bytes, order.start, offset);
    }
    frames.emplace_back(bytes.begin() + header_, bytes.end());
    orders.push_back(order);
    send(bytes, i % 3 == 0 ? std::vector<std::uint32_t>(i % 30, 1) : std::vector<std::uint32_t>{},
         i % 23);
  }
  bench_.pause = 0.1;
  bench_.run(200000);
  expect_sent(frames);
  ASSERT_EQ(bench_.checksums.size(), orders.size());
  for (std::size_t i = 0; i < orders.size(); ++i) {
    EXPECT_EQ(bench_.checksums[i].wanted, orders[i].wanted) << i;
    if (orders[i].wanted) {
      EXPECT_EQ(bench_.checksums[i], orders[i]) << i;
    }
  }
}

TEST_P(TransmitHeader, IsRefusedIfItIsShortOrAsksForWhatIsNotOffered) {
  Bytes const good = chance_bytes(64);
  std::vector<Bytes> sent;
  unsigned dropped = 0;
  for (std::size_t bytes = 1; bytes < header_ + 14; ++bytes, ++dropped) send(Bytes(bytes, 0), {});
  for (unsigned field : {0u, 1u}) {
    for (unsigned pieces = 0; pieces < header_; ++pieces, ++dropped) {
      Bytes wrong = packet(good);
      wrong[field] = 1;
      send(wrong, std::vector<std::uint32_t>(pieces, 1), pieces);
      send(packet(good), std::vector<std::uint32_t>(pieces, 1), pieces);
      sent.push_back(good);
    }
  }
  for (std::size_t const size : {14u, 1518u, 1519u}) {
    Bytes const frame = chance_bytes(size);
    send(packet(frame), {header_});
    if (size <= 1518) sent.push_back(frame);
    if (size > 1518) ++dropped;
  }
  bench_.run(200000);
  expect_sent(sent);
  EXPECT_EQ(bench_.counts.tx_malformed, dropped);
}

TEST_P(TransmitHeader, KeepsMacControlFromTheWire) {
  Bytes control = chance_bytes(64);
  control[12] = 0x88;
  control[13] = 0x08;
  for (unsigned pieces = 0; pieces < header_ + 16; ++pieces) {
    send(packet(control), std::vector<std::uint32_t>(pieces, 1), pieces);
  }
  bench_.run(200000);
  expect_sent({});
}

INSTANTIATE_TEST_SUITE_P(BothLengths, TransmitHeader, testing::Bool(),
                         [](auto const& tested) { return tested.param ? "long" : "short"; });

TEST_F(TransmitEngine, DropsAChecksumOutsideOfTheFrameOrInItsType) {  // T8
  bench_.model.checksum_i = 1;
  auto const with = [&](std::size_t size, std::uint16_t start, std::uint16_t offset) {
    Bytes bytes = packet(chance_bytes(size));
    ask(bytes, start, offset);
    return bytes;
  };
  std::vector<Bytes> frames;
  unsigned dropped = 0;
  for (unsigned size : {14u, 15u, 16u, 17u, 31u, 32u, 33u, 34u, 60u, 1517u, 1518u}) {
    for (unsigned field = 0; field < size + 20; ++field) {
      if (size > 100 && field > 50 && field < size - 20) continue;
      auto const start = static_cast<std::uint16_t>(field / 2);
      Bytes const bytes = with(size, start, static_cast<std::uint16_t>(field - start));
      send(bytes, size % 2 == 0 ? std::vector<std::uint32_t>{12} : std::vector<std::uint32_t>{});
      if (field + 2 <= size && (field < 11 || field > 13)) {
        frames.emplace_back(bytes.begin() + header_, bytes.end());
      } else {
        ++dropped;
      }
      bench_.run();
    }
  }
  for (auto const& [start, offset] : {std::pair{0xFFFF, 0xFFFF},
                                      {0xFFFF, 0},
                                      {0, 0xFFFF},
                                      {0xFFFE, 0x24},
                                      {0x8000, 0x8014},
                                      {0x800, 0x14},
                                      {0x14, 0x800},
                                      {0xFFFF, 1}}) {
    send(with(60, static_cast<std::uint16_t>(start), static_cast<std::uint16_t>(offset)), {});
    ++dropped;
  }
  bench_.run();
  expect_sent(frames);
  EXPECT_EQ(bench_.counts.tx_malformed, dropped);
}

}  // namespace
}  // namespace ringside::testbench
