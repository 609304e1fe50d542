// Feeds mac_rx with words and records the frames it gives and the events it counts.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "Vmac_rx.h"
#include "tests/rtl/ethernet/xgmii.hpp"

namespace ringside::test {

// In the order of the event struct, from its top.
enum class RxEvent {
  Frames,
  FcsErrors,
  Undersize,
  Fragments,
  Oversize,
  Jabbers,
  SymbolErrors,
  FramingErrors,
  Count
};

struct RxCounts {
  std::array<int, static_cast<std::size_t>(RxEvent::Count)> of{};
  int operator[](RxEvent event) const { return of[static_cast<std::size_t>(event)]; }
  int total() const { return std::accumulate(of.begin(), of.end(), 0); }
};

class RxBench {
 public:
  RxBench() {
    mac_->rst_i = 1;
    cycle({});
    cycle({});
    mac_->rst_i = 0;
  }

  void cycle(XgmiiWord const& word) {
    mac_->xgmii_rxd_i = word.data;
    mac_->xgmii_rxc_i = word.control;
    mac_->clk_i = 0;
    mac_->eval();
    quiescent = mac_->quiescent_o;
    mac_->clk_i = 1;
    mac_->eval();
    collect_events();
    if (mac_->valid_o) collect_beat();
  }

  void receive(std::vector<XgmiiWord> const& words) {
    for (auto const& word : words) cycle(word);
  }
  void receive(XgmiiLine const& line) {
    receive(line.words());
    drain();
  }
  void drain() {
    for (int i = 0; i < 10; ++i) cycle({});
  }

  std::vector<Frame> good;
  int bad = 0;             // frames that ended in a beat without good_o
  std::size_t stored = 0;  // bytes of the present frame given out, or of the last one
  RxCounts counts;
  std::vector<std::uint32_t> octets;
  bool quiescent = false;
  bool sound = true;  // beats are full but for the last, and one event comes at a time

 private:
  void collect_events() {
    constexpr int kKinds = static_cast<int>(RxEvent::Count);
    int pulses = 0;
    for (int i = 0; i < kKinds; ++i) {
      int const pulse = (mac_->events_o >> (16 + kKinds - 1 - i)) & 1;
      counts.of[static_cast<std::size_t>(i)] += pulse;
      pulses += pulse;
    }
    if (pulses > 1) sound = false;
    if (((mac_->events_o >> (16 + kKinds - 1)) & 1) != 0) octets.push_back(mac_->events_o & 0xFFFF);
  }

  void collect_beat() {
    std::uint64_t const data = mac_->beat_o[0] | (std::uint64_t{mac_->beat_o[1]} << 32);
    unsigned const count = mac_->beat_o[2] & 0xF;
    bool const last = (mac_->beat_o[2] & 0x10) != 0;
    if (count < 1 || count > 8 || (!last && count != 8)) sound = false;
    for (unsigned i = 0; i < count; ++i) {
      frame_.push_back(static_cast<std::uint8_t>(data >> (8 * i)));
    }
    stored = frame_.size();
    if (!last) return;
    if (mac_->good_o) {
      good.push_back(frame_);
    } else {
      ++bad;
    }
    frame_.clear();
  }

  std::unique_ptr<Vmac_rx> mac_ = std::make_unique<Vmac_rx>();
  Frame frame_;
};

}  // namespace ringside::test
