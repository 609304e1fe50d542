// Rings filled by chance with what a broken or hostile driver could leave there. Whatever it is, a
// NIC goes on answering, leaves alone what nobody named, and is as good as new after a reset.
#include "interface/base/random.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

class EveryNicEndures : public EveryNic {
 protected:
  static constexpr std::uint64_t kSeed = 0xF022;
  static constexpr int kRounds = 25;

  template <class Values>
  auto one_of(Values const& values) {
    return values[random_.below(values.size())];
  }

  Session any_session() {
    Session session{static_cast<std::uint16_t>(1 + random_.below(40)), kUnfiltered};
    for (std::uint64_t feature : {kFeatureIndirectDesc, kFeatureEventIdx, kFeatureMrgRxbuf}) {
      if (random_.chance(0.3)) session.features &= ~feature;
    }
    return session;
  }

  // Half of all values are plausible, so that what is wrong is met beyond the first check.
  Descriptor any_descriptor() {
    std::array<std::uint64_t, 10> const addresses{named_.address,
                                                  named_.address + 1,
                                                  named_.address + 4093,
                                                  table_.address,
                                                  nic.rx().descriptors(),
                                                  nic.tx().descriptors() + 8,
                                                  0,
                                                  0xFFFF'FFFF,
                                                  std::uint64_t{1} << 63,
                                                  ~std::uint64_t{0}};
    static constexpr std::array<std::uint32_t, 16> kLengths{
        0, 1, 11, 12, 13, 15, 16, 48, 64, 100, 1526, 1530, 4096, 4097, 0x8000'0000, 0xFFFF'FFFF};
    static constexpr std::array<std::uint16_t, 8> kFlags{0, 0, 0, 1, 2, 3, 4, 6};
    Descriptor descriptor{named_.address, 100, 0};
    if (random_.chance(0.5)) descriptor.addr = one_of(addresses);
    if (random_.chance(0.5)) descriptor.len = one_of(kLengths);
    if (random_.chance(0.5)) descriptor.flags = one_of(kFlags);
    if (random_.chance(0.05)) descriptor.flags ^= static_cast<std::uint16_t>(random_.next());
    return descriptor;
  }

  void fill_table() {
    for (std::size_t at = 0; at + 16 <= table_.bytes.size(); at += 16) {
      Descriptor const entry = any_descriptor();
      store_le<std::uint64_t>(&table_.bytes[at], entry.addr);
      store_le<std::uint32_t>(&table_.bytes[at + 8], entry.len);
      store_le<std::uint16_t>(&table_.bytes[at + 14], entry.flags);
    }
  }

  void do_harm(HandRing& ring, std::uint16_t size) {
    for (unsigned slot = 0; slot < size; ++slot) {
      Descriptor descriptor = any_descriptor();
      bool const first_lap = random_.chance(0.8);
      descriptor.flags |= first_lap ? kDescriptorAvail : kDescriptorUsed;
      ring.put(slot, descriptor, static_cast<std::uint16_t>(random_.next()));
    }
    ring.want_events(static_cast<std::uint16_t>(random_.below(5)),
                     static_cast<std::uint16_t>(random_.next()));
  }

  Random random_{kSeed};
  Block named_ = nic.allocate(8192);
  Block unnamed_ = nic.allocate(8192);
  Block table_ = nic.allocate(4096);
};

TEST_P(EveryNicEndures, RingsOfAnyContents) {
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round);
    Session const session = any_session();
    ASSERT_NO_FATAL_FAILURE(nic.start(session));
    fill_table();
    for (int i = 0; i < 4; ++i) {
      do_harm(nic.rx(), session.size);
      do_harm(nic.tx(), session.size);
      nic.notify(kReceiveQueue);
      nic.notify(kTransmitQueue);
      nic.arrive(counting_frame(60 + random_.below(1450)));
      nic.run(us(12 * random_.unit()));
    }
    EXPECT_EQ(nic.status() & ~kStatusNeedsReset, kReady);
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    nic.run(us(10));
    nic.wire.frames.clear();
    ASSERT_NO_FATAL_FAILURE(nic.start(session));
    ASSERT_NO_FATAL_FAILURE(expect_round_trip());
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
  EXPECT_EQ(Frame(unnamed_.bytes.begin(), unnamed_.bytes.end()), Frame(8192, 0));
  EXPECT_EQ(nic.counter("rx_frames"),
            nic.counter("rx_packets") + nic.counter("rx_dropped_no_buffer") +
                nic.counter("rx_dropped_overrun") + nic.counter("rx_dropped_error"));
}

TEST_P(EveryNicEndures, OneRingOfAnyContentsBesideOneInOrder) {
  int alive = 0;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round);
    Session const session = any_session();
    ASSERT_NO_FATAL_FAILURE(nic.start(session));
    Block const block = nic.post(2048, 5);
    nic.run(us(5));
    fill_table();
    do_harm(nic.tx(), session.size);
    nic.notify(kTransmitQueue);
    nic.run(us(5));
    nic.arrive(counting_frame(300));
    auto const used = nic.wait_used(nic.rx(), us(20));
    if (nic.status() == kReady) {
      ++alive;
      ASSERT_TRUE(used) << "the transmit queue holds up the receive queue";
      EXPECT_EQ(used->len, 312U);
      Bytes const received = Bytes(block.bytes).subspan(kNetHeaderBytes, 300);
      EXPECT_EQ(Frame(received.begin(), received.end()), counting_frame(300));
    }
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }
  EXPECT_GT(alive, 0) << "rounds that all end in DEVICE_NEEDS_RESET show nothing";
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicEndures, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
