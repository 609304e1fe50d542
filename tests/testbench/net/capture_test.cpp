#include "testbench/net/capture.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/testbench/net/wire_fixture.hpp"

namespace ringside::testbench {
namespace {

namespace fs = std::filesystem;

class CaptureTest : public testing::Test {
 protected:
  CaptureTest() { fs::create_directories(directory); }
  ~CaptureTest() override { fs::remove_all(directory); }
  Timeline timeline{"timeline"};
  fs::path directory = fs::temp_directory_path() / ("capture_test." + std::to_string(::getpid()));
};

TEST_F(CaptureTest, HoldsFramesInTheOrderOfTheirEndsWithNanoseconds) {
  fs::path const path = directory / "a.pcap";
  Capture capture(timeline, path);
  WireFrame const late = make_frame(5'000, 1, 2, 60);
  WireFrame const early = make_frame(1'000, 3, 4, 46);
  capture.add(late);
  capture.add(early);
  sc_core::sc_start(to_sc_time(Duration{10'000'000}));
  capture.close();

  char error[PCAP_ERRBUF_SIZE];
  std::unique_ptr<pcap_t, decltype(&pcap_close)> pcap(
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error),
      pcap_close);
  ASSERT_NE(pcap, nullptr) << error;
  for (WireFrame const& expected : {early, late}) {
    pcap_pkthdr* header = nullptr;
    u_char const* data = nullptr;
    ASSERT_EQ(pcap_next_ex(pcap.get(), &header, &data), 1);
    EXPECT_EQ(header->ts.tv_sec, 0);
    EXPECT_EQ(header->ts.tv_usec, expected.end().time_since_epoch().count() / 1000);
    ASSERT_EQ(header->caplen, expected.contents().size());
    EXPECT_TRUE(std::equal(data, data + header->caplen, expected.contents().begin()));
  }
}

TEST_F(CaptureTest, LeavesNothingBehindUnlessItWasClosed) {
  {
    Capture capture(timeline, directory / "b.pcap");
    capture.add(make_frame(0, 1, 2));
  }
  EXPECT_TRUE(fs::is_empty(directory));
}

TEST_F(CaptureTest, SaysWhichFileCanNotBeWritten) {
  try {
    Capture capture(timeline, directory / "missing" / "c.pcap");
    FAIL() << "the directory does not exist";
  } catch (CaptureError const& error) {
    EXPECT_NE(std::string(error.what()).find("c.pcap"), std::string::npos) << error.what();
  }
}

// A run must not go on for minutes only to say in the end that the disk was full all along.
TEST_F(CaptureTest, KnowsThatTheDiskIsFullBeforeItIsClosed) {
  fs::create_symlink("/dev/full", directory / "d.pcap");
  Capture capture(timeline, directory / "d.pcap");
  EXPECT_FALSE(capture.failed());
  for (int i = 0; i < 200; ++i) capture.add(make_frame(i * 1'000, 1, 2, 1'000));
  sc_core::sc_start(to_sc_time(Duration{1'000'000'000}));
  EXPECT_TRUE(capture.failed());
  try {
    capture.close();
    FAIL() << "the disk is full";
  } catch (CaptureError const& error) {
    EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(fs::is_empty(directory));
}

}  // namespace
}  // namespace ringside::testbench
