// Two hosts on one wire, up to ICMP, for tests of everything above the link.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "interface/base/random.hpp"
#include "interface/seam/story.hpp"
#include "stack/header/ethernet.hpp"
#include "stack/network/host_network.hpp"
#include "tests/stack/fake_device.hpp"
#include "tests/stack/virtual_executor.hpp"

namespace ringside::stack {

// Keeps what is told, for assertions.
class Notebook final : public Story {
 public:
  bool wants(Layer) const override { return true; }
  void tell(Layer layer, std::string line) override { lines.emplace_back(layer, std::move(line)); }

  bool has(Layer layer, std::string const& part) const {
    for (auto const& [of, line] : lines) {
      if (of == layer && line.find(part) != std::string::npos) return true;
    }
    return false;
  }
  std::vector<std::pair<Layer, std::string>> lines;
};

// The left host is 10.9.0.1, the right one 10.9.0.2; each is the other's gateway.
struct TwoHosts {
  static constexpr std::uint64_t kSeed = 0x5EED'0005;
  static constexpr Ipv4Address kLeft = Ipv4Address::of(10, 9, 0, 1);
  static constexpr Ipv4Address kRight = Ipv4Address::of(10, 9, 0, 2);
  static constexpr Ipv4Address kAbsent = Ipv4Address::of(10, 9, 0, 77);
  static constexpr MacAddress kLeftMac{{2, 0, 0, 0, 0, 1}};
  static constexpr MacAddress kRightMac{{2, 0, 0, 0, 0, 2}};

  explicit TwoHosts(std::uint16_t mtu = 1500)
      : left_device(wire, kLeftMac, mtu), right_device(wire, kRightMac, mtu) {
    executor.run_until_idle();  // the announcements
    wire.log.clear();
  }

  // A whole IPv4 datagram as if it had come over the wire to the right host, checksum and total
  // length filled in.
  void inject(Ipv4Header header, std::vector<std::uint8_t> const& payload,
              MacAddress const& to = kRightMac) {
    std::vector<std::uint8_t> frame(EthernetHeader::kSize + Ipv4Header::kSize + payload.size());
    EthernetHeader{to, kLeftMac, EtherType::Ipv4}.emit(frame);
    header.total_length = static_cast<std::uint16_t>(Ipv4Header::kSize + payload.size());
    header.emit(MutableBytes(frame).subspan(EthernetHeader::kSize));
    std::copy(payload.begin(), payload.end(),
              frame.begin() + EthernetHeader::kSize + Ipv4Header::kSize);
    right_device.inject(std::move(frame));
  }
  static Ipv4Header to_right(std::uint8_t protocol) {
    Ipv4Header header;
    header.time_to_live = 64;
    header.protocol = protocol;
    header.source = kLeft;
    header.destination = kRight;
    return header;
  }

  // IPv4 datagrams that this side (0 left, 1 right) has put on the wire.
  std::vector<std::vector<std::uint8_t>> datagrams(unsigned side) const {
    std::vector<std::vector<std::uint8_t>> found;
    for (SentFrame const& frame : wire.log) {
      auto const header = EthernetHeader::parse(frame.bytes);
      if (frame.from != side || !header || header->type != EtherType::Ipv4) continue;
      Bytes const bytes = Ipv4View::of(Bytes(frame.bytes).subspan(14)).value().bytes();
      found.emplace_back(bytes.begin(), bytes.end());
    }
    return found;
  }

  VirtualExecutor executor;
  VirtualWire wire{executor};
  FakeNetDevice left_device;
  FakeNetDevice right_device;
  Notebook left_story;
  Notebook right_story;
  Random random{kSeed};
  HostNetwork left{left_device, executor, left_story, random.stream("left"), {kLeft, 24, kRight}};
  HostNetwork right{
      right_device, executor, right_story, random.stream("right"), {kRight, 24, kLeft}};
};

}  // namespace ringside::stack
