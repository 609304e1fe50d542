#include "model/device/descriptor_fetch.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

constexpr std::uint64_t kRing = 0x1000;
constexpr std::uint64_t kTable = 0x4000;

class TheDescriptorFetch : public testing::Test {
 protected:
  void start(std::uint16_t size, DescriptorFetch::Rules rules = {.indirect = true}) {
    session.begin();
    fetch.start({.enabled = true, .size = size, .descriptors = kRing}, rules);
  }
  // Fetches until the ring has nothing more.
  Result<Done, DeviceError> drain() {
    while (fetch.announced()) {
      if (auto fetched = fetch.fetch(); !fetched) return fetched;
    }
    return Done{};
  }
  std::optional<DeviceError> error_of_drain() {
    auto const drained = drain();
    if (drained) return std::nullopt;
    return drained.error();
  }
  void put_table_entry(unsigned index, std::uint64_t addr, std::uint32_t len, std::uint16_t flags) {
    TestRing{memory, kTable, 0, 0}.put(index, addr, len, 0xDEAD, flags);
  }

  TestMemory memory;
  Session session;
  DescriptorFetch fetch{memory, session};
  TestRing ring{memory, kRing, 0, 0};
};

TEST_F(TheDescriptorFetch, FindsNothingInAZeroedRing) {  // V60
  start(4);
  EXPECT_TRUE(drain());
  EXPECT_TRUE(fetch.waiting().empty());
  EXPECT_FALSE(fetch.announced());
}

TEST_F(TheDescriptorFetch, ReadsTheBytesOfAnAvailableDescriptor) {  // V61
  start(4);
  std::uint8_t const bytes[] = {0x00, 0x10, 0, 0, 0, 0, 0, 0, 0x00, 0x06, 0, 0, 2, 0, 0x82, 0x00};
  std::copy(std::begin(bytes), std::end(bytes), memory.bytes.begin() + kRing);
  ASSERT_TRUE(drain());
  ASSERT_EQ(fetch.waiting().size(), 1U);
  Buffer const& buffer = fetch.waiting()[0];
  EXPECT_EQ(buffer.id, 2);
  EXPECT_EQ(buffer.slots, 1);
  ASSERT_EQ(buffer.elements.size(), 1U);
  EXPECT_EQ(buffer.elements[0].address, 0x1000U);
  EXPECT_EQ(buffer.writable_bytes(), 1536U);
  EXPECT_EQ(buffer.readable_bytes(), 0U);
}

TEST_F(TheDescriptorFetch, FollowsAChainAcrossTheWrapAndTakesTheLastId) {  // V64
  start(4);
  for (unsigned i = 0; i < 3; ++i) ring.put(i, 0x8000, 100, static_cast<std::uint16_t>(i), kAvail);
  ASSERT_TRUE(drain());
  ASSERT_EQ(fetch.waiting().size(), 3U);
  ring.put(3, 0x5000, 12, 9, 0x0081);
  ring.put(0, 0x6000, 40, 9, 0x8001);
  ring.put(1, 0x7000, 50, 1, 0x8000);
  fetch.announce();
  ASSERT_TRUE(drain());
  ASSERT_EQ(fetch.waiting().size(), 4U);
  Buffer const& chain = fetch.waiting()[3];
  EXPECT_EQ(chain.id, 1);
  EXPECT_EQ(chain.slots, 3);
  EXPECT_EQ(chain.readable_bytes(), 102U);
}

TEST_F(TheDescriptorFetch, ReadsAnIndirectTableByCount) {  // V67
  start(4);
  ring.put(0, kTable, 48, 3, 0x0084);
  put_table_entry(0, 0x5000, 12, 0);
  put_table_entry(1, 0x6000, 60, kNext | kIndirect);  // reserved there, so ignored
  put_table_entry(2, 0x7000, 100, kWrite);
  ASSERT_TRUE(drain());
  ASSERT_EQ(fetch.waiting().size(), 1U);
  Buffer const& buffer = fetch.waiting()[0];
  EXPECT_EQ(buffer.id, 3);
  EXPECT_EQ(buffer.slots, 1);
  EXPECT_EQ(buffer.elements.size(), 3U);
  EXPECT_EQ(buffer.readable_bytes(), 72U);
  EXPECT_EQ(buffer.writable_bytes(), 100U);
}

TEST_F(TheDescriptorFetch, TakesTablesOfATransmitQueueForReadable) {
  start(4, {.indirect = true, .tables_readable = true});
  ring.put(0, kTable, 32, 3, kAvail | kIndirect | kWrite);
  put_table_entry(0, 0x5000, 12, kWrite);
  put_table_entry(1, 0x6000, 60, 0);
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting()[0].readable_bytes(), 72U);
}

TEST_F(TheDescriptorFetch, ReadsATableAcrossAPageAtAnyAddress) {
  start(4);
  constexpr std::uint64_t kOdd = 0x4FF3;
  ring.put(0, kOdd, 32, 3, kAvail | kIndirect);
  TestRing{memory, kOdd, 0, 0}.put(0, 0x5000, 12, 0, 0);
  TestRing{memory, kOdd, 0, 0}.put(1, 0x6000, 77, 0, 0);
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting()[0].readable_bytes(), 89U);
}

TEST_F(TheDescriptorFetch, LooksOnceMoreAtAnElementSampledWithItsHead) {  // V68
  for (std::uint16_t stale : {std::uint16_t{0x0000}, std::uint16_t{0x8080}}) {
    memory = {};
    start(4);
    ring.put(0, 0x5000, 12, 1, 0x0081);
    ring.put(1, 0x6000, 60, 1, stale);
    int reads = 0;
    memory.meanwhile = [&](TestMemory::Access const&) {
      if (++reads == 2) ring.put(1, 0x6000, 60, 1, 0x0080);
    };
    ASSERT_TRUE(drain());
    ASSERT_EQ(fetch.waiting().size(), 1U);
    EXPECT_EQ(fetch.waiting()[0].slots, 2);
  }
}

TEST_F(TheDescriptorFetch, CallsAChainTornOnlyAfterTheSecondLook) {
  start(4);
  ring.put(0, 0x5000, 12, 1, 0x0081);
  EXPECT_EQ(error_of_drain(), DeviceError::ChainTorn);
  EXPECT_EQ(memory.accesses.size(), 2U);
}

TEST_F(TheDescriptorFetch, IsNotFooledByDescriptorsOfTheOtherLap) {  // V69
  start(2);
  ring.put(0, 0x5000, 12, 1, 0x8002);  // available in lap 2
  ASSERT_TRUE(drain());
  EXPECT_TRUE(fetch.waiting().empty());
  ring.put(0, 0x5000, 12, 1, kAvail | kWrite);
  ring.put(1, 0x5000, 12, 1, kAvail | kWrite);
  fetch.announce();
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting().size(), 2U);
  ring.put(0, 0x5000, 12, 1, 0x0002);  // used in lap 2
  ring.put(1, 0x5000, 12, 1, 0x8002);
  fetch.announce();
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting().size(), 2U);
  ring.put(0, 0x5000, 12, 1, 0x8002);
  fetch.announce();
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting().size(), 4U);
}

TEST_F(TheDescriptorFetch, StopsAtTheFirstUnavailableDescriptor) {
  start(4);
  ring.put(1, 0x5000, 12, 1, kAvail);
  ring.put(2, 0x5000, 12, 1, kAvail);
  ASSERT_TRUE(drain());
  EXPECT_TRUE(fetch.waiting().empty());
}

TEST_F(TheDescriptorFetch, CountsANotificationThatComesDuringTheRead) {
  start(4);
  memory.meanwhile = [&](TestMemory::Access const&) { fetch.announce(); };
  ASSERT_TRUE(fetch.fetch());
  EXPECT_TRUE(fetch.announced());
}

TEST_F(TheDescriptorFetch, AsksForMoreAsLongAsTheRingGivesIt) {
  start(256);
  for (unsigned i = 0; i < 100; ++i) ring.put(i, 0x5000, 12, 1, kAvail);
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting().size(), 100U);
  EXPECT_EQ(memory.accesses.front().size, 8 * 16U);
  EXPECT_EQ(memory.accesses.back().size, 32 * 16U);
}

TEST_F(TheDescriptorFetch, ManagesARingOfOne) {
  start(1);
  for (std::uint16_t flags : {0x0080, 0x8000, 0x0080}) {
    ring.put(0, 0x5000, 12, 7, flags);
    fetch.announce();
    ASSERT_TRUE(drain());
    ASSERT_EQ(fetch.waiting().size(), 1U);
    fetch.take(1);
  }
}

TEST_F(TheDescriptorFetch, TakesAChainAsLongAsTheRing) {
  start(64);
  for (unsigned i = 0; i < 64; ++i) {
    ring.put(i, 0x5000, 1, 5, static_cast<std::uint16_t>(kAvail | (i < 63 ? kNext : 0)));
  }
  ASSERT_TRUE(drain());
  ASSERT_EQ(fetch.waiting().size(), 1U);
  EXPECT_EQ(fetch.waiting()[0].slots, 64);
}

TEST_F(TheDescriptorFetch, ComesBackToAChainThatGoesOnBeyondItsSample) {
  start(64);
  ring.put(0, 0x5000, 1, 5, kAvail);
  for (unsigned i = 1; i <= 10; ++i) {
    ring.put(i, 0x5000, 1, 6, static_cast<std::uint16_t>(kAvail | (i < 10 ? kNext : 0)));
  }
  ring.put(11, 0x5000, 1, 7, kAvail);
  ASSERT_TRUE(drain());
  ASSERT_EQ(fetch.waiting().size(), 3U);
  EXPECT_EQ(fetch.waiting()[1].id, 6);
  EXPECT_EQ(fetch.waiting()[1].slots, 10);
  EXPECT_EQ(fetch.waiting()[2].id, 7);
}

TEST_F(TheDescriptorFetch, EndsAChainWithoutEndAtTheSizeOfTheRing) {
  start(64);
  for (unsigned i = 0; i < 64; ++i) ring.put(i, 0x5000, 1, 5, kAvail | kNext);
  EXPECT_EQ(error_of_drain(), DeviceError::ChainTooLong);
  EXPECT_LE(memory.accesses.size(), 64U);
}

TEST_F(TheDescriptorFetch, RefusesMalformedIndirectDescriptors) {
  struct Case {
    char const* what;
    std::uint32_t len;
    std::uint16_t flags;
    bool negotiated;
  };
  for (auto const& [what, len, flags, negotiated] : {
           Case{"not negotiated", 16, kAvail | kIndirect, false},
           Case{"empty", 0, kAvail | kIndirect, true},
           Case{"part of an entry", 24, kAvail | kIndirect, true},
           Case{"too long", 16 * (layout::kMaxIndirect + 1), kAvail | kIndirect, true},
           Case{"huge", 0xFFFFFFF0, kAvail | kIndirect, true},
           Case{"with NEXT", 16, kAvail | kIndirect | kNext, true},
       }) {
    start(4, {.indirect = negotiated});
    ring.put(0, kTable, len, 1, flags);
    ring.put(1, 0x5000, 10, 1, kAvail);
    EXPECT_EQ(error_of_drain(), DeviceError::IndirectRefused) << what;
  }
}

TEST_F(TheDescriptorFetch, RefusesAnIndirectDescriptorInsideAChain) {
  start(4);
  ring.put(0, 0x5000, 10, 1, kAvail | kNext);
  ring.put(1, kTable, 16, 1, kAvail | kIndirect);
  EXPECT_EQ(error_of_drain(), DeviceError::IndirectRefused);
}

TEST_F(TheDescriptorFetch, TakesATableOfTheGreatestLength) {
  start(4);
  constexpr std::uint64_t kLong = 0x10000;
  for (unsigned i = 0; i < layout::kMaxIndirect; ++i) {
    TestRing{memory, kLong, 0, 0}.put(i, 0x5000, 2, 0, kWrite);
  }
  ring.put(0, kLong, 16 * layout::kMaxIndirect, 1, kAvail | kIndirect);
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting()[0].writable_bytes(), 2 * layout::kMaxIndirect);
}

TEST_F(TheDescriptorFetch, RefusesReadableElementsBehindWritableOnes) {
  start(4);
  ring.put(0, 0x5000, 10, 1, kAvail | kNext | kWrite);
  ring.put(1, 0x6000, 10, 1, kAvail);
  EXPECT_EQ(error_of_drain(), DeviceError::ReadableAfterWritable);
}

TEST_F(TheDescriptorFetch, RefusesBuffersAndTablesThatWrapTheAddressSpace) {
  start(4);
  ring.put(0, 0xFFFFFFFFFFFFFFF0, 0x11, 1, kAvail);
  EXPECT_EQ(error_of_drain(), DeviceError::AddressWraps);
  start(4);
  ring.put(0, 0xFFFFFFFFFFFFFFF8, 32, 1, kAvail | kIndirect);
  EXPECT_EQ(error_of_drain(), DeviceError::AddressWraps);
  start(4);
  ring.put(0, 0xFFFFFFFFFFFFFFFF, 0, 1, kAvail);  // empty, so it wraps nothing
  EXPECT_EQ(error_of_drain(), std::nullopt);
}

TEST_F(TheDescriptorFetch, SumsLengthsBeyondFourGigabytes) {
  start(4);
  ring.put(0, 0x5000, 0xFFFFFFFF, 1, kAvail | kNext);
  ring.put(1, 0x5000, 0xFFFFFFFF, 1, kAvail | kNext);
  ring.put(2, 0x5000, 0xFFFFFFFF, 1, kAvail);
  ASSERT_TRUE(drain());
  EXPECT_EQ(fetch.waiting()[0].readable_bytes(), 3 * 0xFFFFFFFFULL);
}

TEST_F(TheDescriptorFetch, ReportsRefusedReadsOfRingAndTable) {
  start(4);
  memory.refuse = [](TestMemory::Access const& access) { return access.address == kRing; };
  EXPECT_EQ(error_of_drain(), DeviceError::RingRefused);
  start(4);
  memory.refuse = [](TestMemory::Access const& access) { return access.address == kTable; };
  ring.put(0, kTable, 16, 1, kAvail | kIndirect);
  EXPECT_EQ(error_of_drain(), DeviceError::RingRefused);
}

TEST_F(TheDescriptorFetch, WorksOnItsCopyWhateverTheDriverWritesAfterwards) {
  start(4);
  ring.put(0, 0x5000, 12, 1, kAvail);
  ASSERT_TRUE(drain());
  ring.put(0, 0x9000, 99, 2, kAvail);
  fetch.announce();
  ASSERT_TRUE(drain());
  ASSERT_EQ(fetch.waiting().size(), 1U);
  EXPECT_EQ(fetch.waiting()[0].elements[0].address, 0x5000U);
}

}  // namespace
}  // namespace ringside::model
