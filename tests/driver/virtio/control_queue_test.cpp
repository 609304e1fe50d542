// The control queue: commands are bounded in number, in size and in time, and what the device
// answers is believed only as far as it can be (hostile inputs D16).
#include "driver/virtio/control_queue.hpp"

#include "tests/driver/virtio/control_fixture.hpp"

namespace ringside::driver {
namespace {

using layout::control_command;
using test::FakeDevice;
using test::Frame;

struct ControlQueueTest : test::ControlTest {
  // A device whose answers are the test's.
  void start_silent() {
    start_and_forget();
    device.answers_commands = false;
  }
  Outcome ask() { return control().set_transmit_moderation({4, 50}, hear()); }
};

TEST_F(ControlQueueTest, HearsTheAnswerLaterAndOnce) {
  start_silent();
  ASSERT_TRUE(ask());
  settle();
  EXPECT_TRUE(heard.empty()) << "there is no answer yet";
  device.answer();
  EXPECT_TRUE(heard.empty()) << "nobody is told from within the device";
  settle();
  EXPECT_TRUE(heard_ok());
  settle();
  EXPECT_EQ(heard.size(), 1U);
}

TEST_F(ControlQueueTest, DoesNotLookForAnswersWhenNoneIsExpected) {
  start_and_forget();
  std::size_t const idle = executor.pending_timers();
  device.answers_commands = false;
  ASSERT_TRUE(ask());
  EXPECT_EQ(executor.pending_timers(), idle + 1);
  device.answer();
  settle();
  EXPECT_EQ(executor.pending_timers(), idle);
}

TEST_F(ControlQueueTest, AnErrorIsNoReasonToGiveTheDeviceUp) {
  start_and_forget();
  device.answer_to = [](Frame const&) { return Frame{layout::kControlErr}; };
  ASSERT_TRUE(ask());
  settle();
  EXPECT_TRUE(heard_only(ControlError::Refused));
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
  device.answer_to = nullptr;
  heard.clear();
  ASSERT_TRUE(ask());
  settle();
  EXPECT_TRUE(heard_ok());
}

TEST_F(ControlQueueTest, DoesNotBelieveAnAckThatTheDeviceDoesNotSayItHasWritten) {
  start_and_forget();
  device.answer_to = [](Frame const&) { return Frame{}; };
  ASSERT_TRUE(ask());
  settle();
  EXPECT_TRUE(heard_only(ControlError::Refused));
}

TEST_F(ControlQueueTest, LooksAtNoMoreThanItMadeWritable) {
  start_and_forget();
  device.answer_to = [](Frame const&) { return Frame(4096, layout::kControlOk); };
  ASSERT_TRUE(ask());
  settle();
  EXPECT_TRUE(heard_ok());
}

TEST_F(ControlQueueTest, ResetsADeviceThatDoesNotAnswerInTime) {
  start_silent();
  unsigned const resets = device.resets;
  ASSERT_TRUE(ask());
  executor.run_for(ControlQueue::kTimeout - std::chrono::milliseconds(1));
  EXPECT_EQ(device.resets, resets);
  device.answers_commands = true;
  executor.run_for(std::chrono::milliseconds(2));
  EXPECT_EQ(device.resets, resets + 1);
  EXPECT_TRUE(heard_only(ControlError::Lost));
  EXPECT_TRUE(story.told("a control command is not answered"));
  EXPECT_EQ(net->state(), VirtioNet::State::Live);
}

TEST_F(ControlQueueTest, GivesUpADeviceThatNeverAnswers) {
  device.answers_commands = false;
  start();
  executor.run_for(std::chrono::seconds(30));
  EXPECT_EQ(net->state(), VirtioNet::State::Failed);
  EXPECT_EQ(memory.mappings(), 0U);
  EXPECT_EQ(executor.pending_timers(), 0U);
}

TEST_F(ControlQueueTest, ResetsADeviceThatBreaksTheRing) {
  start_silent();
  unsigned const resets = device.resets;
  ASSERT_TRUE(ask());
  auto buffer = device.ring(FakeDevice::kControl).next();
  ASSERT_TRUE(buffer);
  buffer->id = 0xFFFF;
  device.ring(FakeDevice::kControl).use(*buffer, 1);
  device.answers_commands = true;
  settle();
  EXPECT_EQ(device.resets, resets + 1);
  EXPECT_TRUE(heard_only(ControlError::Lost));
  EXPECT_TRUE(story.told("the control ring is broken"));
}

TEST_F(ControlQueueTest, HasABoundOnCommandsThatWait) {
  start_silent();
  for (unsigned i = 0; i < ControlQueue::kCommands; ++i) ASSERT_TRUE(ask()) << i;
  auto const refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), ControlError::Busy);
  device.answer();
  settle();
  EXPECT_EQ(heard.size(), ControlQueue::kCommands);
  EXPECT_TRUE(ask());
}

TEST_F(ControlQueueTest, AnswersMayComeInAnyOrder) {
  start_silent();
  std::vector<int> order;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(control().set_transmit_moderation(
        {4, 50}, [&order, i](Outcome outcome) { order.push_back(outcome ? i : -i - 1); }));
  }
  auto& ring = device.ring(FakeDevice::kControl);
  std::vector<test::DeviceBuffer> taken;
  while (auto const buffer = ring.next()) taken.push_back(*buffer);
  ASSERT_EQ(taken.size(), 3U);
  for (int const i : {2, 0, 1}) {
    auto const& room = taken[i].elements[1];
    memory.reach(room.address, room.length, true)[0] =
        i == 0 ? layout::kControlErr : layout::kControlOk;
    ring.use(taken[i], 1);
  }
  settle();
  EXPECT_EQ(order, (std::vector<int>{2, -1, 1}));
}

TEST_F(ControlQueueTest, TurnsItsRingOverAndItsPlaces) {
  device.max_size = 6;
  start_and_forget();
  for (int i = 0; i < 100; ++i) {
    heard.clear();
    ASSERT_TRUE(ask()) << i;
    settle();
    ASSERT_TRUE(heard_ok()) << i;
  }
  EXPECT_EQ(device.commands.size(), 100U);
}

TEST_F(ControlQueueTest, StopEndsWhatWaitsAndLeavesNothingMapped) {
  start_silent();
  ASSERT_TRUE(ask());
  net->stop();
  EXPECT_EQ(memory.mappings(), 0U);
  EXPECT_EQ(executor.pending_timers(), 0U);
  EXPECT_TRUE(heard.empty()) << "nobody is told from within his own call";
  executor.run_ready();
  EXPECT_TRUE(heard_only(ControlError::Lost));
}

TEST_F(ControlQueueTest, NobodyIsToldOnceTheDriverIsGone) {
  start_silent();
  ASSERT_TRUE(ask());
  ASSERT_TRUE(control().get_queue_moderation(0, [](auto const&) { FAIL(); }));
  net.reset();
  executor.run_ready();
  EXPECT_TRUE(heard.empty());
  EXPECT_EQ(memory.mappings(), 0U);
}

TEST_F(ControlQueueTest, IsNotThereOnADeviceWithoutOne) {
  device.queues = FakeDevice::kControl;
  start();
  auto const refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), ControlError::Unavailable);
  EXPECT_TRUE(device.commands.empty());
}

}  // namespace
}  // namespace ringside::driver
