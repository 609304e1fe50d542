// The control virtqueue: reads commands, has them carried out, answers, gives the buffers back.
#pragma once

#include <vector>

#include "model/device/control_command.hpp"
#include "model/device/session.hpp"
#include "model/device/virtqueue.hpp"

namespace ringside::model {

class ControlEngine {
 public:
  ControlEngine(HostMemory& memory, Session& session, Virtqueue& queue, ControlTarget& target)
      : memory_(memory), session_(session), queue_(queue), target_(target) {}

  // Whether step() has something to do.
  bool ready() const;

  // Deals with the oldest command. May wait for memory.
  Result<Done, DeviceError> step();

 private:
  bool read();
  bool write();

  HostMemory& memory_;
  Session& session_;
  Virtqueue& queue_;
  ControlTarget& target_;
  // Of the step at work.
  ControlBuffer buffer_;
  std::vector<std::uint8_t> command_;
  std::vector<std::uint8_t> answer_;
  std::vector<HostMemory::Read> reads_;
  std::vector<HostMemory::Write> writes_;
  Used used_;
};

}  // namespace ringside::model
