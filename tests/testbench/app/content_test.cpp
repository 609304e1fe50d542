#include "testbench/app/content.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringside::testbench {
namespace {

Bytes bytes_of(std::string const& text) {
  return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

// The example of FIPS 180-4.
TEST(Sha256, GivesThePublishedDigest) {
  Sha256 digest;
  digest.add(bytes_of("a"));
  digest.add(bytes_of("bc"));
  EXPECT_EQ(digest.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Content, ReadsTheSameInPiecesOfAnySize) {
  Content const content(1000);
  std::vector<std::uint8_t> whole(1000);
  content.read(0, whole);
  for (std::size_t piece : {1u, 7u, 64u, 65u, 999u}) {
    std::vector<std::uint8_t> parts(1000);
    for (std::size_t at = 0; at < 1000; at += piece) {
      content.read(at, MutableBytes(parts).subspan(at, std::min(piece, 1000 - at)));
    }
    EXPECT_EQ(parts, whole) << "pieces of " << piece;
  }
}

TEST(Content, NumbersItsLines) {
  Content const content(128);
  std::string text(128, ' ');
  content.read(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  EXPECT_EQ(text.substr(0, 20), "line            0 of");
  EXPECT_EQ(text.substr(64, 20), "line            1 of");
  EXPECT_EQ(text[63], '\n');
}

TEST(Content, DigestsWhatItReads) {
  Content const content(40'000);
  std::vector<std::uint8_t> whole(40'000);
  content.read(0, whole);
  Sha256 digest;
  digest.add(whole);
  EXPECT_EQ(content.sha256(), digest.finish());
}

}  // namespace
}  // namespace ringside::testbench
