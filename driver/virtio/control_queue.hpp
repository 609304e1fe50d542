// The control virtqueue: commands out to the device, answers back from it (virtio 1.3, 5.1.6.5).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "driver/buffer/dma_mapping.hpp"
#include "driver/virtio/deferred_work.hpp"
#include "driver/virtio/host_services.hpp"
#include "driver/virtio/packed_ring.hpp"
#include "interface/base/unique_function.hpp"

namespace ringside::driver {

enum class ControlError : std::uint8_t {
  Unavailable,  // the device is not live, has no control queue, or not this kind of command
  Busy,         // too many commands wait for their answer
  TooLong,      // for what the driver keeps for a command
  Refused,      // the device answered with an error
  Lost,         // the device was reset, or is about to be, before it answered
};

// What an answer has in front of the ack.
using ControlAnswer = std::vector<std::uint8_t>;
using ControlOutcome = Result<ControlAnswer, ControlError>;
using ControlHandler = UniqueFunction<void(ControlOutcome)>;

// Commands are asynchronous and their number is bounded. Answers are looked for by a timer, not
// announced by interrupts: commands are rare, and nobody hurries. A device that does not answer in
// time, or breaks the ring, is reported once; it must be reset.
class ControlQueue {
 public:
  static constexpr std::uint16_t kCommands = 16;         // under way at most
  static constexpr std::uint32_t kCommandBytes = 496;    // of each
  static constexpr std::uint32_t kMostAnswerBytes = 15;  // in front of the ack
  static constexpr Duration kPollInterval = std::chrono::microseconds(10);
  static constexpr Duration kTimeout = std::chrono::milliseconds(500);

  // `broken` is called with the reason, from a work of its own.
  ControlQueue(HostServices const& host, std::function<void(char const*)> broken);

  // The device must be in reset. Nothing is sent before go_live().
  Result<Done, DmaError> start(std::uint16_t queue, RingOptions options);
  void go_live() { live_ = ring_.running(); }
  // Every command that waits ends as Lost; the device may still work on them until release().
  void leave_live();
  void release();

  PackedRing const& ring() const { return ring_; }
  std::uint16_t pending() const { return ring_.outstanding(); }

  // The handler runs later, exactly once, unless an error is returned here.
  Result<Done, ControlError> send(std::uint16_t command, std::span<std::uint8_t const> data,
                                  std::uint32_t answer_bytes, ControlHandler handler);

 private:
  // A command and its answer lie in a place of their own, found by the buffer's id.
  static constexpr std::uint32_t kPlaceBytes = kCommandBytes + kMostAnswerBytes + 1;
  struct Waiting {
    ControlHandler handler;
    std::uint32_t place = 0;
    std::uint32_t answer_bytes = 0;
    TimePoint since{};
  };

  MutableBytes place(std::uint32_t index) {
    return memory_.subspan(std::size_t{index} * kPlaceBytes, kPlaceBytes);
  }
  void poll();
  void finish(UsedBuffer const& used);
  void end(Waiting& waiting, ControlOutcome outcome);
  bool overdue() const;

  HostServices host_;
  std::function<void(char const*)> broken_;
  std::uint16_t queue_ = 0;
  PackedRing ring_;
  MutableBytes memory_;
  DmaMapping mapping_;
  bool live_ = false;
  std::vector<Waiting> waiting_;  // by buffer id
  std::vector<std::uint32_t> free_places_;
  DeferredWork poll_;
};

}  // namespace ringside::driver
