// Tells a run as it happens: one line an event, with simulated time, host and layer.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "interface/base/time.hpp"
#include "interface/seam/story.hpp"

namespace ringside::testbench {

// Where the lines of all hosts go. Without a stream nobody listens, and nothing is composed.
class Narrator {
 public:
  explicit Narrator(std::ostream* out) : out_(out) {}

  bool listening() const { return out_ != nullptr; }
  void tell(TimePoint when, std::string_view host, Layer layer, std::string_view line);
  std::uint64_t lines() const { return lines_; }

 private:
  std::ostream* out_;
  std::uint64_t lines_ = 0;
};

// The story of one host.
class HostStory final : public Story {
 public:
  HostStory(Narrator& narrator, std::string host) : narrator_(narrator), host_(std::move(host)) {}

  bool wants(Layer) const override { return narrator_.listening(); }
  void tell(Layer layer, std::string line) override;

 private:
  Narrator& narrator_;
  std::string host_;
};

// "12.345 us", with as many digits before the point as needed.
std::string format_microseconds(TimePoint when);

std::string_view name_of(Layer layer);

}  // namespace ringside::testbench
