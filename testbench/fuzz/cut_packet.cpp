#include "testbench/fuzz/cut_packet.hpp"

#include <algorithm>
#include <array>

#include "interface/base/bytes.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::uint16_t kTag = 0x8100;
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86DD;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint16_t kTcpChecksum = 16;
constexpr double kOneIsWrong = 0.3;

class Maker {
 public:
  Maker(Random& random, std::size_t header_bytes, std::size_t frame_bytes)
      : random_(random),
        header_(header_bytes),
        ipv6_(random.chance(0.5)),
        network_(random.chance(0.3) ? 18 : 14),
        transport_(network_ + (ipv6_ ? 40 : 20 + 4 * few(10))),
        end_(transport_ + 20 + 4 * few(10)),
        bytes_(header_ + std::max(frame_bytes, end_)) {}

  CutPacket make() {
    for (auto& byte : bytes_) byte = static_cast<std::uint8_t>(random_.next());
    virtio();
    if (network_ == 18) put(12, kTag);
    put(network_ - 2, ipv6_ ? kIpv6 : kIpv4);
    if (ipv6_) {
      frame()[network_] = 0x60;
      put(network_ + 4, frame_bytes() - network_ - 40);
      frame()[network_ + 6] = kTcp;
    } else {
      frame()[network_] = static_cast<std::uint8_t>(0x40 + (transport_ - network_) / 4);
      put(network_ + 2, frame_bytes() - network_);
      put(network_ + 6, 0x4000);
      frame()[network_ + 9] = kTcp;
    }
    // Half of the sequence numbers carry soon.
    if (random_.chance(0.5)) put(transport_ + 6, 0x10000 - random_.below(600));
    frame()[transport_ + 12] = static_cast<std::uint8_t>((end_ - transport_) / 4 * 16);
    bool const wrong = random_.chance(kOneIsWrong);
    if (wrong) spoil();
    return {std::move(bytes_), wrong};
  }

 private:
  std::size_t few(std::size_t most) {
    return random_.chance(0.5) ? 0 : static_cast<std::size_t>(random_.below(most + 1));
  }
  std::uint8_t* frame() { return bytes_.data() + header_; }
  std::size_t frame_bytes() const { return bytes_.size() - header_; }
  void put(std::size_t at, std::size_t value) {
    store_be(frame() + at, static_cast<std::uint16_t>(value));
  }
  void virtio() {
    bytes_[offsetof(layout::NetHeader, flags)] = layout::kNeedsCsum;
    bytes_[offsetof(layout::NetHeader, gso_type)] =
        static_cast<std::uint8_t>((ipv6_ ? layout::kGsoTcpv6 : layout::kGsoTcpv4) |
                                  (random_.chance(0.5) ? layout::kGsoEcn : 0));
    store_le(&bytes_[offsetof(layout::NetHeader, gso_size)],
             static_cast<std::uint16_t>(48 + random_.below(random_.chance(0.5) ? 200 : 1300)));
    store_le(&bytes_[offsetof(layout::NetHeader, csum_start)],
             static_cast<std::uint16_t>(transport_));
    store_le(&bytes_[offsetof(layout::NetHeader, csum_offset)], kTcpChecksum);
  }
  // What of it says what kind of packet it is, or how long it and its headers are.
  void spoil() {
    std::array const places{offsetof(layout::NetHeader, flags),
                            offsetof(layout::NetHeader, gso_type),
                            offsetof(layout::NetHeader, gso_size) + 1,
                            offsetof(layout::NetHeader, csum_start),
                            offsetof(layout::NetHeader, csum_offset),
                            header_ + network_ - 1,
                            header_ + network_,
                            header_ + network_ + (ipv6_ ? 5 : 3),
                            header_ + network_ + (ipv6_ ? 4 : 6),
                            header_ + network_ + (ipv6_ ? 6 : 9),
                            header_ + transport_ + 12};
    std::size_t const place = places[random_.below(places.size())];
    bytes_[place] ^= static_cast<std::uint8_t>(1U << random_.below(8));
  }

  Random& random_;
  std::size_t header_;  // bytes of virtio's
  bool ipv6_;
  std::size_t network_, transport_, end_;  // of the headers
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

CutPacket make_cut_packet(Random& random, std::size_t header_bytes, std::size_t frame_bytes) {
  return Maker(random, header_bytes, frame_bytes).make();
}

}  // namespace ringside::testbench::fuzz
