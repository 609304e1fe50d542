#include "testbench/fuzz/station.hpp"

#include <algorithm>
#include <utility>

#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/frames.hpp"
#include "testbench/lockstep/judge.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr Duration kColumn = 4 * kByteTime;
constexpr std::int64_t kSetsOfFault = 4;  // IEEE 802.3, 46.3.4
constexpr std::int64_t kColumnsToForget = 128;

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

void hit_control(SessionBins& bins, Action const& action) {
  if (action[control::Fault] != arrive::None) return;
  auto const counter = control_counter(control_frame(action));
  bool const pause = counter == "rx_pause_frames";
  bool const classes = counter == "rx_pfc_frames" && action[control::Classes] != 0;
  if (pause && action[control::Quanta] != 0) bins.hit("rx_pause");
  if (pause && action[control::Quanta] == 0) bins.hit("rx_pause_end");
  if (classes) bins.hit("rx_class_pause");
  if (counter == "rx_unsupported_opcodes") bins.hit("rx_control_unknown");
  if (counter == "rx_control_ignored") bins.hit("rx_control_ignored");
}

void hit_line(SessionBins& bins, Action const& action) {
  bool const together = action[line::Silence] < kColumnsToForget;
  std::int64_t const sets = action[line::Sets] * (together ? action[line::Times] : 1);
  if (sets < kSetsOfFault) bins.hit("line_few_sets");
  if (action[line::Times] > 1 && together) bins.hit("line_flaps");
  if (action[line::Signal] == line::Both && action[line::Times] > 1) bins.hit("line_alternates");
  if (action[line::Cut] != 0) bins.hit("line_cut");
}

std::string text_of(Bytes frame) { return lockstep::hex_bytes(frame.data(), frame.size()); }

}  // namespace

// --- Towards the NIC.

// Returns when its last byte is sent. `most`: bytes of a good frame of its type.
TimePoint Station::put(std::vector<std::uint8_t> contents, std::size_t most, std::int64_t fault,
                       std::int64_t gap) {
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
      if (contents.size() < layout::kMinFrameBytes || contents.size() > most) break;
      count_good(contents);
      if (!control_counter(contents)) on_the_way_.push_back({sent_, std::move(contents)});
  }
  ++sent_;
  return host_.arrive(std::move(frame), static_cast<unsigned>(gap));
}

void Station::count_good(Bytes contents) {
  ++counters_["rx_frames"];
  counters_["rx_octets"] += contents.size() + WireFrame::kFcsBytes;
  Cast const cast = cast_of(contents);
  if (cast == Cast::All) ++counters_["rx_broadcast"];
  if (cast == Cast::Group) ++counters_["rx_multicast"];
  if (auto const counter = control_counter(contents)) ++counters_[*counter];
}

void Station::send(Action const& action, SessionBins& bins) {
  std::int64_t const fault = action[arrive::Fault];
  std::int64_t const type = action[arrive::Type];
  auto const size = static_cast<std::size_t>(action[arrive::Bytes]);
  hit_fault(bins, fault);
  hit_size(bins, size, type);
  if (action[arrive::To] == to::Station) bins.hit("rx_to_station");
  if (action[arrive::To] == to::All) bins.hit("rx_broadcast");
  if (action[arrive::To] == to::Group) bins.hit("rx_multicast");
  if (action[arrive::Count_] > 1 && action[arrive::Gap] < HandHost::kGap) bins.hit("rx_short_gap");
  for (std::int64_t i = 0; i < action[arrive::Count_]; ++i) {
    put(numbered_frame(next_number_++, size, type, action[arrive::To]), longest(type), fault,
        action[arrive::Gap]);
  }
}

void Station::send_control(Action const& action, SessionBins& bins) {
  hit_control(bins, action);
  for (std::int64_t i = 0; i < action[control::Count_]; ++i) {
    put(control_frame(action), longest(offer::Plain), action[control::Fault], action[control::Gap]);
  }
}

void Station::show(Action const& action, SessionBins& bins) {
  hit_line(bins, action);
  TimePoint at = std::max(present() + us(0.1), line_until_);
  if (action[line::Cut] != 0) {
    // Ends at a column's end, so that the first set stands where data would.
    constexpr std::size_t kRest = 200;
    at = std::max(at, put(numbered_frame(next_number_++, kRest), 0, arrive::NoEnd, HandHost::kGap));
  }
  for (std::int64_t i = 0; i < action[line::Times]; ++i) {
    bool const remote =
        action[line::Signal] == line::Remote || (action[line::Signal] == line::Both && i % 2 != 0);
    host_.show({at, remote ? LineSignal::RemoteFault : LineSignal::LocalFault});
    at += action[line::Sets] * kColumn;
    host_.show({at, LineSignal::Idle});
    line_until_ = at;
    at += action[line::Silence] * kColumn;
  }
}

TimePoint Station::silent_from() const {
  return std::max(host_.line_free(), line_until_ + kColumnsToForget * kColumn);
}

void Station::check_delivered(std::uint16_t queue, std::vector<std::uint8_t> const& frame) {
  auto const found = std::ranges::find(on_the_way_, frame, &OnTheWay::frame);
  if (found == on_the_way_.end()) {
    throw Failure("delivered",
                  "the driver is given a frame that nobody sent, or twice: " + text_of(frame));
  }
  if (auto const before = delivered_.find(queue);
      before != delivered_.end() && found->number < before->second) {
    throw Failure("delivered", "the driver is given a frame too late, on queue " +
                                   std::to_string(queue) + ": " + text_of(frame));
  }
  delivered_[queue] = found->number;
  on_the_way_.erase(found);
  forget_lost();
}

// What only comes long behind others has been dropped.
void Station::forget_lost() {
  constexpr std::uint64_t kLongAgo = 4096;  // more than the NIC holds
  while (!on_the_way_.empty() && on_the_way_.front().number + kLongAgo < sent_) {
    on_the_way_.pop_front();
  }
}

// --- From the NIC.

void Station::expect(std::uint16_t queue, std::vector<std::uint8_t> frame, Fate fate) {
  frame.resize(std::max<std::size_t>(frame.size(), layout::kMinFrameBytes));
  expected_.push_back({queue, std::move(frame), fate});
}

void Station::release() {
  for (Expected& each : expected_) each.fate = Fate::MayCome;
}

// A NIC that runs ahead has put more on the wire than there is at its end.
std::size_t Station::arrived() const {
  auto const& frames = host_.wire.frames;
  auto const first = frames.begin() + static_cast<std::ptrdiff_t>(looked_);
  auto const next = std::find_if(first, frames.end(),
                                 [](WireFrame const& frame) { return frame.end() > present(); });
  return static_cast<std::size_t>(next - frames.begin());
}

void Station::look() {
  auto const& frames = host_.wire.frames;
  for (std::size_t const end = arrived(); looked_ < end; ++looked_) {
    if (!is_intact(frames[looked_])) throw Failure("wire", "a frame that the NIC sends is damaged");
    Bytes const contents = frames[looked_].contents();
    ++counters_["tx_frames"];
    counters_["tx_octets"] += contents.size() + WireFrame::kFcsBytes;
    Cast const cast = cast_of(contents);
    if (cast == Cast::All) ++counters_["tx_broadcast"];
    if (cast == Cast::Group) ++counters_["tx_multicast"];
    if (!is_flow_control(contents) && !blind_) compare(contents);
  }
}

// Such a frame of the NIC's own, since it lets its host send none.
bool Station::is_flow_control(Bytes contents) {
  constexpr std::size_t kQuantaOffset = 16;
  constexpr std::size_t kClassQuantaOffset = 18;
  auto const counter = control_counter(contents);
  if (!counter) return false;
  bool const pause = counter == "rx_pause_frames";
  if (!flow_control_ || (!pause && counter != "rx_pfc_frames")) {
    throw Failure("wire", "the NIC sends flow control that nobody asked for: " + text_of(contents));
  }
  ++counters_[pause ? "tx_pause_frames" : "tx_pfc_frames"];
  Bytes const times = contents.subspan(pause ? kQuantaOffset : kClassQuantaOffset);
  stopped_ = std::any_of(times.begin(), times.end(), [](std::uint8_t byte) { return byte != 0; });
  return true;
}

void Station::compare(Bytes contents) {
  std::vector<std::uint8_t> const frame(contents.begin(), contents.end());
  auto const found = std::ranges::find(expected_, frame, &Expected::frame);
  if (found == expected_.end()) {
    throw Failure("wire", "the NIC sends what nobody asked for: " + text_of(frame));
  }
  // Those before it in its queue that need not come are not going to.
  std::uint16_t const queue = found->queue;
  auto const number = found - expected_.begin();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    bool const before = std::cmp_less(i, number) && expected_[i].queue == queue;
    if (before && expected_[i].fate == Fate::Comes) {
      throw Failure("wire", "the NIC sends " + text_of(frame) + " in place of " +
                                text_of(expected_[i].frame));
    }
    if (before || std::cmp_equal(i, number)) continue;
    if (kept != i) expected_[kept] = std::move(expected_[i]);
    ++kept;
  }
  expected_.resize(kept);
}

void Station::settle() {
  look();
  for (Expected const& each : expected_) {
    if (each.fate == Fate::Comes && !blind_) {
      throw Failure("wire", "the NIC does not send " + text_of(each.frame));
    }
  }
  if (stopped_) throw Failure("wire", "the NIC does not take back that it has asked for silence");
  expected_.clear();
  auto& frames = host_.wire.frames;
  frames.erase(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(looked_));
  host_.wire.changes.clear();
  looked_ = 0;
  blind_ = false;
  flow_control_ = false;
}

}  // namespace ringside::testbench::fuzz
