// The wire's side of a load: frames of one size at exactly line rate into a NIC, and an ear at what
// the NIC sends.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "interface/base/random.hpp"
#include "interface/seam/wire.hpp"
#include "testbench/net/frame_assembler.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

// Flows of a load, which a NIC may spread over its queues.
inline constexpr std::uint32_t kLoadFlows = 64;

// What both generators send: a UDP datagram without a checksum, over IPv4, whose source port is
// that of the number's flow (the number modulo kLoadFlows), with the number and zeros up to the
// frame's size, at least 60 bytes; FCS not included.
void write_load_frame(MutableBytes into, MacAddress to, MacAddress from, std::uint32_t number);
// The number, if it is such a frame of that size in every byte behind the addresses.
std::optional<std::uint32_t> number_of_load_frame(Bytes frame, std::size_t size);

// Frame, FCS, preamble and gap of 12 bytes: of the smallest 84 bytes of line, 14.880952 million
// frames a second.
constexpr Duration line_time(std::size_t size) {
  return kByteTime * static_cast<std::int64_t>(size + 4 + 8 + 12);
}

// Frames that came in the order of their numbers within their flow, and what was wrong with others.
class FrameCount {
 public:
  void add(TimePoint when, std::optional<std::uint32_t> number);

  // From now on; what happened before counts no more.
  void restart();

  std::uint64_t missing() const { return missing_; }
  std::uint64_t wrong() const { return wrong_; }
  std::uint64_t frames() const { return frames_; }
  // Frames that came behind the first ones, over the time since then: whole batches are counted.
  double million_a_second() const;

 private:
  std::uint64_t frames_ = 0;
  std::uint64_t after_first_ = 0;
  TimePoint first_ = kNever;
  TimePoint last_{};
  std::uint64_t missing_ = 0;
  std::uint64_t wrong_ = 0;
  std::array<std::optional<std::uint32_t>, kLoadFlows> expected_{};
};

// Frames are told so far ahead that the NIC may run ahead of the present.
inline constexpr Duration kWireAhead{500'000};

// Sends without a break from start() on.
class WireSender {
 public:
  WireSender(Timeline& timeline, WireReceiver& nic, MacAddress to, MacAddress from,
             std::size_t size)
      : timeline_(timeline),
        origin_(timeline.add_origin()),
        nic_(nic),
        to_(to),
        from_(from),
        contents_(size) {}

  void start();
  // One frame and no more, without start().
  void send_one();

 private:
  static constexpr int kBatch = 8;

  void send_batch();
  void send_next();

  Timeline& timeline_;
  Origin origin_;
  WireReceiver& nic_;
  MacAddress to_;
  MacAddress from_;
  std::vector<std::uint8_t> contents_;
  TimePoint next_{};
  std::uint32_t number_ = 0;
};

// Sends at random times, as often as is wanted on average (a Poisson process, but for the line that
// has to be free), and knows when each frame was on the wire.
class PoissonSender {
 public:
  PoissonSender(Timeline& timeline, WireReceiver& nic, MacAddress to, MacAddress from,
                std::size_t size, double frames_a_second, Random const& random)
      : timeline_(timeline),
        origin_(timeline.add_origin()),
        nic_(nic),
        to_(to),
        from_(from),
        contents_(size),
        rate_(frames_a_second),
        random_(random) {}

  void start(std::uint32_t frames);
  // When frame `number` had been on the wire to its last byte.
  TimePoint end_of(std::uint32_t number) const { return ends_[number]; }
  bool done() const { return ends_.size() == frames_; }

 private:
  void plan_next();
  void send_next();

  Timeline& timeline_;
  Origin origin_;
  WireReceiver& nic_;
  MacAddress to_;
  MacAddress from_;
  std::vector<std::uint8_t> contents_;
  double rate_;
  Random random_;
  TimePoint next_{};
  std::vector<TimePoint> ends_;
  std::size_t frames_ = 0;
};

// The wire into which the NIC sends.
class WireEar final : public Wire {
 public:
  explicit WireEar(std::size_t size) : size_(size) {}

  void send(FramePiece const& piece) override;
  Duration delay() const override { return kWireAhead; }

  FrameCount& count() { return count_; }

 private:
  std::size_t size_;
  FrameAssembler assembler_;
  FrameCount count_;
};

}  // namespace ringside::testbench
