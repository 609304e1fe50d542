// The kit itself: its expectation against the known vectors, and that it finds what is wrong.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <tuple>

#include "tests/conformance/draft.hpp"
#include "tests/conformance/faulty.hpp"
#include "tests/conformance/judge.hpp"
#include "tests/conformance/model_device.hpp"
#include "tests/conformance/packed_ring_driver.hpp"

namespace ringside::conformance {
namespace {

Buffer writable(std::uint8_t elements, Written written) { return {0, elements, false, written}; }

// ---- The expectation, against vectors of docs/verification.md.

TEST(RingExpectation, MarksDescriptorsOfBothLapsAsTheVectorsSay) {  // V61, V63, V69
  auto const first = expect(Draft(4, false, false).round({writable(1, Written::OneByte)}));
  EXPECT_EQ(first[0].available[0].slots[0].flags, 0x0082);
  EXPECT_EQ(first[0].used[0].flags, 0x8082);
  EXPECT_EQ(expect(Draft(4, false, false).round({chain(1)}))[0].used[0].flags, 0x8080);
  auto const second =
      expect(Draft(4, false, false).start_at(4).round({writable(1, Written::OneByte)}));
  EXPECT_EQ(second.back().available[0].slots[0].flags, 0x8002);
  EXPECT_EQ(second.back().used[0].flags, 0x0002);
}

TEST(RingExpectation, FollowsAChainAcrossTheWrapAsTheVectorsSay) {  // V64 to V66
  auto const steps = expect(
      Draft(4, false, false).start_at(3).round({chain(3)}).round({writable(1, Written::OneByte)}));
  auto const& chained = steps[1].available[0].slots;
  ASSERT_EQ(chained.size(), 3U);
  EXPECT_EQ(chained[0].at, (Place{3, true}));
  EXPECT_EQ(chained[0].flags, 0x0081);
  EXPECT_EQ(chained[1].at, (Place{0, false}));
  EXPECT_EQ(chained[1].flags, 0x8001);
  EXPECT_EQ(chained[2].flags, 0x8000);
  EXPECT_EQ(steps[1].used[0].at, (Place{3, true}));
  EXPECT_EQ(steps[1].used[0].flags, 0x8080);
  EXPECT_EQ(steps[2].used[0].at, (Place{2, false}));
  EXPECT_EQ(steps[2].used[0].flags, 0x0002);
}

TEST(RingExpectation, TakesOneSlotForATable) {  // V67
  auto const steps =
      expect(Draft(4, true, false).round({{2, 1, true, Written::Nothing}}).round({chain(1)}));
  ASSERT_EQ(steps[0].available[0].slots.size(), 1U);
  EXPECT_EQ(steps[0].available[0].slots[0].flags, 0x0084);
  EXPECT_EQ(steps[0].available[0].elements.size(), 3U);
  EXPECT_EQ(steps[1].used[0].at, (Place{1, true}));
}

TEST(RingExpectation, DecidesAboutEventsAsTheVectorsSay) {  // V71
  struct Row {
    unsigned from, to;  // counted over laps: 8 is slot 0 of the second
    Place event;
    bool fires;
  };
  for (Row const& row :
       {Row{2, 5, {3, true}, true}, Row{2, 5, {5, true}, false}, Row{2, 5, {1, true}, false},
        Row{6, 9, {7, true}, true}, Row{6, 9, {0, false}, true}, Row{6, 9, {1, false}, false},
        Row{6, 9, {5, true}, false}, Row{0, 8, {7, true}, true}, Row{0, 8, {0, false}, false}}) {
    Due const due = decide({EventArea::Desc, row.event}, Place{}.after(row.from, 8),
                           row.to - row.from, 8, true, false);
    EXPECT_EQ(due, row.fires ? Due::Required : Due::Forbidden) << row.from << " " << row.to;
  }
}

TEST(RingExpectation, LeavesOnlyTheFirstDecisionOpen) {
  EventArea const elsewhere{EventArea::Desc, {3, false}};
  auto const steps =
      expect(Draft(4, false, true).round({chain(1)}, elsewhere).round({chain(1)}, elsewhere));
  EXPECT_EQ(steps[0].interrupt, Due::Either);
  EXPECT_EQ(steps[0].notification, Due::Either);
  EXPECT_EQ(steps[1].interrupt, Due::Forbidden);
  EXPECT_EQ(steps[1].notification, Due::Forbidden);
}

// ---- The cases.

TEST(RingCases, ReachEverySizeEverySlotAndBothLaps) {
  std::set<std::tuple<unsigned, unsigned, bool>> wraps, indirect, whole;
  for (Family const& family : families()) {
    if (family.name == "laps" || family.name == "orders") continue;  // large, and not needed here
    family.for_each([&](Case const& each) {
      if (each.event_idx) return;
      for (ExpectedStep const& step : expect(each)) {
        for (AvailableBuffer const& buffer : step.available) {
          Place const head = buffer.slots.front().at;
          std::tuple const at(each.size, head.slot, head.wrap);
          if (buffer.slots.back().at.wrap != head.wrap) wraps.insert(at);
          if (buffer.table) indirect.insert(at);
          if (buffer.slots.size() == each.size) whole.insert(at);
        }
      }
    });
  }
  constexpr unsigned kPositions = 2 * (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
  EXPECT_EQ(indirect.size(), kPositions);
  EXPECT_EQ(whole.size(), kPositions);
  EXPECT_EQ(wraps.size(), kPositions - 2 * kMostSlots) << "a chain from slot 0 can not wrap";
}

TEST(RingCases, AskForEventsAtEveryPositionFromEveryPosition) {
  std::set<std::tuple<unsigned, unsigned, bool, unsigned, bool>> asked;
  for (Family const& family : families()) {
    family.for_each([&](Case const& each) {
      if (!each.event_idx) return;
      auto const expected = expect(each);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EventArea const& area = each.steps[i].events;
        Place const from = expected[i].used_from;
        if (area.flags != EventArea::Desc) continue;
        asked.emplace(each.size, from.slot, from.wrap, area.event.slot, area.event.wrap);
      }
    });
  }
  unsigned all = 0;
  for (unsigned size = 1; size <= kMostSlots; ++size) all += 2 * size * 2 * size;
  EXPECT_EQ(asked.size(), all);
}

TEST(RingCases, AreAllInTheTestRun) {
  std::string all;
  for (Family const& family : families()) all += std::string(family.name) + " ";
  EXPECT_EQ(all, TESTED_FAMILIES " ");
}

TEST(RingCases, AreAsManyAsTheReadmeSays) {
  std::ifstream file(README);
  std::string const readme(std::istreambuf_iterator<char>(file), {});
  std::uint64_t all = 0;
  for (Family const& family : families()) {
    std::uint64_t count = 0;
    family.for_each([&](Case const&) { ++count; });
    std::string row = "| `";
    row += std::string(family.name) + "` | " + std::to_string(count) + " |";
    EXPECT_NE(readme.find(row), std::string::npos) << row;
    all += count;
  }
  EXPECT_NE(readme.find("In all " + std::to_string(all) + "."), std::string::npos) << all;
}

TEST(RingCases, AreToldInALine) {
  Draft draft(5, true, true);
  draft.round({{1, 2, false, Written::All}, {2, 1, true, {}}}, {EventArea::Desc, {3, true}},
              {1, 0});
  EXPECT_EQ(to_text(draft),
            "ring of 5, INDIRECT_DESC, EVENT_IDX; step 1: add [1r2w (all written)] [table 2r1w] "
            "use #1 #0 events DESC offset 3 wrap 1");
}

// ---- What is wrong is found, whatever is under test.

class DeviceFaultIsFound : public testing::TestWithParam<DeviceFault> {};
class DriverFaultIsFound : public testing::TestWithParam<DriverFault> {};

// Until the first finding. Small rings are enough for faults like these.
template <class UnderTest>
std::uint64_t findings(UnderTest& under_test, SharedMemory& memory) {
  std::uint64_t found = 0;
  for (Family const& family : families()) {
    family.for_each([&](Case const& each) {
      if (found == 0 && each.size <= 4 && under_test.can(each) && run(each, under_test, memory))
        ++found;
    });
    if (found != 0) break;
  }
  return found;
}

TEST_P(DeviceFaultIsFound, InTheModel) {
  SharedMemory memory;
  auto const sound = model_device(memory);
  FaultyDevice faulty(*sound, memory, GetParam());
  EXPECT_EQ(findings(faulty, memory), GetParam() == DeviceFault::None ? 0U : 1U);
}

TEST_P(DriverFaultIsFound, InThePackedRing) {
  SharedMemory memory;
  auto const sound = packed_ring_driver(memory);
  FaultyDriver faulty(*sound, memory, GetParam());
  EXPECT_EQ(findings(faulty, memory), GetParam() == DriverFault::None ? 0U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Conformance, DeviceFaultIsFound, testing::ValuesIn(kDeviceFaults),
                         [](auto const& fault) { return name_of(fault.param); });
INSTANTIATE_TEST_SUITE_P(Conformance, DriverFaultIsFound, testing::ValuesIn(kDriverFaults),
                         [](auto const& fault) { return name_of(fault.param); });

}  // namespace
}  // namespace ringside::conformance
