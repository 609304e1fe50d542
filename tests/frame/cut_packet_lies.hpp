// What a driver may say of a packet to be cut that is not so. Each makes it one that is refused.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/frame/cut_packet.hpp"

namespace ringside::test {

struct CutPacketLie {
  using Content = CutPacket::Content;
  std::string what;
  std::function<void(CutPacket const&, Content&)> tell;
};

class CutPacketLies {
 public:
  using Content = CutPacket::Content;
  static constexpr std::size_t kHeader = sizeof(layout::NetHeader);

  void add(std::string what, std::function<void(CutPacket const&, Content&)> tell) {
    lies.push_back({std::move(what), std::move(tell)});
  }
  // A byte, or two, of the virtio header.
  void header8(std::string const& what, std::size_t at, std::uint8_t value) {
    add(what + " " + std::to_string(value),
        [=](CutPacket const&, Content& bytes) { bytes[at] = value; });
  }
  void header16(std::string const& what, std::size_t at, std::uint16_t value) {
    add(what + " " + std::to_string(value),
        [=](CutPacket const&, Content& bytes) { store_le(&bytes[at], value); });
  }
  void off_by(std::string const& what, std::size_t at, std::vector<int> const& errors) {
    for (int error : errors) {
      add(what + " off by " + std::to_string(error), [=](CutPacket const&, Content& bytes) {
        store_le(&bytes[at],
                 static_cast<std::uint16_t>(load_le<std::uint16_t>(&bytes[at]) + error));
      });
    }
  }
  // Of the frame: from where the network header or the TCP header begins.
  enum class From : std::uint8_t { Frame, Network, Transport };
  static std::size_t base(CutPacket const& packet, From from) {
    if (from == From::Frame) return kHeader;
    return kHeader + (from == From::Network ? packet.network() : packet.transport());
  }
  void byte(std::string const& what, From from, std::size_t at, std::uint8_t value) {
    add(what + " " + std::to_string(value),
        [=](CutPacket const& packet, Content& bytes) { bytes[base(packet, from) + at] = value; });
  }
  void changed(std::string const& what, From from, std::size_t at, std::vector<int> const& errors) {
    for (int error : errors) {
      add(what + " off by " + std::to_string(error), [=](CutPacket const& packet, Content& bytes) {
        std::uint8_t* const field = &bytes[base(packet, from) + at];
        store_be(field, static_cast<std::uint16_t>(load_be<std::uint16_t>(field) + error));
      });
    }
  }
  std::vector<CutPacketLie> lies;
};

inline void add_virtio_lies(CutPacketLies& lies, bool ipv6) {
  lies.header8("flags", 0, 0);  // no NEEDS_CSUM
  lies.header8("flags", 0, 0xFE);
  for (int type : {2, 3, 5, 6, 7, 0x40, 0x41, 0x7F, 0x80, 0x83, 0xFF, ipv6 ? 1 : 4}) {
    lies.header8("gso_type", 1, static_cast<std::uint8_t>(type));
  }
  for (int size : {0, 1, 47}) {
    lies.header16("gso_size", 4, static_cast<std::uint16_t>(size));
  }
  lies.off_by("csum_start", 6, {-34, -20, -2, -1, 1, 2, 4, 20, 0x4000});
  lies.off_by("csum_offset", 8, {-16, -10, -1, 1, 2, 0x7000});
}

inline void add_network_lies(CutPacketLies& lies, bool ipv6) {
  using From = CutPacketLies::From;
  lies.add("another type", [](CutPacket const& packet, CutPacket::Content& bytes) {
    bytes[CutPacketLies::kHeader + packet.network() - 1] ^= 1;
  });
  lies.add("a tag of a provider", [](CutPacket const&, CutPacket::Content& bytes) {
    store_be(&bytes[CutPacketLies::kHeader + 12], std::uint16_t{0x88A8});
  });
  if (ipv6) {
    lies.changed("payload length", From::Network, 4, {-700, -41, -40, -1, 1, 40, 700});
    for (int version : {0x00, 0x40, 0x50, 0x70}) {
      lies.byte("version", From::Network, 0, static_cast<std::uint8_t>(version));
    }
    for (int next : {1, 17, 43, 44, 50, 51, 58, 59, 135, 0, 60}) {
      lies.byte("next header", From::Network, 6, static_cast<std::uint8_t>(next));
    }
  } else {
    lies.changed("total length", From::Network, 2, {-700, -20, -1, 1, 14, 700});
    for (int first : {0x44, 0x40, 0x46, 0x4F, 0x55, 0x65, 0x05}) {
      lies.byte("first byte", From::Network, 0, static_cast<std::uint8_t>(first));
    }
    for (int fragment : {0x20, 0x01, 0x3F, 0x60}) {
      lies.byte("fragment", From::Network, 6, static_cast<std::uint8_t>(fragment));
    }
    lies.byte("fragment offset", From::Network, 7, 1);
    for (int protocol : {0, 1, 7, 17, 41, 255}) {
      lies.byte("protocol", From::Network, 9, static_cast<std::uint8_t>(protocol));
    }
  }
  for (int offset : {0x00, 0x10, 0x40, 0x4F}) {
    lies.byte("data offset", From::Transport, 12, static_cast<std::uint8_t>(offset));
  }
}

// Packets that end within their headers; what states their length is right.
inline void add_short_packets(CutPacketLies& lies, bool ipv6) {
  for (std::size_t end = 14; end < (ipv6 ? 78U : 58U); ++end) {
    lies.add("cut to " + std::to_string(end),
             [=](CutPacket const& packet, CutPacket::Content& bytes) {
               std::size_t const length = std::min(end, packet.headers() - 1);
               std::size_t const field = packet.network() + (ipv6 ? 4 : 2);
               std::size_t const header = packet.network() + (ipv6 ? 40 : 0);
               if (length >= header) {
                 store_be(&bytes[CutPacketLies::kHeader + field],
                          static_cast<std::uint16_t>(length - header));
               }
               bytes.resize(CutPacketLies::kHeader + length);
             });
  }
}

inline std::vector<CutPacketLie> lies_of_cut_packets(bool ipv6) {
  CutPacketLies lies;
  add_virtio_lies(lies, ipv6);
  add_network_lies(lies, ipv6);
  add_short_packets(lies, ipv6);
  return lies.lies;
}

}  // namespace ringside::test
