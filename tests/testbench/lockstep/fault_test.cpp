// Each fault that an RTL might have, one at a time, planted into what its checker sees of a page
// fetch: none passes. SystemC elaborates once a process, so each has one of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "interface/layout/registers.hpp"
#include "testbench/lockstep/lockstep.hpp"
#include "testbench/nic/lockstep_nic.hpp"
#include "tests/system/page_scenario.hpp"
#include "tests/testbench/lockstep/faulty_observer.hpp"

namespace ringside::testbench {
namespace {

using Kind = Seen::Kind;

constexpr std::uint32_t kStatusAt =
    layout::kCommonBlock.offset + layout::find(layout::kCommonConfig, "device_status").offset;

// The Verilated NIC, watched through a fault.
class FaultyNic final : public SimulatedNic {
 public:
  // `wrong`: the counter that has counted one too many.
  FaultyNic(std::string const& name, PcieLink& link, MacAddress mac, FaultyObserver::Fault fault,
            std::optional<std::size_t> wrong = std::nullopt)
      : rtl_(name.c_str(), link, mac, {}),
        checker_(mac, [] { sc_core::sc_pause(); }),
        observer_(checker_, std::move(fault)),
        wrong_(wrong) {
    rtl_.observe(&observer_);
  }
  WireReceiver& receiver() override { return rtl_; }
  void connect(Wire& wire) override { rtl_.connect(wire); }
  void on_time_stamp(std::function<void(WireStamp const&)> listener) override {
    rtl_.on_time_stamp(std::move(listener));
  }
  std::uint64_t cycles() const override { return rtl_.cycles(); }
  std::uint64_t evaluated() const override { return rtl_.evaluated(); }
  void finish() override {
    auto counters = counters_at_end(rtl_);
    if (!counters || checker_.difference()) return;
    if (wrong_) ++counters->at(*wrong_);
    checker_.finish(rtl_.reached(), *counters);
  }
  std::optional<Trouble> trouble() const override {
    if (!checker_.difference()) return std::nullopt;
    return Trouble{checker_.difference()->at, checker_.account()};
  }

 private:
  RtlNic rtl_;
  LockStep checker_;
  FaultyObserver observer_;
  std::optional<std::size_t> wrong_;
};

// A fault that strikes once, or from then on, at the n-th thing seen that it can strike at.
struct Planted {
  char const* name;
  char const* found;                    // part of what the checker says
  std::function<bool(Seen const&)> at;  // may keep a state, of one NIC
  std::function<unsigned(Seen&)> strike;
  unsigned nth = 20;
  bool from_then_on = false;
};

void PrintTo(Planted const& planted, std::ostream* out) { *out << planted.name; }

bool is_data(Seen const& seen) { return seen.kind == Kind::Written && seen.bytes.size() > 64; }
bool is_header(Seen const& seen) {
  return seen.kind == Kind::Written && seen.bytes.size() > 60 && seen.bytes[10] == 1 &&
         seen.bytes[0] <= layout::kDataValid && seen.bytes[11] == 0;
}
bool is_used(Seen const& seen) {
  return seen.kind == Kind::Written && seen.bytes.size() == 8 && seen.address % 16 == 8;
}
bool is_message(Seen const& seen) {
  return seen.kind == Kind::Written && seen.bytes.size() == 4 &&
         seen.address == PcieLink::kMsiAddress;
}
bool is_frame(Seen const& seen) { return seen.kind == Kind::Sent; }
auto read_of(unsigned id) {
  return [id](Seen const& seen) { return seen.kind == Kind::ReadBegun && seen.id == id; };
}
bool is_vendor_or_feature(Seen const& seen) {
  return seen.kind == Kind::RegisterRead && seen.address < layout::kCommonBlock.size;
}
auto flip(std::size_t byte) {
  return [byte](Seen& seen) {
    seen.bytes[std::min(byte, seen.bytes.size() - 1)] ^= 0x10;
    return 1U;
  };
}
unsigned hide(Seen&) { return 0; }
// A burst without any byte: the response that follows belongs to it.
unsigned leave_out(Seen& seen) {
  seen.bytes.clear();
  return 1;
}
// The last beats of packet bytes.
auto last_beat_of_packet() {
  return [tags = std::set<std::uint32_t>{}](Seen const& seen) mutable {
    if (seen.kind == Kind::ReadBegun && seen.id == 1) tags.insert(seen.tag);
    return seen.kind == Kind::ReadBeat && seen.last && tags.erase(seen.tag) != 0;
  };
}
unsigned twice(Seen&) { return 2; }
unsigned elsewhere(Seen& seen) {
  seen.address += 16;
  return 1;
}
unsigned one_less(Seen& seen) {
  seen.bytes.pop_back();
  return 1;
}

std::vector<Planted> const kFaults{
    {"ARegisterReadsAnotherValue", "gives", is_vendor_or_feature,
     [](Seen& seen) {
       seen.value ^= 1;
       return 1U;
     },
     3},
    {"NeedsAResetForNoReason", "gives",
     [](Seen const& seen) { return seen.kind == Kind::RegisterRead && seen.address == kStatusAt; },
     [](Seen& seen) {
       seen.value |= layout::kStatusNeedsReset;
       return 1U;
     },
     2},
    {"ReadsASlotTooFar", "is next", read_of(0), elsewhere},
    {"ReadsASlotTooFew", "is next", read_of(0),
     [](Seen& seen) {
       seen.address -= 16;
       return 1U;
     }},
    {"ReadsDescriptorsAgain", "is next", read_of(0), twice},
    {"ReadsDescriptorsOfNobody", "no ring or table", read_of(0),
     [](Seen& seen) {
       seen.address += 1U << 24;
       return 1U;
     }},
    {"ReadsAPacketFromElsewhere", "a read of packet bytes", read_of(1), elsewhere},
    {"ReadsABeatTooMuchOfAPacket", "a read of packet bytes", read_of(1),
     [](Seen& seen) {
       seen.size += 16;
       return 1U;
     }},
    {"ReadsPartOfAPacketAgain", "a read of packet bytes", read_of(1), twice},
    {"LeavesOutPartOfAPacket", "", read_of(1), hide},
    {"SendsAWrongByte", "a frame differs from byte", is_frame, flip(30)},
    {"SendsAWrongFcs", "a frame differs from byte", is_frame, flip(100'000)},
    {"SendsAWrongPreamble", "no preamble", is_frame, flip(3)},
    {"SendsAFrameTwice", "a frame", is_frame, twice},
    {"LosesAFrame", "a frame", is_frame, hide},
    {"CutsAFrame", "a frame differs from byte", is_frame, one_less},
    {"SendsAnErrorCharacter", "error character", is_frame,
     [](Seen& seen) {
       seen.ok = false;
       return 1U;
     }},
    {"SendsTooSoonAfterAFrame", "the time stamp of a frame sent",
     [last = TimePoint{}](Seen const& seen) mutable {
       if (seen.kind != Kind::Sent) return false;
       bool const close = seen.at - last < 30 * kByteTime && last != TimePoint{};
       last = seen.at + kByteTime * static_cast<std::int64_t>(seen.bytes.size());
       return close;
     },
     [](Seen& seen) {
       seen.at -= 8 * kByteTime;
       return 1U;
     }},
    {"WritesAWrongByte", "a write at", is_data, flip(40)},
    {"WritesAWrongHeader", "a write at", is_header, flip(1)},
    {"CountsTheBuffersOfAPacketWrong", "a write at", is_header,
     [](Seen& seen) {
       ++seen.bytes[10];
       return 1U;
     }},
    {"WritesAPacketElsewhere", "a write at", is_data, elsewhere},
    {"WritesAByteTooFew", "a write at", is_data, one_less},
    {"LeavesOutAWrite", "", is_data, leave_out},
    {"WritesAPartTwice", "a write at", is_data, twice},
    {"WritesIntoTheHostsMemoryAtRandom", "a write at", is_data,
     [](Seen& seen) {
       seen.address ^= 0x5A5A000;
       return 1U;
     }},
    {"GivesBackAnotherBuffer", "a used descriptor", is_used, flip(4)},
    {"StatesAnotherLength", "a used descriptor", is_used, flip(0)},
    {"GivesBackInTheWrongLap", "a used descriptor", is_used,
     [](Seen& seen) {
       seen.bytes[6] ^= 0x80;
       seen.bytes[7] ^= 0x80;
       return 1U;
     }},
    {"GivesBackInAnotherSlot", "a used descriptor", is_used, elsewhere},
    {"GivesABufferBackTwice", "a used descriptor", is_used, twice},
    {"ForgetsABuffer", "", is_used, leave_out},
    {"GivesABufferBackBeforeItsData", "no buffer can go back", last_beat_of_packet(), hide},
    {"InterruptsWithOtherData", "a message without a reason", is_message,
     [](Seen& seen) {
       seen.bytes[0] ^= 4;
       return 1U;
     }},
    {"InterruptsTwice", "a message without a reason", is_message, twice},
    {"ForgetsAnInterrupt", "a message is missing", is_message, leave_out},
    {"LooksAtTheEventAreaTooOften", "event area", read_of(2), twice},
    {"ForgetsToLookAtTheEventArea", "a look at the event area",
     [](Seen const& seen) { return read_of(2)(seen) || is_message(seen); },
     [](Seen& seen) { return seen.kind == Kind::Written ? leave_out(seen) : hide(seen); }, 1, true},
    {"WorksOutsideAnySession", "outside any session",
     [](Seen const& seen) { return seen.kind == Kind::RegisterWritten; },
     [](Seen& seen) {
       seen = {Kind::ReadBegun, seen.at, 0x10000, 128, 0, 0, 5};
       return 1U;
     },
     1},
};

class LockStepFinds : public testing::TestWithParam<Planted> {};

TEST_P(LockStepFinds, AnRtlThat) {
  Planted const& planted = GetParam();
  bool struck = false;
  NicMaker const maker = [&](std::string const& name, Timeline&, PcieLink& link, MacAddress mac) {
    auto const fault = [&planted, &struck, at = planted.at, met = 0U](Seen& seen) mutable {
      if (!at(seen) || ++met < planted.nth) return 1U;
      if (struck && !planted.from_then_on) return 1U;
      struck = true;
      return planted.strike(seen);
    };
    return std::make_unique<FaultyNic>(name, link, mac, fault);
  };
  SimulationOptions options;
  Simulation simulation(page_scenario(1, 300'000), maker, options);
  Report const report = simulation.run();
  ASSERT_TRUE(struck) << "nothing to strike at";
  ASSERT_FALSE(report.problems.empty()) << "it passes";
  EXPECT_THAT(report.problems[0], testing::HasSubstr(planted.found));
  EXPECT_NE(report.trouble_at, kNever);
}

class LockStepFindsACounter : public testing::TestWithParam<std::size_t> {};

TEST_P(LockStepFindsACounter, ThatIsWrong) {
  NicMaker const maker = [](std::string const& name, Timeline&, PcieLink& link, MacAddress mac) {
    return std::make_unique<FaultyNic>(
        name, link, mac, [](Seen&) { return 1U; }, GetParam());
  };
  Simulation simulation(page_scenario(), maker, {});
  Report const report = simulation.run();
  ASSERT_EQ(report.problems.size(), 3U) << "one a host";
  EXPECT_NE(report.trouble_at, kNever);
}

INSTANTIATE_TEST_SUITE_P(Counters, LockStepFindsACounter,
                         testing::Range<std::size_t>(0, layout::kStatistics.size()),
                         [](auto const& tested) {
                           return std::string(layout::kStatistics[tested.param].name);
                         });

INSTANTIATE_TEST_SUITE_P(Faults, LockStepFinds, testing::ValuesIn(kFaults),
                         [](auto const& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace ringside::testbench
