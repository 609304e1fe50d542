#include "testbench/fuzz/station.hpp"

#include <algorithm>
#include <utility>

#include "stack/header/internet_checksum.hpp"
#include "testbench/fuzz/failure.hpp"
#include "testbench/lockstep/judge.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::size_t kTypeOffset = 12;
constexpr std::uint16_t kExperimental = 0x88B5;
constexpr std::uint16_t kTagged = 0x8100;
constexpr std::uint16_t kMacControl = 0x8808;
constexpr std::size_t kNumberOffset = 18;  // behind a tag

std::size_t longest(std::int64_t type) {
  return type == offer::Vlan ? layout::kMaxFrameBytes : layout::kMaxFrameBytes - 4;
}

void hit_fault(SessionBins& bins, std::int64_t fault) {
  switch (fault) {
    case arrive::Fcs:
      return bins.hit("rx_bad_fcs");
    case arrive::Error:
      return bins.hit("rx_error_char");
    case arrive::Sfd:
      return bins.hit("rx_no_sfd");
    case arrive::Lane:
      return bins.hit("rx_wrong_lane");
    case arrive::NoEnd:
      return bins.hit("rx_no_end");
    default:
      return;
  }
}

void hit_size(SessionBins& bins, std::size_t size, std::int64_t type) {
  if (size < layout::kMinFrameBytes) bins.hit("rx_runt");
  if (size == layout::kMinFrameBytes) bins.hit("rx_shortest");
  if (size == longest(type)) bins.hit("rx_longest");
  if (size > longest(type)) bins.hit("rx_giant");
  if (type == offer::Vlan) bins.hit("rx_vlan");
  if (type == offer::Udp) bins.hit("rx_udp");
}

constexpr std::size_t kIpv4Offset = 14;
constexpr std::size_t kUdpOffset = kIpv4Offset + 20;
constexpr std::size_t kShortestUdp = kUdpOffset + 8 + sizeof(std::uint32_t);
constexpr std::uint32_t kOneIsWrong = 4;  // of so many checksums

// Puts headers of IPv4 and UDP in front of what counts, with checksums, of which some are wrong.
void become_udp(std::vector<std::uint8_t>& frame, std::uint32_t number) {
  constexpr std::uint16_t kIpv4 = 0x0800;
  constexpr std::uint8_t kUdp = 17;
  auto const length = [&](std::size_t offset) {
    return static_cast<std::uint16_t>(frame.size() - offset);
  };
  std::uint8_t* const ip = &frame[kIpv4Offset];
  std::uint8_t* const udp = &frame[kUdpOffset];
  store_be<std::uint16_t>(&frame[kTypeOffset], kIpv4);
  ip[0] = 0x45;
  store_be<std::uint16_t>(ip + 2, length(kIpv4Offset));
  store_be<std::uint16_t>(ip + 6, 0);  // no fragment
  ip[9] = kUdp;
  store_be<std::uint16_t>(ip + 10, 0);
  store_be<std::uint16_t>(ip + 10, stack::internet_checksum(Bytes(ip, 20)));
  store_be<std::uint16_t>(udp + 4, length(kUdpOffset));
  store_be<std::uint16_t>(udp + 6, 0);
  store_le<std::uint32_t>(udp + 8, number);
  stack::InternetChecksum sum;
  sum.add(Bytes(ip + 12, 8)).add_word(kUdp).add_word(length(kUdpOffset));
  sum.add(Bytes(frame).subspan(kUdpOffset));
  std::uint16_t const wrong = number % kOneIsWrong == 0 ? 1 : 0;
  store_be<std::uint16_t>(udp + 6, sum.value() ^ wrong);
}

std::string text_of(std::vector<std::uint8_t> const& frame) {
  return lockstep::hex_bytes(frame.data(), frame.size());
}

}  // namespace

std::vector<std::uint8_t> numbered_frame(std::uint32_t number, std::size_t size,
                                         std::int64_t type) {
  std::vector<std::uint8_t> frame(std::max(size, kNumberOffset + sizeof number));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    frame[i] = static_cast<std::uint8_t>(number * 7 + i * (number | 1));
  }
  std::uint16_t const ether_type = type == offer::Vlan      ? kTagged
                                   : type == offer::Control ? kMacControl
                                                            : kExperimental;
  store_be<std::uint16_t>(&frame[kTypeOffset], ether_type);
  store_le<std::uint32_t>(&frame[kNumberOffset], number);
  frame.resize(size);
  if (type == offer::Udp && size >= kShortestUdp) become_udp(frame, number);
  return frame;
}

void Station::send(Action const& action, SessionBins& bins) {
  std::int64_t const fault = action[arrive::Fault];
  std::int64_t const type = action[arrive::Type];
  auto const size = static_cast<std::size_t>(action[arrive::Bytes]);
  auto const gap = static_cast<unsigned>(action[arrive::Gap]);
  hit_fault(bins, fault);
  hit_size(bins, size, type);
  if (action[arrive::Count_] > 1 && gap < HandHost::kGap) bins.hit("rx_short_gap");
  for (std::int64_t i = 0; i < action[arrive::Count_]; ++i) {
    auto contents = numbered_frame(next_number_++, size, type);
    WireFrame frame = frame_of({}, contents, 0);
    switch (fault) {
      case arrive::Fcs:
        frame.bytes.back() ^= 0x10;
        break;
      case arrive::Error:
        frame.error = true;
        break;
      case arrive::Sfd:
        frame.bytes[WireFrame::kPreambleBytes - 1] = 0x55;
        break;
      case arrive::Lane:
        frame.framing = FramePiece::Framing::WrongLane;
        break;
      case arrive::NoEnd:
        frame.framing = FramePiece::Framing::NoEnd;
        break;
      default:
        if (size >= layout::kMinFrameBytes && size <= longest(type)) {
          on_the_way_.push_back(std::move(contents));
        }
    }
    ++sent_;
    host_.arrive(std::move(frame), gap);
  }
}

void Station::check_delivered(std::vector<std::uint8_t> const& frame) {
  auto const found = std::find(on_the_way_.begin(), on_the_way_.end(), frame);
  if (found == on_the_way_.end()) {
    throw Failure(
        "delivered",
        "the driver is given a frame that nobody sent, or twice or too late: " + text_of(frame));
  }
  on_the_way_.erase(on_the_way_.begin(), found + 1);
}

void Station::expect(std::vector<std::uint8_t> frame, Fate fate) {
  frame.resize(std::max<std::size_t>(frame.size(), layout::kMinFrameBytes));
  expected_.push_back({std::move(frame), fate});
}

void Station::release() {
  for (Expected& each : expected_) each.fate = Fate::MayCome;
}

void Station::look() {
  auto const& frames = host_.wire.frames;
  for (; looked_ < frames.size(); ++looked_) {
    if (!is_intact(frames[looked_])) throw Failure("wire", "a frame that the NIC sends is damaged");
    if (blind_) continue;
    Bytes const contents = frames[looked_].contents();
    std::vector<std::uint8_t> const frame(contents.begin(), contents.end());
    while (!expected_.empty() && expected_.front().frame != frame) {
      if (expected_.front().fate == Fate::Comes) {
        throw Failure("wire", "the NIC sends " + text_of(frame) + " in place of " +
                                  text_of(expected_.front().frame));
      }
      expected_.pop_front();
    }
    if (expected_.empty()) {
      throw Failure("wire", "the NIC sends what nobody asked for: " + text_of(frame));
    }
    expected_.pop_front();
  }
}

void Station::settle() {
  look();
  for (Expected const& each : expected_) {
    if (each.fate == Fate::Comes && !blind_) {
      throw Failure("wire", "the NIC does not send " + text_of(each.frame));
    }
  }
  expected_.clear();
  host_.wire.frames.clear();
  looked_ = 0;
  blind_ = false;
}

}  // namespace ringside::testbench::fuzz
