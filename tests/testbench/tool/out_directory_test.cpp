#include "testbench/tool/out_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace ringside::testbench {
namespace {

namespace fs = std::filesystem;

class OutDirectoryTest : public testing::Test {
 protected:
  ~OutDirectoryTest() override { fs::remove_all(root); }
  static void write(fs::path const& path, std::string const& text) { std::ofstream(path) << text; }
  static std::string read(fs::path const& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  fs::path root = fs::temp_directory_path() / ("out_directory." + std::to_string(::getpid()));
};

TEST_F(OutDirectoryTest, PublishesAllFilesAndTheSummary) {
  OutDirectory out(root / "made" / "on the way");
  write(out.unfinished() / "b.pcap", "b");
  write(out.unfinished() / "a.pcap", "a");
  EXPECT_EQ(out.files(), (std::vector<std::string>{"a.pcap", "b.pcap"}));
  out.publish("{}");
  EXPECT_EQ(read(out.path() / "a.pcap"), "a");
  EXPECT_EQ(read(out.path() / "b.pcap"), "b");
  EXPECT_EQ(read(out.path() / "summary.json"), "{}");
}

TEST_F(OutDirectoryTest, LeavesNothingOfARunThatDidNotEnd) {
  {
    OutDirectory out(root);
    write(out.unfinished() / "a.pcap", "half");
  }
  EXPECT_TRUE(fs::is_empty(root));
}

TEST_F(OutDirectoryTest, KeepsAnEarlierRunUntilItsSuccessorIsComplete) {
  {
    OutDirectory first(root);
    write(first.unfinished() / "a.pcap", "first");
    first.publish("first");
  }
  {
    OutDirectory second(root);
    write(second.unfinished() / "a.pcap", "half");
  }
  EXPECT_EQ(read(root / "a.pcap"), "first");
  EXPECT_EQ(read(root / "summary.json"), "first");
}

TEST_F(OutDirectoryTest, RunsSideBySideDoNotMixTheirFiles) {
  OutDirectory one(root);
  OutDirectory other(root);
  write(one.unfinished() / "a.pcap", "one");
  write(other.unfinished() / "a.pcap", "other");
  one.publish("one");
  EXPECT_EQ(read(root / "a.pcap"), "one");
  other.publish("other");
  EXPECT_EQ(read(root / "a.pcap"), "other");
}

TEST_F(OutDirectoryTest, NamesTheDirectoryThatCanNotBeMade) {
  try {
    OutDirectory out("/proc/nowhere");
    FAIL();
  } catch (UserError const& error) {
    std::string const what = error.what();
    EXPECT_NE(what.find("/proc/nowhere"), std::string::npos) << what;
    EXPECT_NE(what.find("--out"), std::string::npos) << what;
  }
}

TEST_F(OutDirectoryTest, LeavesNoSummaryWhereAFileCanNotBePutInPlace) {
  {
    OutDirectory out(root);
    write(out.unfinished() / "a.pcap", "a");
    fs::create_directories(root / "a.pcap" / "in the way");
    EXPECT_THROW(out.publish("{}"), UserError);
  }
  EXPECT_FALSE(fs::exists(root / "summary.json"));
}

}  // namespace
}  // namespace ringside::testbench
