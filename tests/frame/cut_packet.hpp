// TCP packets to be cut into segments, and the frames that have to come of them: each is built from
// the beginning, not out of the packet.
#pragma once

#include <algorithm>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/base/random.hpp"
#include "interface/layout/virtio.hpp"
#include "tests/frame/plain_checksum.hpp"

namespace ringside::test {

struct CutPacket {
  using Content = std::vector<std::uint8_t>;

  bool tag = false;
  bool ipv6 = false;
  unsigned options = 0;      // of the IPv4 header, in words of 4 bytes
  unsigned extensions = 0;   // IPv6 extension headers of 8 bytes
  unsigned tcp_options = 0;  // in words of 4 bytes
  std::size_t payload = 3000;
  std::uint16_t size = 1400;  // of a segment's payload
  std::uint16_t id = 0x1234;
  std::uint32_t sequence = 0xFFFFF000;
  std::uint16_t flags = 0x018;  // PSH, ACK
  bool ecn = false;
  bool hash_report = false;  // its virtio header is a long one
  // By build().
  Content start{};    // what the headers hold where nothing is set
  Content content{};  // of the segments

  std::size_t network() const { return tag ? 18 : 14; }
  std::size_t transport() const {
    return network() + (ipv6 ? 40 + std::size_t{8} * extensions : 20 + std::size_t{4} * options);
  }
  std::size_t headers() const { return transport() + 20 + std::size_t{4} * tcp_options; }
  std::size_t length() const { return headers() + payload; }
  std::size_t count() const { return std::max<std::size_t>(1, (payload + size - 1) / size); }

  CutPacket& build(Random& random) {
    content.resize(payload);
    for (auto& byte : content) byte = static_cast<std::uint8_t>(random.next());
    start.resize(headers());
    for (auto& byte : start) byte = static_cast<std::uint8_t>(random.next());
    return *this;
  }

  // The virtio header, and the frame as a driver makes it: one long packet.
  Content packet() const {
    Content bytes(layout::net_header_bytes(hash_report), 0xFF);
    bytes[0] = layout::kNeedsCsum;
    bytes[1] = static_cast<std::uint8_t>((ipv6 ? layout::kGsoTcpv6 : layout::kGsoTcpv4) |
                                         (ecn ? layout::kGsoEcn : 0));
    store_le(&bytes[2], static_cast<std::uint16_t>(headers()));
    store_le(&bytes[4], size);
    store_le(&bytes[6], static_cast<std::uint16_t>(transport()));
    store_le(&bytes[8], std::uint16_t{16});
    store_le(&bytes[10], std::uint16_t{0});
    Content frame = frame_of(0, payload, flags);
    store_be(&frame[transport() + 16], std::uint16_t{0xABCD});  // of no account
    if (!ipv6) store_be(&frame[network() + 10], std::uint16_t{0x5A5A});
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    return bytes;
  }

  // What leaves, without FCS.
  Content segment(std::size_t index) const {
    std::size_t const from = index * size;
    bool const last = index + 1 == count();
    auto sent = flags;
    if (!last) sent &= static_cast<std::uint16_t>(~0x009);
    if (ecn && index != 0) sent &= static_cast<std::uint16_t>(~0x080);
    Content frame = frame_of(from, std::min<std::size_t>(size, payload - from), sent);
    if (!ipv6) {
      store_be(&frame[network() + 4], static_cast<std::uint16_t>(id + index));
      store_be(&frame[network() + 10], std::uint16_t{0});
      Bytes const header = Bytes(frame).subspan(network(), transport() - network());
      store_be(&frame[network() + 10], static_cast<std::uint16_t>(~plain_sum(header)));
    }
    store_be(&frame[transport() + 16], std::uint16_t{0});
    store_be(&frame[transport() + 16], tcp_checksum(frame));
    frame.resize(std::max<std::size_t>(frame.size(), 60));
    return frame;
  }
  std::vector<Content> segments() const {
    std::vector<Content> all;
    for (std::size_t i = 0; i < count(); ++i) all.push_back(segment(i));
    return all;
  }

  Content frame_of(std::size_t from, std::size_t bytes, std::uint16_t tcp_flags) const {
    Content frame = start;
    if (tag) store_be(&frame[12], std::uint16_t{0x8100});
    store_be(&frame[network() - 2],
             std::uint16_t{ipv6 ? std::uint16_t{0x86DD} : std::uint16_t{0x0800}});
    std::uint8_t* const ip = &frame[network()];
    std::size_t const from_network = headers() - network() + bytes;
    if (ipv6) {
      ip[0] = static_cast<std::uint8_t>(0x60 | (ip[0] & 15));
      store_be(ip + 4, static_cast<std::uint16_t>(from_network - 40));
      std::size_t next = 6;
      for (unsigned i = 0; i < extensions; ++i) {
        ip[next] = i % 2 == 0 ? 0 : 60;
        next = 40 + std::size_t{8} * i;
        ip[next + 1] = 0;
      }
      ip[next] = 6;
    } else {
      ip[0] = static_cast<std::uint8_t>(0x45 + options);
      store_be(ip + 2, static_cast<std::uint16_t>(from_network));
      store_be(ip + 4, id);
      store_be(ip + 6, std::uint16_t{0x4000});
      ip[9] = 6;
    }
    std::uint8_t* const tcp = &frame[transport()];
    store_be(tcp + 4, static_cast<std::uint32_t>(sequence + from));
    store_be(tcp + 12, static_cast<std::uint16_t>((5 + tcp_options) << 12 | tcp_flags));
    auto const begin = content.begin() + static_cast<std::ptrdiff_t>(from);
    frame.insert(frame.end(), begin, begin + static_cast<std::ptrdiff_t>(bytes));
    return frame;
  }

  std::uint16_t tcp_checksum(Content const& frame) const {
    Bytes const all(frame);
    Bytes const addresses = ipv6 ? all.subspan(network() + 8, 32) : all.subspan(network() + 12, 8);
    std::size_t const bytes = frame.size() - transport();
    Content summed(addresses.begin(), addresses.end());
    summed.insert(summed.end(),
                  {0, 6, static_cast<std::uint8_t>(bytes >> 8), static_cast<std::uint8_t>(bytes)});
    summed.insert(summed.end(), frame.begin() + static_cast<std::ptrdiff_t>(transport()),
                  frame.end());
    return plain_checksum(summed, 0);
  }
};

}  // namespace ringside::test
