// Headers that tell how a packet was hashed (HASH_REPORT, virtio 1.3, 5.1.6.4.3 and 5.1.6.5.6.4):
// what is in them, when, and how long they are on both ways.
#include "tests/frame/transport_frame.hpp"
#include "tests/system/spreading_nic.hpp"

namespace ringside::testbench {
namespace {

using layout::control_command;
using layout::kLongestNetHeaderBytes;

// Nothing is filtered: frames go where their hash says, with tags or without.
constexpr std::uint64_t kSpreading =
    layout::kFeaturesOffered & ~(layout::kFeatureCtrlRx | layout::kFeatureCtrlVlan);
constexpr std::uint64_t kHashing = kSpreading & ~layout::kFeatureRss;

struct Hashing {
  std::uint32_t types = layout::kSupportedHashTypes;
  std::vector<std::uint8_t> reserved = std::vector<std::uint8_t>(8, 0);
  std::vector<std::uint8_t> key = std::vector<std::uint8_t>(layout::kHashKeyBytes, 0x5A);

  std::vector<std::uint8_t> bytes() const {
    return command(control_command("mq_hash_config"),
                   le(types) + reserved + le(static_cast<std::uint8_t>(key.size())) + key);
  }
  model::Steering onto(model::Steering steering) const {
    steering.hash_types = types;
    std::copy_n(key.begin(), steering.key.size(), steering.key.begin());
    return steering;
  }
};

class NicHashReport : public SpreadingNic {
 protected:
  Hashing some_hashing() {
    Hashing hashing;
    hashing.types = static_cast<std::uint32_t>(random.below(layout::kSupportedHashTypes + 1));
    for (auto& byte : hashing.reserved) byte = static_cast<std::uint8_t>(random.next());
    for (auto& byte : hashing.key) byte = static_cast<std::uint8_t>(random.next());
    return hashing;
  }

  Frame some_flow() {
    test::TransportFrame frame{
        .tags = static_cast<unsigned>(random.below(2)),
        .ipv6 = random.chance(0.4),
        .protocol = random.chance(0.5) ? test::TransportFrame::kTcp : test::TransportFrame::kUdp};
    frame.build(random);
    std::copy(kStation.bytes.begin(), kStation.bytes.end(), frame.bytes.begin());
    return random.chance(0.8) ? frame.bytes : some_frame();
  }

  static model::FlowHash hash_in(Bytes packet) {
    Bytes const after = packet.subspan(layout::kNetHeaderBytes);
    return {after[offsetof(layout::NetHeaderHash, hash_report)],
            load_le<std::uint32_t>(&after[offsetof(layout::NetHeaderHash, hash_value)])};
  }

  void expect_reported(model::Steering const& steering, int frames = 20) {
    for (int i = 0; i < frames; ++i) {
      Frame const frame = some_flow();
      auto const delivered = deliver(frame);
      ASSERT_TRUE(delivered);
      auto const hashes = steering.hashes_of(frame);
      ASSERT_EQ(delivered->bytes.size(), kLongestNetHeaderBytes + frame.size());
      ASSERT_EQ(hash_in(delivered->bytes), hashes.reported) << "seed " << kSeed << ", frame " << i;
      ASSERT_EQ(load_be<std::uint16_t>(&delivered->bytes[17]), 0) << "and nothing behind it";
      ASSERT_EQ(delivered->pair, steering.pair_of(hashes)) << "seed " << kSeed << ", frame " << i;
      ASSERT_TRUE(std::equal(frame.begin(), frame.end(),
                             delivered->bytes.begin() + kLongestNetHeaderBytes));
    }
  }
};

TEST_P(NicHashReport, IsAsTheVectorSays) {  // V56
  start(kHashing);
  Hashing hashing;
  hashing.key = {0x6D, 0x5A, 0x56, 0xDA, 0x25, 0x5B, 0x0E, 0xC2, 0x41, 0x67, 0x25, 0x3D, 0x43, 0xA3,
                 0x8F, 0xB0, 0xD0, 0xCA, 0x2B, 0xCB, 0xAE, 0x7B, 0x30, 0xB4, 0x77, 0xCB, 0x2D, 0xA3,
                 0x80, 0x30, 0xF2, 0x0C, 0x6A, 0x42, 0xB7, 0x3B, 0xBE, 0xAC, 0x01, 0xFA};
  ASSERT_TRUE(ask(hashing.bytes()).ok());
  test::TransportFrame frame{.protocol = test::TransportFrame::kTcp, .payload = 0};
  frame.build(random);
  std::vector<std::uint8_t> const addresses{66, 9, 149, 187, 161, 142, 100, 80};
  std::copy(addresses.begin(), addresses.end(), frame.bytes.begin() + 26);
  frame.put(frame.transport(), 2794);
  frame.put(frame.transport() + 2, 1766);
  auto const delivered = deliver(frame.seal().bytes);
  ASSERT_TRUE(delivered);
  EXPECT_EQ(std::vector<std::uint8_t>(delivered->bytes.begin(), delivered->bytes.begin() + 20),
            (std::vector<std::uint8_t>{2, 0, 0,    0,    0,    0,    0, 0, 0, 0,
                                       1, 0, 0x78, 0xC1, 0xCC, 0x51, 2, 0, 0, 0}));
}

TEST_P(NicHashReport, SaysNothingUntilItIsToldWhatToSay) {
  start(kHashing);
  expect_reported({}, 8);
  ASSERT_TRUE(ask(pairs_set(layout::kMaxQueuePairs)).ok());
  expect_reported(model::spread_evenly({}, layout::kMaxQueuePairs), 12);
}

TEST_P(NicHashReport, TellsOfTheTypesThatAreEnabledAndSpreadsAsBefore) {
  start(kHashing);
  model::Steering steering;
  for (int i = 0; i < 3; ++i) {
    Hashing const hashing = some_hashing();
    ASSERT_TRUE(ask(hashing.bytes()).ok());
    steering = hashing.onto(steering);
    expect_reported(steering, 8);
  }
  ASSERT_TRUE(ask(pairs_set(3)).ok());
  steering = model::spread_evenly(steering, 3);
  expect_reported(steering);
  for (std::uint32_t const types : {0U, 1U, layout::kSupportedHashTypes}) {
    Hashing hashing = some_hashing();
    hashing.types = types;
    ASSERT_TRUE(ask(hashing.bytes()).ok());
    steering = hashing.onto(steering);
    expect_reported(steering);
  }
  nic.reset();
  start(kHashing);
  expect_reported({}, 8);
}

TEST_P(NicHashReport, TellsOfTheTypesThatPacketsAreSpreadBy) {
  start(kSpreading);
  model::Steering steering;
  for (int i = 0; i < 3; ++i) {
    Scaling const scaling = some_scaling();
    ASSERT_TRUE(ask(scaling.bytes()).ok());
    steering = scaling.steering();
    expect_reported(steering, 12);
  }
  ASSERT_TRUE(ask(pairs_set(2)).ok());
  expect_reported(model::spread_evenly(steering, 2), 12);
}

TEST_P(NicHashReport, IsNotThereUnlessItWasNegotiated) {
  start(kSpreading & ~layout::kFeatureHashReport);
  ASSERT_TRUE(ask(some_scaling().bytes()).ok());
  Frame const frame = some_flow();
  auto const delivered = deliver(frame);
  ASSERT_TRUE(delivered);
  EXPECT_EQ(delivered->bytes.size(), layout::kNetHeaderBytes + frame.size());
  EXPECT_TRUE(ask(Hashing{}.bytes()).refused());
}

TEST_P(NicHashReport, HasNothingToTellWithoutAControlQueue) {
  nic.enable_pci();
  nic.negotiate(layout::kFeaturesRequired | layout::kFeatureHashReport);
  nic.enable_queue(layout::kReceiveQueue, kBuffers);
  nic.enable_queue(layout::kTransmitQueue, kBuffers);
  nic.set_status(kReady);
  ASSERT_EQ(nic.status(), kReady);
  offer_buffer(layout::kReceiveQueue, 0);
  nic.notify(layout::kReceiveQueue);
  nic.run(us(5));
  Frame const frame = some_flow();
  auto const delivered = deliver(frame);
  ASSERT_TRUE(delivered);
  EXPECT_EQ(hash_in(delivered->bytes), model::FlowHash{});
  EXPECT_EQ(delivered->bytes.size(), kLongestNetHeaderBytes + frame.size());
}

// C8.
TEST_P(NicHashReport, RefusesWhatCanNotBeAndKeepsWhatItHas) {
  start(kSpreading);
  EXPECT_TRUE(ask(Hashing{}.bytes()).refused()) << "the table says how to hash";
  nic.reset();
  start(kHashing);
  Hashing const before = some_hashing();
  ASSERT_TRUE(ask(before.bytes()).ok());
  std::vector<Hashing> wrong(6);
  wrong[0].types = layout::kSupportedHashTypes + 1;
  wrong[1].types = 0x8000'0000;
  wrong[2].key.pop_back();
  wrong[3].key.clear();
  wrong[4].key.push_back(0);
  wrong[5].types = 0x100;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    EXPECT_TRUE(ask(wrong[i].bytes()).refused()) << i;
  }
  auto const bytes = Hashing{}.bytes();
  EXPECT_TRUE(ask(bytes + std::vector<std::uint8_t>{0}).refused());
  for (std::size_t const size : {2U, 5U, 6U, 13U, 14U, 15U, 30U, 54U}) {
    EXPECT_TRUE(ask({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}).refused())
        << size;
  }
  EXPECT_TRUE(ask(Scaling{}.bytes()).refused()) << "rss was not negotiated";
  expect_reported(before.onto({}), 8);
  ASSERT_TRUE(ask(some_hashing().bytes(), std::vector<std::size_t>(60, 1)).ok());
}

TEST_P(NicHashReport, TakesLongHeadersOfPacketsToSendInAnyPieces) {
  start(kHashing);
  for (std::uint16_t round = 0; round < 24; ++round) {
    test::TransportFrame frame{.protocol = test::TransportFrame::kTcp,
                               .payload = 6 + random.below(300)};
    frame.build(random);
    Frame const right = frame.bytes;
    Frame unsummed = right;
    auto const partial = test::plain_sum(frame.pseudo_header());
    store_be<std::uint16_t>(&unsummed[frame.checksum()], partial);
    Block const block = nic.packet(unsummed);
    block.bytes[offsetof(layout::NetHeader, flags)] = layout::kNeedsCsum;
    store_le(&block.bytes[offsetof(layout::NetHeader, csum_start)],
             static_cast<std::uint16_t>(frame.transport()));
    store_le(&block.bytes[offsetof(layout::NetHeader, csum_offset)],
             static_cast<std::uint16_t>(frame.checksum() - frame.transport()));
    for (std::size_t i = 10; i < kLongestNetHeaderBytes; ++i) {
      block.bytes[i] = static_cast<std::uint8_t>(random.next());  // says nothing
    }
    std::vector<Descriptor> chain;
    std::uint64_t at = 0;
    while (chain.size() < 5 && at < 25) {
      std::uint64_t const size = 1 + random.below(20);
      chain.push_back({block.address + at, static_cast<std::uint32_t>(size)});
      at += size;
    }
    chain.push_back({block.address + at, static_cast<std::uint32_t>(block.bytes.size() - at)});
    nic.tx().offer(std::move(chain), 3);
    nic.notify(layout::kTransmitQueue);
    ASSERT_TRUE(nic.wait_used(nic.tx()));
    ASSERT_TRUE(nic.run_until([&] { return nic.wire.frames.size() == round + 1U; }));
    ASSERT_EQ(nic.sent(round), right) << "seed " << kSeed << ", round " << round;
  }
}

TEST_P(NicHashReport, DropsPacketsToSendThatAreTooShortOrTooLong) {
  start(kHashing);
  for (std::uint32_t const size : {1U, 12U, 19U, 20U, 33U, 34U, 1538U, 1539U, 4000U}) {
    bool const good = size >= 34 && size <= 1538;
    std::uint64_t const dropped = nic.counter("tx_dropped_malformed");
    Block const block = nic.allocate(size);
    std::fill(block.bytes.begin(), block.bytes.end(), std::uint8_t{0});
    nic.wire.frames.clear();
    nic.send(block, 2);
    ASSERT_TRUE(nic.wait_used(nic.tx()));
    nic.run(us(5));
    EXPECT_EQ(nic.wire.frames.size(), good ? 1U : 0U) << size;
    EXPECT_EQ(nic.counter("tx_dropped_malformed"), dropped + (good ? 0 : 1)) << size;
  }
  for (std::size_t const field : {0U, 1U}) {
    Block const block = nic.packet(counting_frame(60));
    block.bytes[field] = 1;  // a checksum that has no room, or segments
    block.bytes[6] = 60;
    nic.wire.frames.clear();
    nic.send(block, 2);
    ASSERT_TRUE(nic.wait_used(nic.tx()));
    nic.run(us(5));
    EXPECT_TRUE(nic.wire.frames.empty()) << field;
  }
}

// A buffer has room for a whole header or is given back unused; used lengths count all of it.
TEST_P(NicHashReport, FillsBuffersWithTheLongHeader) {
  nic.start({.features = kHashing});
  std::uint16_t id = 0;
  for (std::uint32_t const size : {19U, 20U, 30U, 500U}) nic.post(size, id++);
  nic.run(us(5));
  nic.arrive(counting_frame(200));
  std::uint32_t const lengths[] = {0, 20, 30, 170};
  for (std::uint16_t i = 0; i < 4; ++i) {
    auto const used = nic.wait_used(nic.rx());
    ASSERT_TRUE(used) << i;
    EXPECT_EQ(used->id, i);
    EXPECT_EQ(used->len, lengths[i]);
  }
  nic.reset();
  nic.start({.features = kHashing & ~layout::kFeatureMrgRxbuf});
  nic.post(219, 1);
  nic.run(us(5));
  nic.arrive(counting_frame(200));
  nic.run(us(10));
  EXPECT_FALSE(nic.rx().take()) << "a byte is missing";
  nic.arrive(counting_frame(199));
  auto const used = nic.wait_used(nic.rx());
  ASSERT_TRUE(used);
  EXPECT_EQ(used->len, 219U);
}

TEST_P(NicHashReport, WritesTheLongHeaderInAnyPieces) {
  nic.start({.features = kHashing});
  ASSERT_TRUE(ask(Hashing{}.bytes()).ok());
  for (std::uint16_t round = 0; round < 12; ++round) {
    Frame const frame = some_flow();
    Block const block = nic.allocate(2048);
    std::vector<Descriptor> chain;
    std::uint64_t at = random.below(64);
    std::uint64_t const begin = at;
    while (chain.size() < 6) {
      std::uint64_t const size = 1 + random.below(12);
      chain.push_back(
          {block.address + at, static_cast<std::uint32_t>(size), layout::kDescriptorWrite});
      at += size;
    }
    chain.push_back({block.address + at, 1700, layout::kDescriptorWrite});
    nic.rx().offer(std::move(chain), 4);
    nic.notify(layout::kReceiveQueue);
    nic.run(us(4));
    nic.arrive(frame);
    auto const used = nic.wait_used(nic.rx());
    ASSERT_TRUE(used);
    EXPECT_EQ(used->len, kLongestNetHeaderBytes + frame.size());
    Bytes const packet = Bytes(block.bytes).subspan(begin, used->len);
    EXPECT_EQ(hash_in(packet), Hashing{}.onto({}).hashes_of(frame).reported) << "round " << round;
    EXPECT_TRUE(std::equal(frame.begin(), frame.end(), packet.begin() + kLongestNetHeaderBytes));
  }
}

// Frames on their way have the hash of before or that of after, and nothing in between.
TEST_P(NicHashReport, ChangesUnderTraffic) {
  start(kHashing);
  std::size_t delivered = 0;
  std::size_t arrived = 0;
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 6; ++i, ++arrived) nic.arrive(some_flow());
    EXPECT_TRUE(ask(random.chance(0.7) ? some_hashing().bytes()
                                       : pairs_set(static_cast<std::uint16_t>(
                                             1 + random.below(layout::kMaxQueuePairs))))
                    .ok());
    nic.run(us(8));
    for (std::uint16_t pair = 0; pair < layout::kMaxQueuePairs; ++pair) {
      std::uint16_t const queue = layout::receive_queue(pair);
      while (auto const used = nic.rings[queue]->take()) {
        offer_buffer(queue, used->id);
        ++delivered;
      }
      nic.notify(queue);
    }
    nic.run(us(4));
  }
  EXPECT_EQ(delivered, arrived) << "seed " << kSeed;
}

INSTANTIATE_TEST_SUITE_P(EveryNic, NicHashReport, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
