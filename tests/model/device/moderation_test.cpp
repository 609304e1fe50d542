#include "model/device/moderation.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ringside::model {
namespace {

constexpr TimePoint at(double microseconds) {
  return TimePoint{Duration{static_cast<std::int64_t>(microseconds * 1e6 + 0.5)}};
}

struct Interrupt {
  TimePoint when;
  unsigned packets;
  bool operator==(Interrupt const&) const = default;
};

void PrintTo(Interrupt const& interrupt, std::ostream* out) {
  *out << interrupt.packets << " at " << interrupt.when.time_since_epoch().count() << " ps";
}

// Lets packets and changes of the setting happen in order, and the timer whenever it runs out.
class Timeline {
 public:
  Timeline(std::uint32_t max_packets, std::uint32_t max_usecs) {
    moderation_.set({max_packets, max_usecs}, at(0));
  }
  void packet(double microseconds) {
    run_until(at(microseconds));
    unsigned const before = moderation_.waiting();
    bool const due = moderation_.packet(at(microseconds));
    // Either the timer was first at this very time, or this packet completed the count.
    if (due && moderation_.waiting() == 1) fired(at(microseconds), before);
    if (due && moderation_.waiting() == 0) fired(at(microseconds), before + 1);
  }
  void set(double microseconds, std::uint32_t max_packets, std::uint32_t max_usecs) {
    run_until(at(microseconds));
    unsigned const before = moderation_.waiting();
    if (moderation_.set({max_packets, max_usecs}, at(microseconds))) {
      fired(at(microseconds), before);
    }
  }
  std::vector<Interrupt> finish() {
    run_until(at(1e9));
    return interrupts_;
  }

 private:
  void run_until(TimePoint end) {
    TimePoint const deadline = moderation_.deadline();
    if (deadline >= end) return;
    unsigned const before = moderation_.waiting();
    EXPECT_FALSE(moderation_.expire(deadline - Duration{1}));
    EXPECT_TRUE(moderation_.expire(deadline));
    fired(deadline, before);
  }
  void fired(TimePoint when, unsigned packets) { interrupts_.push_back({when, packets}); }

  Moderation moderation_;
  std::vector<Interrupt> interrupts_;
};

std::vector<Interrupt> run(std::uint32_t max_packets, std::uint32_t max_usecs,
                           std::vector<double> const& times) {
  Timeline timeline(max_packets, max_usecs);
  for (double time : times) timeline.packet(time);
  return timeline.finish();
}

using Interrupts = std::vector<Interrupt>;

// V90 to V98.
TEST(Moderation, InterruptsSoLongAfterTheFirstPacket) {
  EXPECT_EQ(run(15, 10, {0, 1, 2, 3}), (Interrupts{{at(10), 4}}));
}

TEST(Moderation, InterruptsAfterSoManyPacketsAndForTheRestBeforeSilence) {
  std::vector<double> times;
  for (int i = 0; i < 20; ++i) times.push_back(0.5 * i);
  EXPECT_EQ(run(15, 10, times), (Interrupts{{at(7), 15}, {at(17.5), 5}}));
}

TEST(Moderation, CountsAPacketAtTheDeadlineForTheNextInterrupt) {
  EXPECT_EQ(run(15, 10, {0, 9.9, 10.0, 10.1}), (Interrupts{{at(10), 2}, {at(20), 2}}));
}

TEST(Moderation, IsOffWhenEitherLimitIsZero) {
  Interrupts const each{{at(0), 1}, {at(1), 1}, {at(2), 1}};
  EXPECT_EQ(run(0, 10, {0, 1, 2}), each);
  EXPECT_EQ(run(15, 0, {0, 1, 2}), each);
}

TEST(Moderation, ServesABurstAtLineRate) {
  std::vector<double> times;
  for (int i = 0; i < 10; ++i) times.push_back(1.2304 * i);
  EXPECT_EQ(run(4, 100, times), (Interrupts{{at(3.6912), 4}, {at(8.6128), 4}, {at(109.8432), 2}}));
}

TEST(Moderation, WithOnePacketIsImmediate) {
  EXPECT_EQ(run(1, 64, {0, 50}), (Interrupts{{at(0), 1}, {at(50), 1}}));
}

TEST(Moderation, JudgesCountedPacketsByANewCount) {
  Timeline timeline(15, 1000);
  for (int i = 0; i < 10; ++i) timeline.packet(i);
  timeline.set(20, 8, 1000);
  EXPECT_EQ(timeline.finish(), (Interrupts{{at(20), 10}}));
}

TEST(Moderation, JudgesElapsedTimeByANewLimit) {
  Timeline shorter(15, 100);
  shorter.packet(0);
  shorter.set(40, 15, 30);
  EXPECT_EQ(shorter.finish(), (Interrupts{{at(40), 1}}));

  Timeline longer(15, 100);
  longer.packet(0);
  longer.set(40, 15, 60);
  EXPECT_EQ(longer.finish(), (Interrupts{{at(60), 1}}));
}

TEST(Moderation, SwitchedOffReleasesWhatItHeldBack) {
  Timeline timeline(15, 100);
  timeline.packet(0);
  timeline.set(40, 0, 100);
  EXPECT_EQ(timeline.finish(), (Interrupts{{at(40), 1}}));
}

TEST(Moderation, HasNoDeadlineWithoutPackets) {
  Moderation moderation;
  moderation.set({15, 10}, at(0));
  EXPECT_EQ(moderation.deadline(), kNever);
  EXPECT_FALSE(moderation.expire(at(1e6)));
  moderation.packet(at(5));
  EXPECT_EQ(moderation.deadline(), at(15));
  moderation.reset();
  EXPECT_EQ(moderation.deadline(), kNever);
  EXPECT_EQ(moderation.setting(), Moderation::Setting{});
}

TEST(Moderation, TakesTheLargestLimitWithoutOverflow) {
  Moderation moderation;
  moderation.set({2, 0xFFFFFFFF}, at(0));
  EXPECT_FALSE(moderation.packet(at(1)));
  EXPECT_EQ(moderation.deadline(), at(1) + Duration{0xFFFFFFFFLL * 1'000'000});
}

}  // namespace
}  // namespace ringside::model
