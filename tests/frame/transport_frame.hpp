// Frames with a TCP segment or a UDP datagram in them, and what a device may say of their
// checksums.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/base/random.hpp"
#include "tests/frame/plain_checksum.hpp"

namespace ringside::test {

// A frame is built with everything right; what is changed by hand is made consistent again by
// seal(), so that only the change is wrong.
struct TransportFrame {
  static constexpr std::uint8_t kTcp = 6;
  static constexpr std::uint8_t kUdp = 17;

  unsigned tags = 0;
  bool ipv6 = false;
  unsigned options = 0;  // of the IPv4 header, in words of 4 bytes
  std::uint8_t protocol = kUdp;
  std::size_t payload = 18;  // behind the transport header
  std::size_t padding = 0;   // behind the packet, beside what the shortest frame needs
  std::vector<std::uint8_t> bytes{};

  std::size_t network() const { return 14 + std::size_t{4} * tags; }
  std::size_t transport() const { return network() + (ipv6 ? 40 : 20 + std::size_t{4} * options); }
  std::size_t end() const { return transport() + transport_header() + payload; }
  std::size_t transport_header() const { return protocol == kTcp ? 20 : 8; }
  std::size_t checksum() const { return transport() + (protocol == kTcp ? 16 : 6); }

  TransportFrame& build(Random& random) {
    constexpr std::size_t kShortest = 60;
    bytes.resize(std::max(kShortest, end() + padding));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    for (unsigned tag = 0; tag < tags; ++tag) put(12 + std::size_t{4} * tag, 0x8100);
    put(network() - 2, ipv6 ? 0x86DD : 0x0800);
    auto const length = static_cast<std::uint16_t>(end() - (ipv6 ? transport() : network()));
    if (ipv6) {
      bytes[network()] = 0x60;
      put(network() + 4, length);
      bytes[network() + 6] = protocol;
    } else {
      bytes[network()] = static_cast<std::uint8_t>(0x45 + options);
      put(network() + 2, length);
      put(network() + 6, 0x4000);  // do not fragment
      bytes[network() + 9] = protocol;
    }
    if (protocol == kUdp) put(transport() + 4, static_cast<std::uint16_t>(end() - transport()));
    return seal();
  }

  TransportFrame& seal() {
    if (!ipv6) {
      put(network() + 10, 0);
      put(network() + 10, plain_checksum(part(network(), transport()), 0));
    }
    put(checksum(), 0);
    put(checksum(), transport_checksum());
    return *this;
  }

  // As the header would have it whose checksum field is 0. Never 0 itself.
  std::uint16_t transport_checksum() const {
    std::vector<std::uint8_t> summed(pseudo_header());
    auto const segment = part(transport(), end());
    summed.insert(summed.end(), segment.begin(), segment.end());
    return plain_checksum(summed, 0);
  }

  std::vector<std::uint8_t> pseudo_header() const {
    auto const addresses =
        ipv6 ? part(network() + 8, network() + 40) : part(network() + 12, network() + 20);
    std::vector<std::uint8_t> header(addresses.begin(), addresses.end());
    auto const length = end() - transport();
    header.insert(header.end(), {0, protocol, static_cast<std::uint8_t>(length >> 8),
                                 static_cast<std::uint8_t>(length)});
    return header;
  }

  void put(std::size_t at, std::uint16_t value) { store_be<std::uint16_t>(&bytes[at], value); }
  Bytes part(std::size_t from, std::size_t to) const {
    return Bytes(bytes).subspan(from, to - from);
  }
};

// A frame off the wire, and whether its header may say DATA_VALID.
struct ChecksumCase {
  std::string what;
  std::vector<std::uint8_t> frame;
  bool verified = false;
};

inline void add_right_frames(std::vector<ChecksumCase>& cases, Random& random) {
  auto const add = [&](TransportFrame frame) {
    std::string const what =
        std::string(frame.ipv6 ? "IPv6" : "IPv4") + " tags " + std::to_string(frame.tags) +
        " options " + std::to_string(frame.options) + " protocol " +
        std::to_string(frame.protocol) + " payload " + std::to_string(frame.payload);
    cases.push_back({what, frame.build(random).bytes, true});
  };
  for (unsigned tags : {0U, 1U}) {
    for (std::uint8_t protocol : {TransportFrame::kTcp, TransportFrame::kUdp}) {
      for (std::size_t payload = 0; payload < 40; ++payload) {
        std::size_t const padding = random.below(10);
        add({.tags = tags, .protocol = protocol, .payload = payload, .padding = padding});
        add({.tags = tags,
             .ipv6 = true,
             .protocol = protocol,
             .payload = payload,
             .padding = padding});
      }
      for (unsigned options = 1; options <= 10; ++options) {
        for (std::size_t payload : {0U, 1U, 2U, 3U, 13U, 100U}) {
          add({.tags = tags, .options = options, .protocol = protocol, .payload = payload});
        }
      }
      // The longest packet.
      std::size_t const header = protocol == TransportFrame::kTcp ? 20 : 8;
      add({.tags = tags, .protocol = protocol, .payload = 1480 - header});
      add({.tags = tags, .ipv6 = true, .protocol = protocol, .payload = 1460 - header});
    }
  }
}

// One byte changed in any place: all but those that no checksum covers are found out.
inline void add_damaged_frames(std::vector<ChecksumCase>& cases, Random& random) {
  for (TransportFrame frame : {TransportFrame{.payload = 5},
                               TransportFrame{.tags = 1, .options = 2, .protocol = 6, .payload = 9},
                               TransportFrame{.ipv6 = true, .protocol = 6, .payload = 12},
                               TransportFrame{.tags = 1, .ipv6 = true, .payload = 7}}) {
    frame.build(random);
    for (std::size_t at = 0; at < frame.bytes.size(); ++at) {
      auto const change = static_cast<std::uint8_t>(1 + random.below(254));
      bool const tag_control = frame.tags == 1 && (at == 14 || at == 15);
      bool uncovered = at < 12 || tag_control || at >= frame.end();
      if (frame.ipv6 && at >= frame.network()) {
        // Traffic class, flow label, hop limit.
        std::size_t const in_header = at - frame.network();
        uncovered = uncovered || (in_header == 0 && change < 16) ||
                    (in_header >= 1 && in_header <= 3) || in_header == 7;
      }
      TransportFrame damaged = frame;
      damaged.bytes[at] ^= change;
      cases.push_back({"damaged at " + std::to_string(at) + ", network header at " +
                           std::to_string(frame.network()),
                       damaged.bytes, uncovered});
    }
  }
}

// Frames whose sums are right and which still prove nothing, mostly.
class LyingFrames {
 public:
  LyingFrames(std::vector<ChecksumCase>& cases, Random& random) : cases_(cases), random_(random) {}

  void ipv4(unsigned tags) {
    TransportFrame const udp = TransportFrame{.tags = tags}.build(random_);
    TransportFrame const tcp = TransportFrame{.tags = tags, .protocol = 6}.build(random_);
    std::size_t const network = udp.network();
    // Fragments. Bit 15 is reserved, bit 14 forbids them.
    for (std::uint16_t field : {0x8000, 0x4000, 0xC000, 0x2000, 0x0001, 0x1000, 0x0100, 0x6010}) {
      TransportFrame frame = udp;
      frame.put(network + 6, field);
      add("fragment field " + std::to_string(field), frame.seal(), (field & 0x3FFF) == 0);
    }
    for (std::uint8_t first : {0x05, 0x15, 0x65, 0xF5, 0x44, 0x40}) {
      TransportFrame frame = udp;
      frame.bytes[network] = first;
      add("first byte " + std::to_string(first), frame.seal());
    }
    for (std::uint8_t protocol : {0, 1, 2, 41, 47, 50, 51, 58, 132, 136}) {
      TransportFrame frame = udp;
      frame.protocol = frame.bytes[network + 9] = protocol;
      add("protocol " + std::to_string(protocol), frame.seal());
    }
    for (std::uint16_t length : {0, 1, 8, 19, 20, 27, 39, 43, 44, 45, 46, 47, 48, 0x7FFF, 0xFFFF}) {
      TransportFrame frame = tcp;
      frame.put(network + 2, length);
      add("total length " + std::to_string(length), frame.seal());
    }
    // One byte less than a transport header.
    for (std::uint8_t protocol : {6, 17}) {
      for (unsigned options = 0; options < 11; ++options) {
        TransportFrame frame{.tags = tags, .options = options, .protocol = protocol, .payload = 0};
        frame.build(random_);
        frame.put(network + 2, static_cast<std::uint16_t>(frame.end() - network - 1));
        frame.payload = std::size_t(0) - 1;
        add("transport header cut, options " + std::to_string(options), frame.seal());
      }
    }
  }

  void ipv6(unsigned tags) {
    TransportFrame const six = TransportFrame{.tags = tags, .ipv6 = true}.build(random_);
    for (std::uint8_t next : {0, 43, 44, 50, 51, 58, 59, 60, 135}) {
      TransportFrame frame = six;
      frame.protocol = frame.bytes[six.network() + 6] = next;
      add("next header " + std::to_string(next), frame.seal());
    }
    for (std::uint16_t length : {0, 7, 8, 25, 27, 0xFFDF, 0xFFE0, 0xFFFF}) {
      TransportFrame frame = six;
      frame.put(six.network() + 4, length);
      add("payload length " + std::to_string(length), frame);
    }
    TransportFrame four = six;
    four.bytes[six.network()] = 0x40;
    add("version 4 in IPv6", four);
  }

  void transport(unsigned tags, bool ipv6) {
    TransportFrame const udp = TransportFrame{.tags = tags, .ipv6 = ipv6}.build(random_);
    for (int lie : {-9, -2, -1, 1, 2, 300}) {
      TransportFrame frame = udp;
      frame.put(frame.transport() + 4,
                static_cast<std::uint16_t>(static_cast<int>(8 + frame.payload) + lie));
      add("UDP length off by " + std::to_string(lie), frame.seal());
    }
    // A UDP checksum of 0 is none, also where the sum happens to be right with it.
    TransportFrame none = udp;
    none.put(none.checksum(), 0);
    add("no UDP checksum", none);
    none.put(none.transport(), 0);
    none.put(none.transport(), none.transport_checksum());
    add("no UDP checksum and a sum of all ones", none);
    none.put(none.checksum(), 0xFFFF);
    add("a UDP checksum of all ones", none, true);
    // TCP has no such rule.
    TransportFrame zero{.tags = tags, .ipv6 = ipv6, .protocol = 6};
    zero.build(random_);
    zero.put(zero.checksum(), 0);
    zero.put(zero.transport(), 0);
    zero.put(zero.transport(), zero.transport_checksum());
    add("a TCP checksum of 0", zero, true);
  }

  void frames() {
    add("two tags", TransportFrame{.tags = 2}.build(random_));
    TransportFrame service = TransportFrame{.tags = 1}.build(random_);
    service.put(12, 0x88A8);
    add("a service tag", service);
    // The packet says that it ends behind the frame; as far as it is there, all is right.
    for (std::size_t cut = 1; cut < 20; ++cut) {
      TransportFrame frame = TransportFrame{.payload = 100}.build(random_);
      for (std::size_t i = 0; i < cut; ++i) frame.bytes[frame.end() - 1 - i] = 0;
      frame.seal();
      frame.bytes.resize(frame.bytes.size() - cut);
      add("cut by " + std::to_string(cut), frame);
    }
  }

 private:
  void add(std::string what, TransportFrame const& frame, bool verified = false) {
    cases_.push_back({std::move(what), frame.bytes, verified});
  }

  std::vector<ChecksumCase>& cases_;
  Random& random_;
};

inline std::vector<ChecksumCase> checksum_cases(std::uint64_t seed) {
  std::vector<ChecksumCase> cases;
  Random random(seed);
  add_right_frames(cases, random);
  add_damaged_frames(cases, random);
  LyingFrames lying(cases, random);
  for (unsigned tags : {0U, 1U}) {
    lying.ipv4(tags);
    lying.ipv6(tags);
    lying.transport(tags, false);
    lying.transport(tags, true);
  }
  lying.frames();
  return cases;
}

}  // namespace ringside::test
