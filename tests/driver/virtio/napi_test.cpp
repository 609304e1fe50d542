#include "driver/virtio/napi.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "driver/virtio/deferred_work.hpp"
#include "driver/virtio/recovery.hpp"
#include "tests/driver/virtual_executor.hpp"

namespace ringside::driver {
namespace {

using test::VirtualExecutor;

TEST(Napi, RunsOnePollForManySchedules) {
  VirtualExecutor executor;
  int polls = 0;
  Napi napi(executor, [&] {
    ++polls;
    return false;
  });
  for (int i = 0; i < 5; ++i) napi.schedule();
  EXPECT_TRUE(napi.scheduled());
  EXPECT_EQ(polls, 0) << "never within the call";
  executor.run_ready();
  EXPECT_EQ(polls, 1);
  EXPECT_FALSE(napi.scheduled());
}

TEST(Napi, RepeatsWhileThereIsMore) {
  VirtualExecutor executor;
  int polls = 0;
  Napi napi(executor, [&] { return ++polls < 4; });
  napi.schedule();
  executor.run_ready();
  EXPECT_EQ(polls, 4);
  EXPECT_EQ(executor.spent(Work::SoftirqEntry), 4U);
}

TEST(Napi, ACancelledPollDoesNotCountInTheNextSession) {
  VirtualExecutor executor;
  int polls = 0;
  Napi napi(executor, [&] {
    ++polls;
    return false;
  });
  napi.schedule();
  napi.cancel();
  EXPECT_FALSE(napi.scheduled());
  napi.schedule();
  executor.run_ready();
  EXPECT_EQ(polls, 1);
}

TEST(Napi, APollMayCancelItself) {
  VirtualExecutor executor;
  int polls = 0;
  Napi* self = nullptr;
  Napi napi(executor, [&] {
    ++polls;
    self->cancel();
    return true;
  });
  self = &napi;
  napi.schedule();
  executor.run_ready();
  EXPECT_EQ(polls, 1);
  EXPECT_FALSE(napi.scheduled());
}

TEST(Napi, APendingPollOfADestroyedOneDoesNothing) {
  VirtualExecutor executor;
  int polls = 0;
  auto napi = std::make_unique<Napi>(executor, [&] {
    ++polls;
    return false;
  });
  napi->schedule();
  napi.reset();
  executor.run_ready();
  EXPECT_EQ(polls, 0);
}

TEST(DeferredWork, RunsOnceAtItsTimeAndCanBeScheduledAgain) {
  VirtualExecutor executor;
  int runs = 0;
  DeferredWork work(executor, Context::Process, [&] { ++runs; });
  work.schedule(std::chrono::microseconds(5));
  work.schedule(std::chrono::microseconds(1));  // it stays where it is
  executor.run_for(std::chrono::microseconds(4));
  EXPECT_EQ(runs, 0);
  executor.run_for(std::chrono::microseconds(1));
  EXPECT_EQ(runs, 1);
  EXPECT_FALSE(work.scheduled());
  work.schedule(Duration{0});
  executor.run_ready();
  EXPECT_EQ(runs, 2);
}

TEST(DeferredWork, IsForgottenWhenCancelledOrDestroyed) {
  VirtualExecutor executor;
  int runs = 0;
  {
    DeferredWork work(executor, Context::Softirq, [&] { ++runs; });
    work.schedule(std::chrono::microseconds(1));
    work.cancel();
    EXPECT_EQ(executor.pending_timers(), 0U);
    work.schedule(std::chrono::microseconds(1));
  }
  EXPECT_EQ(executor.pending_timers(), 0U);
  executor.run_for(std::chrono::seconds(1));
  EXPECT_EQ(runs, 0);
}

TEST(Recovery, DoublesItsDelaysAndGivesUpAfterTheLastAttempt) {
  VirtualExecutor executor;
  executor.run_for(std::chrono::seconds(10));
  std::vector<std::int64_t> at_us;
  TimePoint const begin = executor.now();
  bool gave_up = false;
  Recovery recovery(
      executor,
      [&] {
        at_us.push_back((executor.now() - begin) / std::chrono::microseconds(1));
        return false;
      },
      [&] { gave_up = true; });
  recovery.begin();
  executor.run_for(std::chrono::seconds(1));
  EXPECT_EQ(at_us, (std::vector<std::int64_t>{0, 1000, 3000, 7000, 15000, 31000, 63000, 127000}));
  EXPECT_TRUE(gave_up);
}

}  // namespace
}  // namespace ringside::driver
