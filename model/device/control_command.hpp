// Commands of the control virtqueue (virtio 1.3, 5.1.6.5): what each means, and which are refused.
#pragma once

#include <cstdint>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/base/mac_address.hpp"
#include "model/device/moderation.hpp"
#include "model/device/receive_filter.hpp"
#include "model/device/steering.hpp"

namespace ringside::model {

// A buffer of the control queue, element by element in the order of its chain: how a command is
// spread over them is up to the driver (2.7.4.1).
class ControlBuffer {
 public:
  struct Part {
    std::uint64_t address;
    std::uint32_t length;
    bool operator==(Part const&) const = default;
  };

  void add(std::uint64_t address, std::uint32_t length, bool writable);

  // What is to be read. Nothing behind an element in a wrong place, or behind one that makes the
  // command longer than any is.
  std::vector<Part> const& command() const { return command_; }
  std::uint32_t command_bytes() const { return command_bytes_; }
  bool refused() const { return refused_; }

  // Where the answer may go, as far as any answer reaches.
  std::vector<Part> const& room() const { return room_; }
  std::uint32_t room_bytes() const { return room_bytes_; }

 private:
  std::vector<Part> command_;
  std::vector<Part> room_;
  std::uint32_t command_bytes_ = 0;
  std::uint32_t room_bytes_ = 0;
  bool wrote_ = false;
  bool refused_ = false;
};

// What commands change and ask for.
class ControlTarget {
 public:
  virtual ~ControlTarget() = default;
  virtual bool negotiated(std::uint64_t feature) const = 0;
  virtual ReceiveFilter const& filter() const = 0;
  virtual void set_filter(ReceiveFilter filter) = 0;
  virtual void set_station(MacAddress station) = 0;
  virtual void announced() = 0;
  // Of the queues that carry packets.
  virtual bool queue_enabled_now(std::uint16_t queue) const = 0;
  virtual Moderation::Setting coalescing(std::uint16_t queue) const = 0;
  virtual void set_coalescing(std::uint16_t queue, Moderation::Setting setting) = 0;
  // Those of the receive offloads that were negotiated which are in use.
  virtual void set_guest_offloads(std::uint64_t features) = 0;
  virtual Steering const& steering() const = 0;
  virtual void set_steering(Steering steering) = 0;
};

// Carries out the command that stands in `bytes` and returns what is to be written as the answer.
// A command that is refused changes nothing, nor does one whose answer has no room. `readable`: no
// read of it failed.
std::vector<std::uint8_t> carry_out(ControlBuffer const& buffer, Bytes bytes, bool readable,
                                    ControlTarget& target);

}  // namespace ringside::model
