// What the control queue's commands make the device do: read them, answer, give the buffers back.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/device/control_command.hpp"
#include "model/device/used_writer.hpp"
#include "testbench/lockstep/chain_follower.hpp"
#include "testbench/lockstep/judge.hpp"

namespace ringside::testbench::lockstep {

// One command after the other: nothing of a command is read before the last one is answered.
class ControlFollower {
 public:
  ControlFollower(Judge& judge, model::ControlTarget& target) : judge_(judge), target_(target) {}

  void start();

  // Elements of the queue that are known now.
  void take(TimePoint at, std::deque<Element>& elements);

  // A burst of the control client begins, and brings bytes. Reads end at multiples of 64 bytes.
  void read_begun(TimePoint at, std::uint64_t address, std::uint32_t size, std::uint32_t tag);
  void read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last);

  // Whether a burst that is written can be part of the answer, and what it should have been, if it
  // is not right.
  bool claims(std::uint64_t address, std::size_t size) const;
  std::string written(TimePoint at, Bytes bytes);
  void write_answered(TimePoint at, bool ok);

  // The reference has carried out a command, and the device has not shown that it has.
  bool unsettled() const { return unsettled_; }

  // A register is written meanwhile: what the answer says of settings may be before or behind it.
  void setting_written();

  // The oldest buffer that can go back, if it can already. Taken when it does.
  std::optional<model::Used> next_used() const;
  void take_used();

  // Commands lost to refused accesses since the last call.
  unsigned take_data_errors() { return std::exchange(data_errors_, 0); }

 private:
  struct Command {
    model::ControlBuffer buffer;
    bool complete = false;  // all elements are known
    std::uint16_t id = 0;
    std::uint16_t slots = 0;
    // How far it has been asked for, and what came.
    std::size_t part = 0;
    std::uint32_t offset = 0;  // in that part
    std::vector<std::uint8_t> bytes;
    bool refused = false;
    // The answer, and how far it has been written.
    bool decided = false;
    std::vector<std::uint8_t> answer;
    bool settings_unsure = false;
    std::size_t done = 0;
    std::size_t place = 0;
    std::uint32_t place_offset = 0;
    std::uint32_t answers_due = 0;  // of its writes
    bool write_refused = false;

    bool read_to_end() const { return complete && part == buffer.command().size(); }
    bool finished() const { return decided && done == answer.size() && answers_due == 0; }
  };
  struct Read {
    std::uint32_t tag;
    std::size_t offset;  // in the command's bytes
    std::uint32_t left;
  };
  std::uint32_t next_write() const;
  void advance(TimePoint at);

  Judge& judge_;
  model::ControlTarget& target_;
  std::deque<Command> commands_;
  std::size_t current_ = 0;   // index of the first that is not finished
  std::optional<Read> read_;  // under way
  bool unsettled_ = false;
  unsigned data_errors_ = 0;
};

}  // namespace ringside::testbench::lockstep
