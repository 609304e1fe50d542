// Event suppression in both directions (virtio 1.3, 2.8.10).
#include <gtest/gtest.h>

#include "driver/virtio/packed_ring.hpp"
#include "tests/driver/virtio/device_ring.hpp"

namespace ringside::driver {
namespace {

using test::DeviceRing;
using test::FakeDmaMemory;

struct Events : testing::Test {
  void open(RingOptions const& options) {
    ring.stop();
    ASSERT_TRUE(ring.start(options));
    device.emplace(memory, ring.layout());
  }
  void add(unsigned count = 1) {
    RingElement const element{0x1000, 60, false};
    for (unsigned i = 0; i < count; ++i) ASSERT_TRUE(ring.add({&element, 1}));
  }
  // The device uses `count` buffers. Whether it would interrupt then.
  bool use(unsigned count = 1) {
    for (unsigned i = 0; i < count; ++i) device->use(device->next().value(), 0);
    return device->interrupt_due();
  }
  void turn(unsigned count) {  // moves both positions on
    for (unsigned i = 0; i < count; ++i) {
      add();
      use();
      ASSERT_TRUE(ring.take_used());
    }
    (void)ring.notification_due();
  }
  FakeDmaMemory memory;
  PackedRing ring{memory, 8, 1};
  std::optional<DeviceRing> device;
};

TEST_F(Events, ADeviceThatSaysNothingIsNotifiedOfEachAddition) {
  open({4});
  EXPECT_FALSE(ring.notification_due()) << "nothing was added";
  add();
  EXPECT_TRUE(ring.notification_due());
  EXPECT_FALSE(ring.notification_due()) << "it knows by now";
}

TEST_F(Events, ADeviceThatDisabledNotificationsGetsNoneAndIsOnRecord) {
  open({4});
  device->want_notifications(0, 1);
  add(2);
  EXPECT_FALSE(ring.notification_due());
  EXPECT_EQ(ring.unannounced(), 2U);
  ring.announce();
  EXPECT_EQ(ring.unannounced(), 0U);
}

TEST_F(Events, TheDescriptorFlagMeansEnableWithoutEventIdx) {
  open({4, false, false});
  device->want_notifications(3, 2);
  add();
  EXPECT_TRUE(ring.notification_due());
}

// Each position asked for, against each batch, from each starting point, in rings of 1 to 8.
TEST_F(Events, NotifiesExactlyWhenThePositionAskedForWasFilled) {
  for (std::uint16_t size = 1; size <= 8; ++size) {
    for (unsigned start = 0; start < 2U * size; ++start) {
      for (unsigned batch = 1; batch <= size; ++batch) {
        for (unsigned ask = 0; ask < 2U * size; ++ask) {
          open({size, true, false});
          turn(start);
          auto const off = static_cast<std::uint16_t>(ask % size);
          bool const wrap = ask < size;
          device->want_notifications(static_cast<std::uint16_t>(off | (wrap ? 0x8000 : 0)), 2);
          add(batch);
          // Positions count modulo two laps; those filled are start .. start + batch - 1.
          unsigned const behind = (ask + 2U * size - start % (2U * size)) % (2U * size);
          ASSERT_EQ(ring.notification_due(), behind < batch)
              << "size " << size << " start " << start << " batch " << batch << " ask " << ask;
        }
      }
    }
  }
}

TEST_F(Events, GarbageInTheEventAreaCostsANotificationAndNothingElse) {
  open({4, true, false});
  for (std::uint16_t const off : {4, 5, 0x7FFF}) {
    for (std::uint16_t const flags : {2, 0xFFFE, 3, 0xFFFF}) {
      device->want_notifications(off, flags);
      add();
      EXPECT_TRUE(ring.notification_due()) << "off " << off << " flags " << flags;
      use();
      ASSERT_TRUE(ring.take_used());
    }
  }
}

TEST_F(Events, InterruptsAreEnabledInAFreshRing) {
  open({4});
  EXPECT_EQ(device->driver_events().flags, 0);
  add();
  EXPECT_TRUE(use());
}

TEST_F(Events, DisabledInterruptsStayAway) {
  open({4});
  ring.disable_interrupts();
  EXPECT_EQ(device->driver_events().flags, 1);
  add();
  EXPECT_FALSE(use());
}

TEST_F(Events, EnablingAsksForTheVeryNextUsedBuffer) {
  open({4, true, false});
  turn(6);
  add(2);
  EXPECT_TRUE(ring.enable_interrupts());
  auto const events = device->driver_events();
  EXPECT_EQ(events.flags, 2);
  EXPECT_EQ(events.off, 2);
  EXPECT_FALSE(events.wrap);
  EXPECT_TRUE(use());
}

TEST_F(Events, EnablingReportsWhatIsUsedAlready) {
  for (bool const event_idx : {false, true}) {
    open({4, event_idx, false});
    ring.disable_interrupts();
    add();
    use();
    EXPECT_FALSE(ring.enable_interrupts());
    ASSERT_TRUE(ring.take_used());
    EXPECT_TRUE(ring.enable_interrupts());
  }
}

TEST_F(Events, EnablingLooksAgainAfterTheFlagsAreVisible) {
  open({4, true, false});
  add();
  ring.disable_interrupts();
  memory.on_read_barrier = [this] {  // the last moment before the driver looks
    memory.on_read_barrier = nullptr;
    EXPECT_EQ(device->driver_events().flags, 2);
    device->use(device->next().value(), 0);
  };
  EXPECT_FALSE(ring.enable_interrupts());
}

TEST_F(Events, ThePositionIsWrittenBeforeTheFlags) {
  open({4, true, false});
  turn(3);
  memory.on_write_barrier = [this] {
    memory.on_write_barrier = nullptr;
    EXPECT_EQ(device->driver_events().off, 3);
    EXPECT_EQ(device->driver_events().flags, 0);
  };
  EXPECT_TRUE(ring.enable_interrupts());
  EXPECT_EQ(device->driver_events().flags, 2);
}

TEST_F(Events, LateEnablingWaitsForThreeQuartersOfTheOutstanding) {
  open({8, true, false});
  turn(5);
  add(8);
  EXPECT_TRUE(ring.enable_interrupts_late());
  EXPECT_FALSE(use(6));
  EXPECT_TRUE(use(1));
  EXPECT_FALSE(use(1));
}

TEST_F(Events, LateEnablingNeverWaitsForMoreThanIsOutstanding) {
  for (std::uint16_t size = 1; size <= 8; ++size) {
    for (unsigned outstanding = 1; outstanding <= size; ++outstanding) {
      open({size, true, false});
      turn(size / 2U);
      add(outstanding);
      EXPECT_TRUE(ring.enable_interrupts_late());
      EXPECT_TRUE(use(outstanding)) << "size " << size << " outstanding " << outstanding;
    }
  }
}

// V71: the decision of the device double that the other tests rely on.
TEST_F(Events, TheDeviceDoubleDecidesAsTheVectorsSay) {
  struct Row {
    unsigned from, to;  // used positions, counted over laps; 8 is slot 0 of the second
    std::uint16_t off;
    bool wrap, fires;
  };
  for (Row const& row :
       {Row{2, 5, 3, true, true}, Row{2, 5, 5, true, false}, Row{2, 5, 1, true, false},
        Row{6, 9, 7, true, true}, Row{6, 9, 0, false, true}, Row{6, 9, 1, false, false},
        Row{6, 9, 5, true, false}, Row{0, 8, 7, true, true}, Row{0, 8, 0, false, false}}) {
    open({8, true, false});
    turn(row.from);
    (void)device->interrupt_due();
    auto const events = memory.reach(ring.layout().driver_events, 4, false);
    store_le<std::uint16_t>(&events[0],
                            static_cast<std::uint16_t>(row.off | (row.wrap ? 0x8000 : 0)));
    store_le<std::uint16_t>(&events[2], 2);
    add(row.to - row.from);
    EXPECT_EQ(use(row.to - row.from), row.fires) << row.from << " " << row.to << " " << row.off;
  }
}

}  // namespace
}  // namespace ringside::driver
