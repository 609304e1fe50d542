#include "testbench/net/learning_switch.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::testbench {

class LearningSwitch::Port final : public WireReceiver {
 public:
  Port(LearningSwitch& owner, unsigned index)
      : owner_(owner), index_(index), origin_(owner.timeline_.add_origin()) {}

  // The frame is dealt with when its last byte is here: until then other ports may come first.
  void receive(FramePiece const& piece) override {
    assembler_.take(piece, [this](WireFrame&& frame) {
      TimePoint const end = frame.end();
      owner_.timeline_.at(end, origin_,
                          [this, kept = std::move(frame)] { owner_.forward(index_, kept); });
    });
  }

  Wire* wire = nullptr;
  TimePoint line_free{};

 private:
  LearningSwitch& owner_;
  unsigned index_;
  Origin origin_;
  FrameAssembler assembler_;
};

LearningSwitch::LearningSwitch(Timeline& timeline, unsigned ports) : timeline_(timeline) {
  for (unsigned i = 0; i < ports; ++i) ports_.push_back(std::make_unique<Port>(*this, i));
}

LearningSwitch::~LearningSwitch() = default;

WireReceiver& LearningSwitch::port(unsigned index) { return *ports_.at(index); }

void LearningSwitch::connect(unsigned index, Wire& wire) { ports_.at(index)->wire = &wire; }

void LearningSwitch::forward(unsigned from, WireFrame const& frame) {
  if (!is_intact(frame) || frame.bytes.size() > kMaxFrameBytes) {
    ++statistics_.dropped_bad;
    return;
  }
  Bytes const contents = frame.contents();
  MacAddress destination;
  MacAddress source;
  std::copy_n(contents.begin(), 6, destination.bytes.begin());
  std::copy_n(contents.begin() + 6, 6, source.bytes.begin());
  if (!source.is_group()) learn(source, from);
  auto const known = stations_.find(destination);
  bool const unicast = !destination.is_group() && known != stations_.end() &&
                       present() - known->second.seen <= kAgeing;
  if (unicast) {
    if (known->second.port == from) {
      ++statistics_.filtered;
    } else {
      send(known->second.port, frame);
    }
    return;
  }
  ++statistics_.flooded;
  for (unsigned i = 0; i < ports_.size(); ++i) {
    if (i != from) send(i, frame);
  }
}

// A full table forgets the station that was silent for longest.
void LearningSwitch::learn(MacAddress const& source, unsigned port) {
  stations_[source] = {port, present()};
  if (stations_.size() <= kMaxStations) return;
  auto const oldest =
      std::min_element(stations_.begin(), stations_.end(),
                       [](auto const& a, auto const& b) { return a.second.seen < b.second.seen; });
  stations_.erase(oldest);
}

void LearningSwitch::send(unsigned port, WireFrame const& frame) {
  Port& out = *ports_[port];
  if (out.wire == nullptr) return;
  TimePoint const start = std::max(present() + kLatency, out.line_free);
  if (start - present() > kLatency + kQueue) {
    ++statistics_.dropped_full;
    return;
  }
  FramePiece piece = frame.as_piece();
  piece.start = start;
  out.line_free = start + kByteTime * static_cast<std::int64_t>(frame.bytes.size()) + kGap;
  ++statistics_.forwarded;
  out.wire->send(piece);
}

}  // namespace ringside::testbench
