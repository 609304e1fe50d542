#include "driver/virtio/packed_ring.hpp"

#include <gtest/gtest.h>

#include <set>

#include "interface/base/random.hpp"
#include "tests/driver/virtio/device_ring.hpp"

namespace ringside::driver {
namespace {

using test::DeviceBuffer;
using test::DeviceRing;
using test::FakeDmaMemory;

struct Fixture {
  explicit Fixture(RingOptions const& options, std::uint16_t max_elements = 4)
      : ring(memory, options.size, max_elements) {
    EXPECT_TRUE(ring.start(options));
    device.emplace(memory, ring.layout());
  }
  std::uint16_t add(std::uint64_t address, std::uint32_t length, bool device_writes) {
    RingElement const element{address, length, device_writes};
    auto const id = ring.add({&element, 1});
    EXPECT_TRUE(id);
    return id.value_or(0xFFFF);
  }
  FakeDmaMemory memory;
  PackedRing ring;
  std::optional<DeviceRing> device;
};

std::vector<std::uint8_t> bytes(std::initializer_list<int> list) {
  return {list.begin(), list.end()};
}

// Vectors V60 to V72 of docs/verification.md.
TEST(PackedRing, FindsNothingUsedInAFreshRing) {
  Fixture f({4});
  EXPECT_FALSE(f.ring.has_used());
  EXPECT_FALSE(f.ring.take_used());
  EXPECT_FALSE(f.device->next());
}

// The vector's buffer has id 2; ids are the driver's choice, and the first one here is 0.
TEST(PackedRing, WritesAReceiveDescriptorAsTheVectorSays) {
  Fixture f({4});
  EXPECT_EQ(f.add(0x1000, 1536, true), 0);
  EXPECT_EQ(f.device->slot(0),
            bytes({0x00, 0x10, 0, 0, 0, 0, 0, 0, 0x00, 0x06, 0, 0, 0, 0, 0x82, 0x00}));
}

TEST(PackedRing, ReadsIdAndLengthOfAUsedReceiveBuffer) {
  Fixture f({4});
  auto const id = f.add(0x1000, 1536, true);
  f.device->use(*f.device->next(), 76);
  EXPECT_EQ(f.device->flags(0), 0x8082);
  auto const used = f.ring.take_used();
  ASSERT_TRUE(used);
  EXPECT_EQ(used->id, id);
  EXPECT_EQ(used->length, 76U);
  EXPECT_FALSE(f.ring.has_used());
}

TEST(PackedRing, WritesAChainAcrossTheEndOfTheRingAsTheVectorSays) {
  Fixture f({4});
  for (int i = 0; i < 3; ++i) {
    f.add(0x100, 1, false);
    f.device->use(*f.device->next(), 0);
    ASSERT_TRUE(f.ring.take_used());
  }
  std::array const chain{RingElement{0xA, 1, false}, RingElement{0xB, 2, false},
                         RingElement{0xC, 3, false}};
  auto const id = f.ring.add(chain);
  ASSERT_TRUE(id);
  EXPECT_EQ(f.device->flags(3), 0x0081);
  EXPECT_EQ(f.device->flags(0), 0x8001);
  EXPECT_EQ(f.device->flags(1), 0x8000);
  EXPECT_EQ(load_le<std::uint16_t>(&f.device->slot(1)[12]), *id);

  auto const buffer = f.device->next();
  ASSERT_TRUE(buffer);
  EXPECT_EQ(buffer->slots, 3);
  f.device->use(*buffer, 0);
  EXPECT_EQ(f.device->flags(3), 0x8080);
  EXPECT_EQ(f.device->used_index(), 2);
  EXPECT_FALSE(f.device->used_wrap());
  ASSERT_TRUE(f.ring.take_used());
  EXPECT_EQ(f.ring.free_descriptors(), 4);

  auto const next = f.add(0x1000, 200, true);
  EXPECT_EQ(f.device->flags(2), 0x8002) << "available and writable in the second lap";
  f.device->use(*f.device->next(), 100);
  EXPECT_EQ(f.device->flags(2), 0x0002);
  auto const used = f.ring.take_used();
  ASSERT_TRUE(used);
  EXPECT_EQ(used->id, next);
  EXPECT_EQ(used->length, 100U);
}

TEST(PackedRing, PutsSeveralElementsIntoAnIndirectTable) {
  Fixture f({4, false, true});
  std::array const pieces{RingElement{0xA000, 12, false}, RingElement{0xB000, 100, false},
                          RingElement{0xC000, 7, true}};
  ASSERT_TRUE(f.ring.add(pieces));
  EXPECT_EQ(f.ring.free_descriptors(), 3);
  EXPECT_EQ(f.device->flags(0), 0x0084);
  EXPECT_EQ(load_le<std::uint32_t>(&f.device->slot(0)[8]), 48U);
  auto const buffer = f.device->next();
  ASSERT_TRUE(buffer);
  ASSERT_EQ(buffer->elements.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(buffer->elements[i].address, pieces[i].address);
    EXPECT_EQ(buffer->elements[i].length, pieces[i].length);
    EXPECT_EQ(buffer->elements[i].write, pieces[i].device_writes);
  }
  f.device->use(*buffer, 7);
  ASSERT_TRUE(f.ring.take_used());
  EXPECT_EQ(f.ring.free_descriptors(), 4);
}

TEST(PackedRing, TakesNoTableForASingleElement) {
  Fixture f({4, false, true});
  f.add(0x1000, 60, false);
  EXPECT_EQ(f.device->flags(0), 0x0080);
}

TEST(PackedRing, ReportsQueueFullWhenEveryDescriptorIsAvailable) {
  Fixture f({3});
  for (int i = 0; i < 3; ++i) f.add(0x1000, 60, false);
  RingElement const element{0x1000, 60, false};
  auto const full = f.ring.add({&element, 1});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error(), AddError::Full);
  std::array const two{element, element};
  f.device->use(*f.device->next(), 0);
  ASSERT_TRUE(f.ring.take_used());
  EXPECT_EQ(f.ring.add(two).error(), AddError::Full) << "one is free, two are needed";
  EXPECT_TRUE(f.ring.add({&element, 1}));
}

TEST(PackedRing, PublishesTheHeadOfAChainLast) {
  FakeDmaMemory memory;
  PackedRing ring(memory, 4, 4);
  ASSERT_TRUE(ring.start({4}));
  DeviceRing device(memory, ring.layout());
  std::array const chain{RingElement{0xA, 1, false}, RingElement{0xB, 2, false}};
  bool looked = false;
  memory.on_write_barrier = [&] {
    looked = true;
    EXPECT_EQ(device.flags(0), 0) << "the head is available before the barrier";
    EXPECT_EQ(device.flags(1), 0x0080) << "the rest of the chain is not written yet";
    EXPECT_EQ(load_le<std::uint64_t>(&device.slot(0)[0]), 0xAU);
  };
  ASSERT_TRUE(ring.add(chain));
  EXPECT_TRUE(looked);
  memory.on_write_barrier = nullptr;
  EXPECT_EQ(device.flags(0), 0x0081);
}

TEST(PackedRing, ReadsIdAndLengthOnlyAfterTheFlagsAndABarrier) {
  Fixture f({4});
  auto const id = f.add(0x1000, 100, true);
  auto const buffer = f.device->next();
  f.device->write_used(77, 9999, true);
  f.memory.on_read_barrier = [&] { f.device->write_used(buffer->id, 64, true); };
  auto const used = f.ring.take_used();
  ASSERT_TRUE(used);
  EXPECT_EQ(used->id, id);
  EXPECT_EQ(used->length, 64U);
}

TEST(PackedRing, AcceptsBuffersInAnyOrderOfUse) {
  Fixture f({4});
  std::vector<DeviceBuffer> buffers;
  for (int i = 0; i < 4; ++i) f.add(0x1000U + i, 60, false);
  for (int i = 0; i < 4; ++i) buffers.push_back(*f.device->next());
  std::set<std::uint16_t> ids;
  for (int i : {2, 0, 3, 1}) {
    f.device->use(buffers[i], 0);
    auto const used = f.ring.take_used();
    ASSERT_TRUE(used);
    EXPECT_EQ(used->id, buffers[i].id);
    ids.insert(used->id);
  }
  EXPECT_EQ(ids.size(), 4U);
  EXPECT_EQ(f.ring.free_descriptors(), 4);
}

TEST(PackedRing, BeginsANewSessionAsIfThereHadBeenNone) {
  Fixture f({5});
  for (int i = 0; i < 7; ++i) {
    f.add(0x1000, 60, false);
    f.device->use(*f.device->next(), 0);
    ASSERT_TRUE(f.ring.take_used());
  }
  f.ring.stop();
  EXPECT_EQ(f.memory.mappings(), 0U);
  ASSERT_TRUE(f.ring.start({3, true, false}));
  DeviceRing device(f.memory, f.ring.layout());
  EXPECT_EQ(f.ring.free_descriptors(), 3);
  EXPECT_EQ(f.add(0x2000, 60, false), 0);
  EXPECT_EQ(device.flags(0), 0x0080);
  EXPECT_EQ(f.ring.total_used(), 0U);
}

TEST(PackedRing, MapsWhatEachSideWritesAndNoMore) {
  Fixture f({8});
  QueueLayout const layout = f.ring.layout();
  EXPECT_EQ(layout.descriptors % 16, 0U);
  EXPECT_FALSE(f.memory.reach(layout.descriptors, 128, true).empty());
  EXPECT_TRUE(f.memory.reach(layout.descriptors, 129, true).empty());
  EXPECT_FALSE(f.memory.reach(layout.driver_events, 4, false).empty());
  EXPECT_TRUE(f.memory.reach(layout.driver_events, 4, true).empty());
  EXPECT_FALSE(f.memory.reach(layout.device_events, 4, true).empty());
  EXPECT_TRUE(f.memory.reach(layout.device_events, 8, true).empty());
}

TEST(PackedRing, SaysSoWhenThereIsNoMemoryForIt) {
  FakeDmaMemory memory(64);
  PackedRing ring(memory, 256, 1);
  auto const started = ring.start({256});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error(), DmaError::OutOfSpace);
  FakeDmaMemory tight;
  PackedRing unmappable(tight, 4, 4);
  tight.max_mappings = 2;
  EXPECT_FALSE(unmappable.start({4}));
  EXPECT_EQ(tight.mappings(), 0U) << "what was mapped before the failure is unmapped";
}

// Every ring size up to 8 and some odd ones, against random sequences of chains and completions.
class RingOfSize : public testing::TestWithParam<std::uint16_t> {};

TEST_P(RingOfSize, DeliversEveryBufferOnceOverManyLaps) {
  constexpr std::uint64_t kSeed = 0x5EED0001;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", size " << GetParam());
  Random random = Random(kSeed).stream(std::to_string(GetParam()));
  for (bool const indirect : {false, true}) {
    Fixture f({GetParam(), false, indirect});
    std::vector<DeviceBuffer> held;
    std::vector<std::pair<std::uint16_t, std::uint64_t>> expected;  // id, first address
    std::uint64_t serial = 1;
    unsigned added = 0;
    unsigned completed = 0;
    unsigned const laps = GetParam() > 100 ? 5 : 40;
    while (completed < laps * GetParam()) {
      std::vector<RingElement> elements(1 + random.below(4));
      for (auto& e : elements) e = {serial << 8, static_cast<std::uint32_t>(serial), false};
      if (random.chance(0.6)) {
        bool const fits = f.ring.descriptors_for(elements.size()) <= f.ring.free_descriptors();
        auto const id = f.ring.add(elements);
        ASSERT_EQ(id.has_value(), fits);
        if (id) expected.emplace_back(*id, serial << 8), ++added, ++serial;
      }
      while (auto buffer = f.device->next()) held.push_back(*buffer);
      ASSERT_EQ(held.size(), expected.size()) << "the device does not see what was added";
      if (!held.empty() && random.chance(0.5)) {
        std::size_t const pick = random.below(held.size());
        EXPECT_EQ(held[pick].id, expected[pick].first);
        EXPECT_EQ(held[pick].elements.front().address, expected[pick].second);
        f.device->use(held[pick], 0);
        auto const used = f.ring.take_used();
        ASSERT_TRUE(used);
        ASSERT_EQ(used->id, expected[pick].first);
        held.erase(held.begin() + static_cast<std::ptrdiff_t>(pick));
        expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(pick));
        ++completed;
      }
      ASSERT_FALSE(f.ring.has_used());
      ASSERT_EQ(f.ring.outstanding(), expected.size());
    }
    EXPECT_GT(added, 0U);
    EXPECT_FALSE(f.ring.broken());
  }
}

INSTANTIATE_TEST_SUITE_P(PackedRing, RingOfSize, testing::Values(1, 2, 3, 4, 5, 6, 7, 8, 300),
                         testing::PrintToStringParamName());

TEST(PackedRing, WorksAtTheLargestSizeTheSpecificationAllows) {
  Fixture f({32768, true, false}, 1);
  for (int lap = 0; lap < 2; ++lap) {
    std::set<std::uint16_t> ids;
    for (int i = 0; i < 32768; ++i) ids.insert(f.add(0x1000, 60, false));
    EXPECT_EQ(ids.size(), 32768U);
    EXPECT_TRUE(f.ring.notification_due());
    while (auto buffer = f.device->next()) f.device->use(*buffer, 0);
    unsigned taken = 0;
    while (f.ring.take_used()) ++taken;
    EXPECT_EQ(taken, 32768U);
  }
  EXPECT_FALSE(f.ring.broken());
}

}  // namespace
}  // namespace ringside::driver
