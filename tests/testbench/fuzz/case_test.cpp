#include "testbench/fuzz/case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "testbench/check/user_error.hpp"
#include "testbench/fuzz/case_file.hpp"
#include "testbench/fuzz/draw.hpp"

namespace ringside::testbench::fuzz {
namespace {

using testing::HasSubstr;

class CaseFile : public testing::Test {
 protected:
  ~CaseFile() override { std::filesystem::remove(path_); }
  std::filesystem::path const& written(std::string const& text) {
    std::ofstream(path_) << text;
    return path_;
  }
  std::string complaint(std::string const& text) {
    try {
      read_case(written(text));
    } catch (UserError const& error) {
      return error.what();
    }
    return "none";
  }
  std::filesystem::path path_ = std::filesystem::temp_directory_path() /
                                ("ringside-case-" + std::to_string(::getpid()) + ".toml");
};

TEST(Draw, ASeedGivesOneCaseAndAnotherSeedAnother) {
  EXPECT_EQ(draw(7), draw(7));
  EXPECT_FALSE(draw(7).actions == draw(8).actions);
}

TEST(Draw, EveryValueIsWithinItsBounds) {
  std::set<Kind> kinds;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Case const drawn = draw(seed);
    for (Action const& action : drawn.actions) {
      kinds.insert(action.kind);
      auto const parameters = describe(action.kind).parameters;
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        ASSERT_GE(action[i], parameters[i].least) << to_text(action) << ", seed " << seed;
        ASSERT_LE(action[i], parameters[i].most) << to_text(action) << ", seed " << seed;
      }
    }
  }
  EXPECT_EQ(kinds.size(), kKinds - 1) << "some kind of action is never drawn";
}

TEST(KindsOfActions, AreSimplestWithinTheirBoundsAndHaveAWordForEachValue) {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    auto const& description = describe(static_cast<Kind>(kind));
    EXPECT_EQ(find_kind(description.name), static_cast<Kind>(kind));
    for (Parameter const& parameter : description.parameters) {
      EXPECT_LE(parameter.least, parameter.simplest) << parameter.name;
      EXPECT_LE(parameter.simplest, parameter.most) << parameter.name;
      if (parameter.names.empty()) continue;
      EXPECT_EQ(parameter.least, 0) << parameter.name;
      EXPECT_EQ(parameter.most + 1, static_cast<std::int64_t>(parameter.names.size()))
          << parameter.name;
    }
  }
}

TEST_F(CaseFile, HoldsAllOfACase) {
  for (std::uint64_t seed = 1; seed < 60; ++seed) {
    Case const drawn = draw(seed);
    EXPECT_EQ(read_case(written(to_toml(drawn, "a title\nof two lines"))), drawn) << seed;
  }
}

TEST_F(CaseFile, LeavesOutWhatIsSimplest) {
  Case drawn;
  drawn.actions = {simplest(Kind::Start), simplest(Kind::Send)};
  drawn.actions[1][offer::Bytes] = 64;
  std::string const text = to_toml(drawn, "short");
  EXPECT_THAT(text, HasSubstr("bytes = 64"));
  EXPECT_THAT(text, testing::Not(HasSubstr("count")));
  EXPECT_THAT(text, testing::Not(HasSubstr("[link]")));
}

TEST_F(CaseFile, SaysWhatIsWrongWithIt) {
  EXPECT_THAT(complaint("sed = 1"), HasSubstr("unknown key \"sed\" in the case; known are"));
  EXPECT_THAT(complaint("[link]\nwidth = 3"), HasSubstr("unknown key \"width\" in link"));
  EXPECT_THAT(complaint("[[action]]\nkind = \"sleep\""), HasSubstr("no action \"sleep\"; known"));
  EXPECT_THAT(complaint("[[action]]\nbytes = 3"), HasSubstr("action needs a kind"));
  EXPECT_THAT(complaint("[[action]]\nkind = \"send\"\nbytes = 5000"),
              HasSubstr(":3:9: bytes must be a whole number from -12 to 4096"));
  EXPECT_THAT(complaint("[[action]]\nkind = \"send\"\norder = \"random\""),
              HasSubstr("order must be one of: at_once, head_last, tail_last"));
  EXPECT_THAT(complaint("[[action]]\nkind = \"link\""), HasSubstr("no action \"link\""));
  EXPECT_THAT(complaint("link = 3"), HasSubstr("link must be a table"));
  EXPECT_THAT(complaint("seed = "), HasSubstr(".toml:1:"));
}

TEST(ACaseFileThatIsNotThere, IsNamed) {
  EXPECT_THROW(read_case("/nowhere/at/all.toml"), UserError);
  EXPECT_THROW(read_case("/tmp"), UserError);
}

}  // namespace
}  // namespace ringside::testbench::fuzz
