// A cable: two directions with delay and seeded faults, and a place to listen at each end.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "interface/base/random.hpp"
#include "interface/seam/wire.hpp"
#include "testbench/check/event_hash.hpp"
#include "testbench/net/frame_assembler.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

// Probabilities, each per frame but for bit errors, which are per bit.
struct CableFaults {
  double loss = 0;
  double bit_error_rate = 0;
  double duplicate = 0;
  double reorder = 0;  // the frame is overtaken by the next one

  bool any() const { return loss > 0 || bit_error_rate > 0 || duplicate > 0 || reorder > 0; }
};

struct CableStatistics {
  std::uint64_t frames = 0;  // sent into it
  std::uint64_t octets = 0;  // FCS included, preamble not
  std::uint64_t lost = 0;
  std::uint64_t corrupted = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
};

// One direction. What it carries keeps its spacing unless a fault puts another frame in between.
class CableDirection final : public Wire {
 public:
  // Sees whole frames with the time at which their first byte is at that end.
  using Listener = std::function<void(WireFrame const& frame)>;
  // Sees frames as they were sent into the cable, and what it does to them, in a word.
  using FaultListener = std::function<void(WireFrame const& frame, std::string_view what)>;

  CableDirection(Timeline& timeline, Duration delay, CableFaults const& faults, Random random);

  void connect(WireReceiver& receiver) { receiver_ = &receiver; }
  void listen_at_sender(Listener listener) { at_sender_ = std::move(listener); }
  void listen_at_receiver(Listener listener) { at_receiver_ = std::move(listener); }
  void listen_to_faults(FaultListener listener) { at_fault_ = std::move(listener); }

  void send(FramePiece const& piece) override;
  void signal(LineChange const& change) override;
  Duration delay() const override { return delay_; }

  CableStatistics const& statistics() const { return statistics_; }
  EventHash const& hash() const { return hash_; }  // of all that was sent into it

 private:
  static constexpr Duration kGap = kByteTime * 12;
  static constexpr Duration kLongestHold{100'000'000};  // an overtaken frame waits no longer

  enum class Fate : std::uint8_t { Pass, Lose, Hold };

  void begin_frame(FramePiece const& piece);
  void pass_on(FramePiece const& piece);
  void hold(WireFrame const& frame);
  void fault(std::uint64_t& counter, WireFrame const& frame, std::string_view what) const;
  void finish_frame(WireFrame const& sent);
  void deliver(FramePiece const& piece);
  void deliver_behind(WireFrame frame);
  void release_held();
  bool corrupt(std::vector<std::uint8_t>& bytes);
  void draw_error_distance();

  Timeline& timeline_;
  Origin origin_;
  Duration delay_;
  CableFaults faults_;
  Random random_;
  WireReceiver* receiver_ = nullptr;
  Listener at_sender_;
  Listener at_receiver_;
  FaultListener at_fault_;

  FrameAssembler sent_;
  FrameAssembler arrived_;
  Fate fate_ = Fate::Pass;
  bool duplicate_ = false;
  bool corrupted_ = false;
  Duration shift_{0};      // of the frame under way: delay, and waiting for the line
  TimePoint last_end_{};   // of what was delivered, at the far end
  TimePoint line_free_{};  // behind frames that were put in between, at the far end
  std::optional<WireFrame> held_;
  std::uint64_t held_number_ = 0;
  double bits_to_error_ = 0;

  CableStatistics statistics_;
  EventHash hash_;
};

// Both directions between the ends a and b.
struct Cable {
  Cable(Timeline& timeline, Duration delay, CableFaults const& faults, Random const& random)
      : a_to_b(timeline, delay, faults, random.stream("a to b")),
        b_to_a(timeline, delay, faults, random.stream("b to a")) {}
  CableDirection a_to_b;
  CableDirection b_to_a;
};

}  // namespace ringside::testbench
