#include "testbench/nic/axi_rules.hpp"

#include <cstring>
#include <utility>

namespace ringside::testbench {

void AxiRules::object(Cycle cycle, std::string what) {
  if (!violation_) violation_ = {cycle, std::move(what)};
}

void AxiRules::look(Cycle cycle, Pins const& pins) {
  auto const flag = [](auto pin) { return pin != 0; };
  AxiAddress const ar{flag(pins.m_axi_arvalid_o), flag(pins.m_axi_arready_i), pins.m_axi_araddr_o,
                      pins.m_axi_arlen_o,         pins.m_axi_arsize_o,        pins.m_axi_arburst_o,
                      pins.m_axi_arid_o};
  AxiAddress const aw{flag(pins.m_axi_awvalid_o), flag(pins.m_axi_awready_i), pins.m_axi_awaddr_o,
                      pins.m_axi_awlen_o,         pins.m_axi_awsize_o,        pins.m_axi_awburst_o,
                      pins.m_axi_awid_o};
  AxiWriteData w{flag(pins.m_axi_wvalid_o),
                 flag(pins.m_axi_wready_i),
                 flag(pins.m_axi_wlast_o),
                 pins.m_axi_wstrb_o,
                 0,
                 0};
  auto const* const data = reinterpret_cast<std::uint8_t const*>(&pins.m_axi_wdata_o);
  std::memcpy(&w.low, data, 8);
  std::memcpy(&w.high, data + 8, 8);
  edge(cycle, ar, aw, w);
}

void AxiRules::edge(Cycle cycle, AxiAddress const& ar, AxiAddress const& aw,
                    AxiWriteData const& w) {
  check(cycle, "AR", ar, ar_);
  check(cycle, "AW", aw, aw_);
  if (aw.valid && aw.ready) bursts_.push_back(aw);
  check_data(cycle, w);
  auto const waiting = [](auto const& channel) { return channel.valid && !channel.ready; };
  waits_ = waiting(ar) || waiting(aw) || waiting(w);
}

void AxiRules::check(Cycle cycle, char const* channel, AxiAddress const& now, AxiAddress& before) {
  std::string const name(channel);
  if (before.valid && !before.ready) {
    bool const same = now.address == before.address && now.length == before.length &&
                      now.size == before.size && now.burst == before.burst && now.id == before.id;
    if (!now.valid) object(cycle, name + "VALID falls before " + name + "READY");
    if (now.valid && !same) object(cycle, "what " + name + " offers changes before it is taken");
  }
  before = now;
  if (!now.valid) return;
  std::uint64_t const begin = now.address & ~(kBeatBytes - 1);
  std::uint64_t const last = begin + kBeatBytes * now.length;
  if (now.burst != kIncrementing) object(cycle, name + "BURST is not INCR");
  if (now.size != kBeatSize) object(cycle, name + "SIZE is not that of the bus");
  if (begin / kPage != last / kPage) object(cycle, "a burst on " + name + " crosses 4 KiB");
}

void AxiRules::check_data(Cycle cycle, AxiWriteData const& now) {
  if (w_.valid && !w_.ready) {
    bool const same = now.last == w_.last && now.strobes == w_.strobes && now.low == w_.low &&
                      now.high == w_.high;
    if (!now.valid) object(cycle, "WVALID falls before WREADY");
    if (now.valid && !same) object(cycle, "what W offers changes before it is taken");
  }
  w_ = now;
  if (!now.valid || !now.ready) return;
  if (bursts_.empty()) {
    object(cycle, "write data is taken before its address");
    return;
  }
  AxiAddress const& burst = bursts_.front();
  auto const lanes_before = static_cast<std::uint32_t>(burst.address % kBeatBytes);
  bool const below = beats_ == 0 && (now.strobes & ((1U << lanes_before) - 1)) != 0;
  if (below) object(cycle, "WSTRB names a byte below the burst's address");
  bool const last = beats_ == burst.length;
  if (now.last != last) object(cycle, last ? "WLAST is missing" : "WLAST comes too early");
  if (!last) {
    ++beats_;
    return;
  }
  beats_ = 0;
  bursts_.pop_front();
}

}  // namespace ringside::testbench
