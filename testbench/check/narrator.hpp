// Tells a run as it happens: one line an event, with simulated time, host and layer.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

#include "interface/base/time.hpp"
#include "interface/seam/story.hpp"

namespace ringside::testbench {

enum class Telling : std::uint8_t { Everything, LeaveOutRoutine };

// Where the lines of all hosts go. Without a stream nobody listens, and nothing is composed.
//
// Routine is what a host has said often within a short time, numbers aside: a bulk transfer is a
// thousand interrupts and polls of which the first few tell all. It is counted instead, and once
// the count is worth a line it is told before the next line that is not routine.
class Narrator {
 public:
  static constexpr unsigned kTold = 3;
  static constexpr Duration kShortTime{100'000'000};
  static constexpr std::uint64_t kWorthALine = 10;

  explicit Narrator(std::ostream* out, Telling telling = Telling::Everything)
      : out_(out), telling_(telling) {}

  bool listening() const { return out_ != nullptr; }
  void tell(TimePoint when, std::string_view host, Layer layer, std::string_view line);
  // To be called when all is over.
  void finish() { tell_left_out(1); }
  // Nobody listens any more.
  void fall_silent() { out_ = nullptr; }

 private:
  static constexpr std::size_t kLayers = 12;
  static constexpr std::size_t kMaxForms = 4096;  // peers choose what some lines say
  struct Habit {
    TimePoint last{};
    unsigned times = 0;
  };

  bool is_routine(TimePoint when, std::string_view host, Layer layer, std::string_view line);
  void tell_left_out(std::uint64_t least);

  std::ostream* out_;
  Telling telling_;
  std::map<std::string, Habit> habits_;
  std::array<std::uint64_t, kLayers> left_out_{};
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
