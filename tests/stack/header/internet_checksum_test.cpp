#include "stack/header/internet_checksum.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/stack/hex.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint64_t kSeed = 0x5EED'0001;

// RFC 1071, 1, word by word.
std::uint16_t by_definition(Bytes bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    sum += static_cast<std::uint32_t>(bytes[i] << 8) | (i + 1 < bytes.size() ? bytes[i + 1] : 0);
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(~sum);
}

std::vector<std::uint8_t> random_bytes(Random& random, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return bytes;
}

TEST(InternetChecksum, MatchesThePublishedVectors) {
  struct Vector {
    char const* name;
    char const* bytes;
    std::uint16_t sum;
    std::uint16_t checksum;
  };
  Vector const vectors[] = {
      {"V20", "0001F203F4F5F6F7", 0xDDF2, 0x220D},
      {"V21", "4500007300004000401100 00C0A80001C0A800C7", 0x479E, 0xB861},
      {"V22", "45000030442240008006 00008C7C19ACAE241E2B", 0xBBD1, 0x442E},
      {"V23", "010203", 0x0402, 0xFBFD},
      {"V24", "00000000", 0x0000, 0xFFFF},
      {"V25", "FFFFFFFF", 0xFFFF, 0x0000},
  };
  for (Vector const& vector : vectors) {
    auto const bytes = from_hex(vector.bytes);
    EXPECT_EQ(InternetChecksum{}.add(bytes).sum(), vector.sum) << vector.name;
    EXPECT_EQ(internet_checksum(bytes), vector.checksum) << vector.name;
  }
}

TEST(InternetChecksum, MatchesTheDefinitionAtEveryLengthAndAlignment) {
  Random random(kSeed);
  auto const bytes = random_bytes(random, 300);
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t size = 0; size <= 200; ++size) {
      Bytes const piece = Bytes(bytes).subspan(from, size);
      ASSERT_EQ(internet_checksum(piece), by_definition(piece)) << from << ' ' << size;
    }
  }
}

TEST(InternetChecksum, OfPiecesIsThatOfTheWhole) {
  Random random(kSeed);
  for (int round = 0; round < 500; ++round) {
    auto const bytes = random_bytes(random, random.below(400));
    InternetChecksum sum;
    for (std::size_t at = 0; at < bytes.size();) {
      std::size_t const size = std::min<std::size_t>(random.below(40), bytes.size() - at);
      sum.add(Bytes(bytes).subspan(at, size));
      at += size;
    }
    ASSERT_EQ(sum.value(), by_definition(bytes)) << "seed " << kSeed << " round " << round;
  }
}

TEST(InternetChecksum, FoldsEveryCarryOfALongRunOfOnes) {
  std::vector<std::uint8_t> const ones(65535, 0xFF);
  EXPECT_EQ(internet_checksum(ones), by_definition(ones));
}

TEST(InternetChecksum, OfThePseudoHeaderIsThatOfItsBytes) {
  auto const bytes = from_hex("0A000001 0A000002 00 11 000D");
  InternetChecksum const sum = pseudo_header_checksum(Ipv4Address::of(10, 0, 0, 1),
                                                      Ipv4Address::of(10, 0, 0, 2), 0x11, 0x0D);
  EXPECT_EQ(sum.sum(), 0x1421);  // V27
  EXPECT_EQ(sum.value(), by_definition(bytes));
}

TEST(InternetChecksum, MatchesTheVectorOfADatagramOverIpv6) {  // V26
  auto const pseudo = from_hex(
      "20010DB8000000000000000000000001 20010DB8000000000000000000000002 0000000D 00000011");
  InternetChecksum sum;
  EXPECT_EQ(sum.add(pseudo).sum(), 0x5B93);
  EXPECT_EQ(sum.add(from_hex("03E807D0 000D0000 68656C6C6F")).value(), 0x54D5);
}

TEST(InternetChecksum, UpdatedForOneWordIsThatOfTheNewBytes) {
  Random random(kSeed);
  for (int round = 0; round < 1000; ++round) {
    auto bytes = random_bytes(random, 20);
    bytes[3] |= 1;  // all zeros has no checksum that an update could reach (RFC 1624, 3)
    std::uint16_t const before = internet_checksum(bytes);
    std::size_t const at = 4 + 2 * random.below(8);
    auto const old_word = load_be<std::uint16_t>(&bytes[at]);
    auto const new_word = static_cast<std::uint16_t>(random.next());
    store_be(&bytes[at], new_word);
    ASSERT_EQ(updated_checksum(before, old_word, new_word), internet_checksum(bytes))
        << "seed " << kSeed << " round " << round;
  }
}

}  // namespace
}  // namespace ringside::stack
