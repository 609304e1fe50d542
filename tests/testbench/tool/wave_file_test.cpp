#include "testbench/tool/wave_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace ringside::testbench {
namespace {

namespace fs = std::filesystem;

class WaveFileTest : public testing::Test {
 protected:
  ~WaveFileTest() override { fs::remove(path); }
  bool is_whole(std::string const& bytes) const {
    std::ofstream(path, std::ios::binary) << bytes;
    return is_whole_waveform(path);
  }
  // Kind, length with its own eight bytes, contents.
  static std::string block(char kind, std::size_t contents) {
    std::size_t const length = contents + 8;
    std::string bytes(1, kind);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(length >> shift);
    return bytes + std::string(contents, 'x');
  }
  fs::path path = fs::temp_directory_path() / ("wave_file." + std::to_string(::getpid()) + ".fst");
};

TEST_F(WaveFileTest, IsAChainOfBlocksToTheEnd) {
  EXPECT_TRUE(is_whole(block(0, 321) + block(8, 1000) + block(3, 0) + block(6, 50)));
}

TEST_F(WaveFileTest, IsNotWholeWhereverItIsCutOff) {
  std::string const whole = block(0, 20) + block(8, 30);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == block(0, 20).size()) continue;  // the end of a block
    EXPECT_FALSE(is_whole(whole.substr(0, size))) << size;
  }
}

TEST_F(WaveFileTest, IsNotWholeWithABlockThatWasNeverFinished) {
  EXPECT_FALSE(is_whole(block(0, 321) + block(static_cast<char>(255), 100)));
  EXPECT_FALSE(is_whole(block(8, 10)));
  EXPECT_FALSE(is_whole(block(0, 20) + std::string(9, '\0')));
  EXPECT_FALSE(is_whole(block(0, 20) + '\x08' + std::string(8, '\xFF') + "xx"));
}

TEST_F(WaveFileTest, AMissingFileIsNotWhole) { EXPECT_FALSE(is_whole_waveform("/nowhere.fst")); }

}  // namespace
}  // namespace ringside::testbench
