// A scenario file to write, and what load_scenario() says of it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "testbench/scenario/scenario.hpp"

namespace ringside::testbench {

class ScenarioFile : public testing::Test {
 protected:
  ~ScenarioFile() override { std::filesystem::remove(path); }

  Scenario load(std::string const& text, std::optional<std::string> const& external = {}) {
    std::ofstream(path) << text;
    return load_scenario(path, external);
  }

  // The mistake that is found, without the path in front: "4:11: unknown key ...".
  std::string complaint(std::string const& text, std::optional<std::string> const& external = {}) {
    try {
      load(text, external);
    } catch (ScenarioError const& error) {
      std::string const what = error.what();
      EXPECT_EQ(what.find('\n'), std::string::npos) << what;
      EXPECT_EQ(what.rfind(path.string() + ":", 0), 0u) << "no place: " << what;
      return what.substr(std::min(what.size(), path.string().size() + 1));
    }
    ADD_FAILURE() << "was accepted:\n" << text;
    return {};
  }

  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("scenario." + std::to_string(::getpid()) + ".toml");
};

}  // namespace ringside::testbench
