// What the parts of the driver are given: the device, memory it may reach, time, and a listener.
#pragma once

#include <utility>

#include "driver/virtio/statistics.hpp"
#include "interface/seam/executor.hpp"
#include "interface/seam/story.hpp"
#include "interface/seam/virtio_transport.hpp"

namespace ringside {
class DmaMemory;
}

namespace ringside::driver {

struct HostServices {
  VirtioTransport& transport;
  DmaMemory& memory;
  Executor& executor;
  Story& story;
  Counters& counters;

  // `line` is a callable, so that nothing is composed when nobody reads it.
  template <class Line>
  void tell(Layer layer, Line&& line) const {
    if (story.wants(layer)) story.tell(layer, std::forward<Line>(line)());
  }
};

}  // namespace ringside::driver
