// Interrupts and notifications, too many or too few: D9, D10, D19 and D20 of
// docs/verification.md.
#include "tests/driver/virtio/hostile_device.hpp"

namespace ringside::driver {
namespace {

using test::HostileDevice;

TEST_F(HostileDevice, D9_InterruptsOutsideOfALiveSessionAreIgnored) {
  start();
  device.deliver(frame(60));  // its interrupt comes when the device is stopped already
  net->stop();
  device.interrupt(kReceive);
  device.interrupt(kTransmit);
  device.interrupt_config();
  executor.run_ready();
  EXPECT_TRUE(stack.frames.empty());
  EXPECT_EQ(net->statistics().polls, 0U);
  EXPECT_EQ(net->driver_statistics().ignored_interrupts, 4U);
}

TEST_F(HostileDevice, D9_AnInterruptThatOutlivesTheDriverFindsNobody) {
  start();
  device.deliver(frame(60));
  net.reset();
  device.interrupt(kReceive);
  EXPECT_EQ(executor.run_ready(), 2U);
}

TEST_F(HostileDevice, D9_APollThatWasScheduledBeforeAResetDoesNothingAfterIt) {
  start();
  device.deliver(frame(60));
  executor.post(Context::Interrupt, [this] {  // after the receive interrupt, before its poll
    net->stop();
    ASSERT_TRUE(net->start());
  });
  executor.run_ready();
  EXPECT_TRUE(stack.frames.empty());
  expect_works();
}

TEST_F(HostileDevice, D10_SpuriousInterruptsCostAPollAndNothingElse) {
  start();
  for (int i = 0; i < 50; ++i) {
    device.interrupt(kReceive);
    device.interrupt(kTransmit);
    device.interrupt_config();
    executor.run_ready();
  }
  EXPECT_TRUE(stack.frames.empty());
  EXPECT_EQ(net->statistics().resets, 0U);
  expect_works();
}

TEST_F(HostileDevice, D10_ManyInterruptsScheduleOnePoll) {
  start();
  device.deliver(frame(60));
  for (int i = 0; i < 100; ++i) device.interrupt(kReceive);
  executor.run_ready();
  EXPECT_EQ(net->statistics().polls, 1U);
}

TEST_F(HostileDevice, D10_AStormIsEndedByAResetFromTheHandlerItself) {
  start();
  unsigned const resets_before = device.resets;
  bool softirq_ran = false;
  executor.post(Context::Softirq, [&] { softirq_ran = true; });
  // Interrupts without end: each one raises the next, until the device is reset.
  std::function<void()> const storm = [&] {
    if (device.resets > resets_before) return;
    device.interrupt(kReceive);
    executor.post(Context::Interrupt, storm);
  };
  storm();
  executor.run_ready();
  EXPECT_TRUE(softirq_ran);
  EXPECT_EQ(net->driver_statistics().interrupt_storms, 1U);
  expect_recovered();
}

TEST_F(HostileDevice, D10_WorkBetweenInterruptsIsNoStorm) {
  start();
  for (unsigned i = 0; i < VirtioNet::kInterruptStorm + 100; ++i) {
    device.deliver(frame(60));
    executor.run_ready();
  }
  EXPECT_EQ(net->driver_statistics().interrupt_storms, 0U);
}

TEST_F(HostileDevice, D19_NotificationsThatTheDeviceSuppressedForEverAreRepeated) {
  start();
  device.completes_at_once = false;
  // "At position 7 of the other lap": not what this packet fills.
  device.ring(kTransmit).want_notifications(7, 2);
  ASSERT_TRUE(send(frame(60)));
  EXPECT_EQ(device.notified[kTransmit], 0U);
  device.completes_at_once = true;
  executor.run_for(VirtioNet::kCheckInterval * 2);
  EXPECT_EQ(device.sent.size(), 1U);
  EXPECT_EQ(net->statistics().tx_packets, 1U);
  EXPECT_GE(net->driver_statistics().repeated_notifications, 1U);
}

TEST_F(HostileDevice, D19_LostInterruptsAreFoundByTheCheck) {
  start();
  device.swallow_interrupts = true;
  device.deliver(frame(60));
  ASSERT_TRUE(send(frame(60)));  // activity arms the check
  executor.run_for(VirtioNet::kCheckInterval * 2);
  EXPECT_EQ(stack.frames.size(), 1U);
  EXPECT_EQ(net->statistics().tx_packets, 1U);
  EXPECT_EQ(net->driver_statistics().lost_interrupts, 1U);
}

TEST_F(HostileDevice, D19_NoTimerRunsWhileNothingIsOutstanding) {
  start();
  EXPECT_EQ(executor.pending_timers(), 0U);
  device.deliver(frame(60));
  ASSERT_TRUE(send(frame(60)));
  executor.run_for(VirtioNet::kCheckInterval * 3);
  EXPECT_EQ(executor.pending_timers(), 0U);
  auto const before = executor.now();
  EXPECT_EQ(executor.run_ready(), 0U);
  EXPECT_EQ(executor.now(), before);
}

TEST_F(HostileDevice, D20_WithoutVectorsTheDeviceIsPolled) {
  device.no_vectors = true;
  start();
  for (int i = 0; i < 5; ++i) {
    device.deliver(frame(60));
    ASSERT_TRUE(send(frame(60)));
    executor.run_for(VirtioNet::kPollInterval * 2);
    EXPECT_EQ(stack.frames.size(), 1U + i);
    EXPECT_EQ(net->statistics().tx_packets, 1U + i);
  }
  EXPECT_EQ(net->statistics().interrupts, 0U);
  EXPECT_EQ(net->driver_statistics().lost_interrupts, 0U) << "none were to be expected";
}

}  // namespace
}  // namespace ringside::driver
