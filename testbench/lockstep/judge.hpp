// What two sides did last, and the first thing in which they differ.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "interface/base/time.hpp"
#include "interface/layout/limits.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::testbench::lockstep {

enum class Topic : std::uint8_t { Registers, Receive, Transmit, Interrupts, Wire, Control };
enum class Side : std::uint8_t { Rtl, Reference };

constexpr Topic topic_of(std::uint16_t queue) {
  if (queue == layout::kControlQueue) return Topic::Control;
  return layout::is_transmit_queue(queue) ? Topic::Transmit : Topic::Receive;
}

struct Difference {
  TimePoint at;
  Topic topic;
  std::string what;
};

// Notes are kept as they come, a few of each topic and side, and become text only when there is a
// difference.
class Judge {
 public:
  // `what` is a literal; behind it come what is not zero: an address and a number.
  void note(Side side, TimePoint at, Topic topic, char const* what, std::uint64_t address = 0,
            std::uint64_t number = 0);

  // The first difference counts; what follows from it is not news.
  void differ(TimePoint at, Topic topic, std::string what);
  std::optional<Difference> const& difference() const { return difference_; }

  // The difference, then what both sides did last in its matter. Several lines.
  std::string account() const;

 private:
  static constexpr std::size_t kKept = 8;
  static constexpr std::size_t kTopics = 6;
  struct Note {
    TimePoint at{};
    char const* what = nullptr;
    std::uint64_t address = 0;
    std::uint64_t number = 0;
  };
  struct Notes {
    std::array<Note, kKept> ring;
    std::size_t next = 0;
  };
  static std::string text_of(Notes const& notes);

  std::array<std::array<Notes, kTopics>, 2> notes_{};
  std::optional<Difference> difference_;
};

// "0x7f001000".
std::string hex(std::uint64_t value);
// Up to 16 bytes, and how many there are.
std::string hex_bytes(std::uint8_t const* bytes, std::size_t count);

}  // namespace ringside::testbench::lockstep
