// TCP segmentation: which packets a driver may have cut, and the packets they are cut into (virtio
// 1.3, 5.1.6.2; RFC 9293, 3.1; RFC 791; RFC 8200).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "interface/base/bytes.hpp"
#include "model/device/packet_rules.hpp"

namespace ringside::model {

// Packets are a virtio header and a frame, as everywhere in transmission.
bool asks_for_segments(Bytes packet);

class Segmentation {
 public:
  // Bytes of a packet that plan() needs to see to refuse it, if there are so many; its headers are
  // enough for a plan.
  static std::size_t seen(PacketRules const& rules);

  // Of a packet of `length` bytes, an allowed length, that begins like this: how it is cut; nothing
  // if what it asks for has not been negotiated, or can not be done. `hdr_len` is only a hint and
  // not looked at: where the headers end stands in them.
  static std::optional<Segmentation> plan(Bytes start, std::size_t length,
                                          PacketRules const& rules);

  std::size_t count() const;
  // Where in the packet a segment's payload ends.
  std::size_t end(std::size_t index) const;
  // A packet of its own, that asks for its checksum. All bytes up to end() have to be there.
  std::vector<std::uint8_t> segment(Bytes packet, std::size_t index) const;

 private:
  bool parse(Bytes frame);
  bool parse_ipv4(Bytes frame);
  bool parse_ipv6(Bytes frame);
  bool parse_tcp(Bytes frame);

  std::size_t header_ = 0;  // of virtio, in front of the frame
  bool ipv6_ = false;
  bool ecn_ = false;
  std::size_t size_ = 0;       // payload of a segment
  std::size_t length_ = 0;     // of the frame
  std::size_t network_ = 0;    // where in the frame the IP header begins,
  std::size_t transport_ = 0;  // the TCP header,
  std::size_t payload_ = 0;    // what is cut
};

}  // namespace ringside::model
