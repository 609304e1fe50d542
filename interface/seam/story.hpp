// The seam to whoever watches: each layer tells what it does, in one short line, as it happens.
#pragma once

#include <cstdint>
#include <string>

namespace ringside {

enum class Layer : std::uint8_t {
  Application,
  Socket,
  Dns,
  Tcp,
  Udp,
  Icmp,
  Ip,
  Arp,
  Driver,
  Interrupt,
  Nic,
  Wire,
};

// One per host; it knows the host's name and the time. Telling changes nothing in the run.
class Story {
 public:
  virtual ~Story() = default;

  // Ask first: the line is only built when somebody reads it.
  virtual bool wants(Layer layer) const = 0;
  virtual void tell(Layer layer, std::string line) = 0;
};

// For tests and benchmarks: nobody watches.
class Silence final : public Story {
 public:
  bool wants(Layer) const override { return false; }
  void tell(Layer, std::string) override {}
};

}  // namespace ringside
