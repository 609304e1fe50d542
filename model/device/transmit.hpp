// From transmit buffers to frames: validates and strips the virtio header, cuts into segments,
// completes the checksum, pads, adds the FCS.
#pragma once

#include <cstdint>
#include <vector>

#include "model/device/session.hpp"
#include "model/device/statistics.hpp"
#include "model/device/transmit_frame.hpp"
#include "model/device/virtqueue.hpp"

namespace ringside::model {

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  // One frame from destination address to FCS, valid during the call. May keep the caller waiting
  // until the MAC has room for it, or a reset begins. Nic::sent() is told when it leaves.
  virtual void send(Bytes frame) = 0;
};

class TransmitEngine {
 public:
  TransmitEngine(HostMemory& memory, Session& session, Virtqueue& queue, FrameSink& wire,
                 Statistics& statistics)
      : memory_(memory), session_(session), queue_(queue), wire_(wire), statistics_(statistics) {}

  void set_rules(PacketRules const& rules) { rules_ = rules; }

  // Whether step() has something to do.
  bool ready() const;

  // Sends the next few packets and gives their buffers back. May wait for memory and the wire.
  Result<Done, DeviceError> step();

 private:
  // Of one step: so many that the latency of memory is hidden, and a limit on what it holds.
  static constexpr std::size_t kMostPackets = 32;
  static constexpr std::size_t kMostBytes = 8192;

  struct Packet {
    std::vector<std::uint8_t> bytes;  // header and frame as read; empty if not worth reading
    std::size_t first_read = 0;       // its reads, in the list of the step
    std::size_t end_read = 0;
    bool may_be_cut = false;
  };
  void gather();
  // False: it asks for what can not be done.
  bool send(Packet& packet);

  HostMemory& memory_;
  Session& session_;
  Virtqueue& queue_;
  FrameSink& wire_;
  Statistics& statistics_;
  PacketRules rules_;
  // Of the step at work.
  std::vector<Packet> packets_;
  std::vector<HostMemory::Read> reads_;
  std::vector<Used> used_;
};

}  // namespace ringside::model
