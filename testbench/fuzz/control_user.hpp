// The driver's side of the control queue: offers commands, takes back their answers, and knows
// which of them no device may carry out.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "testbench/fuzz/case.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {

class ControlUser {
 public:
  explicit ControlUser(HandHost& host) : host_(host) {}

  // A session with the control queue begins.
  void begin(std::uint16_t size);
  // Takes every mapping back; to be called when the device is at rest.
  void end();
  bool ready() const { return size_ != 0; }

  // Offers a command::... action. False: there are no slots for it.
  bool offer(Action const& action);
  // Takes what has come back. Throws a Failure if an answer is not as it has to be; `sure`: memory
  // is to be relied on.
  void look(bool sure);

  // Memory that it lies in may have been written over.
  void distrust() { distrusted_ = true; }
  std::size_t outstanding() const { return distrusted_ ? 0 : commands_.size(); }

 private:
  struct Command {
    std::vector<Block> blocks;
    std::vector<MutableBytes> answer;  // where it goes, in order
    std::size_t room = 0;
    unsigned slots = 0;
    bool malformed = false;
    bool asks = false;  // for a queue's moderation
  };
  Descriptor add(Command& command, std::size_t size, std::uint16_t direction);
  void check(Command const& command, std::uint32_t len, bool sure) const;
  void unmap(Command const& command);

  HandHost& host_;
  std::uint16_t size_ = 0;
  unsigned free_ = 0;
  bool distrusted_ = false;
  std::uint16_t last_id_ = 0;
  std::map<std::uint16_t, Command> commands_;  // by identifier
};

}  // namespace ringside::testbench::fuzz
