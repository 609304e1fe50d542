// Drives mac_tx with frames and records what it puts on the wire.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "Vmac_tx.h"
#include "tests/rtl/ethernet/xgmii.hpp"

namespace ringside::test {

class TxBench {
 public:
  TxBench() {
    mac_->rst_i = 1;
    cycle();
    cycle();
    mac_->rst_i = 0;
    words.clear();
  }

  void send(Frame frame) { pending_.push_back(std::move(frame)); }

  // One clock; what the wire shows behind it goes to `words`.
  void cycle() {
    bool const offer = !pending_.empty();
    mac_->valid_i = offer;
    if (offer) offer_beat();
    mac_->clk_i = 0;
    mac_->eval();
    quiescent = mac_->quiescent_o;
    bool const taken = offer && mac_->ready_o;
    mac_->clk_i = 1;
    mac_->eval();
    if (taken) step();
    words.push_back({mac_->xgmii_txd_o, mac_->xgmii_txc_o});
    if (((mac_->events_o >> 16) & 1) != 0) sent_octets.push_back(mac_->events_o & 0xFFFF);
  }

  // Until the last frame has left and the line rests.
  void drain() {
    for (int i = 0; i < 100'000 && !(pending_.empty() && quiescent); ++i) cycle();
  }

  std::vector<XgmiiWord> words;
  std::vector<std::uint32_t> sent_octets;
  bool quiescent = false;

 private:
  void offer_beat() {
    Frame const& frame = pending_.front();
    std::size_t const left = frame.size() - offset_;
    std::size_t const count = left < 8 ? left : 8;
    // Bytes behind the end are noise: the MAC must not let them out as padding.
    std::uint64_t data = 0xDEADBEEFDEADBEEF;
    for (std::size_t i = count; i-- > 0;) data = (data << 8) | frame[offset_ + i];
    mac_->beat_i[0] = static_cast<std::uint32_t>(data);
    mac_->beat_i[1] = static_cast<std::uint32_t>(data >> 32);
    mac_->beat_i[2] = static_cast<std::uint32_t>(count) | (left <= 8 ? 0x10 : 0);
  }

  void step() {
    offset_ += 8;
    if (offset_ < pending_.front().size()) return;
    pending_.pop_front();
    offset_ = 0;
  }

  std::unique_ptr<Vmac_tx> mac_ = std::make_unique<Vmac_tx>();
  std::deque<Frame> pending_;
  std::size_t offset_ = 0;
};

}  // namespace ringside::test
