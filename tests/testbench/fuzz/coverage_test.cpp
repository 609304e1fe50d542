#include "testbench/fuzz/coverage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "testbench/check/user_error.hpp"

namespace ringside::testbench::fuzz {
namespace {

using testing::HasSubstr;
using testing::Not;

class CoverageFile : public testing::Test {
 protected:
  ~CoverageFile() override { std::filesystem::remove(path_); }
  std::filesystem::path const& written(std::string const& text) {
    std::ofstream(path_) << text;
    return path_;
  }
  std::filesystem::path path_ = std::filesystem::temp_directory_path() /
                                ("ringside-coverage-" + std::to_string(::getpid()) + ".json");
};

std::string holes_of(Coverage const& coverage) {
  std::ostringstream text;
  coverage.print_holes(text, kBins.size());
  return text.str();
}

TEST(Bins, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (auto const& bin : kBins) {
    EXPECT_TRUE(names.insert(bin.name).second) << bin.name;
    EXPECT_FALSE(bin.meaning.empty()) << bin.name;
  }
}

TEST(Coverage, CountsBinsAndThePairsThatMetInOneSession) {
  Coverage coverage;
  EXPECT_EQ(coverage.met(), 0U);
  SessionBins first;
  first.hit("indirect");
  first.hit("event_idx");
  first.hit("needs_reset");
  coverage.add(first);
  EXPECT_EQ(coverage.met(), 3U + 3U);
  SessionBins second;
  second.hit("indirect");
  second.hit("silent");
  coverage.add(second);
  EXPECT_EQ(coverage.met(), 4U + 4U) << "event_idx and silent met in no session";
}

TEST(Coverage, HasNoPairsWithinAGroup) {
  Coverage coverage;
  SessionBins session;
  session.hit("rx_ring_1");
  session.hit("rx_ring_odd");
  coverage.add(session);
  EXPECT_EQ(coverage.met(), 2U);
  std::size_t const all = kBins.size() * (kBins.size() + 1) / 2;
  EXPECT_LT(coverage.bins(), all);
}

TEST(Coverage, TellsItsHoles) {
  Coverage coverage;
  SessionBins one;
  one.hit("indirect");
  SessionBins other;
  other.hit("event_idx");
  other.hit("silent");
  coverage.add(one);
  coverage.add(other);
  std::string const holes = holes_of(coverage);
  EXPECT_THAT(holes, HasSubstr("never met: mergeable (mergeable receive buffers negotiated)"));
  EXPECT_THAT(holes, Not(HasSubstr("never met: indirect")));
  EXPECT_THAT(holes, HasSubstr("2 not met: event_idx, silent"));
}

TEST_F(CoverageFile, PutsShardsTogether) {
  Coverage left;
  Coverage right;
  Coverage both;
  for (int i = 0; i < 3; ++i) {
    SessionBins session;
    session.hit("indirect");
    if (i == 1) session.hit("silent");
    if (i == 2) session.hit("needs_reset");
    (i == 1 ? left : right).add(session);
    both.add(session);
  }
  Coverage merged = Coverage::read(written(left.to_json()));
  merged.merge(Coverage::read(written(right.to_json())));
  EXPECT_EQ(merged.to_json(), both.to_json());
  EXPECT_EQ(merged.met(), 3U + 2U);
}

TEST_F(CoverageFile, IsRefusedIfItIsNone) {
  for (char const* text :
       {"", "{", "[]", "{\"sessions\": 1}", "{\"sessions\": -1, \"single\": {}, \"pairs\": {}}",
        "{\"sessions\": 1, \"single\": {\"no_such_bin\": 1}, \"pairs\": {}}",
        "{\"sessions\": 1, \"single\": {\"silent\": \"x\"}, \"pairs\": {}}",
        "{\"sessions\": 1, \"single\": {}, \"pairs\": {\"silent+nothing\": 1}}"}) {
    EXPECT_THROW(Coverage::read(written(text)), UserError) << text;
  }
  EXPECT_THROW(Coverage::read("/nowhere.json"), UserError);
}

}  // namespace
}  // namespace ringside::testbench::fuzz
