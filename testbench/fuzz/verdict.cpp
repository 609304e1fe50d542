// What has to be so when a run is over, whatever happened in it.
#include <string_view>

#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/perform.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::size_t kFrames = 3;

std::size_t index_of(std::string_view name) {
  std::size_t index = 0;
  while (layout::kStatistics.at(index).name != name) ++index;
  return index;
}

}  // namespace

void Rig::self_test() {
  progress_.waits_for = "the self-test waits for the NIC";
  reset();
  host.link.make_trouble({});
  Action start = simplest(Kind::Start);
  start[start::Indirect] = start[start::EventIdx] = start[start::Mergeable] = 1;
  start[start::Csum] = start[start::GuestCsum] = 1;
  begin(start);
  memory_fails_ = false;
  std::uint64_t const delivered = delivered_;
  Action post = simplest(Kind::Post);
  post[offer::Bytes] = 2048;
  post[offer::Count_] = kFrames;
  Action send = simplest(Kind::Send);
  send[offer::Count_] = kFrames;
  Action arrive = simplest(Kind::Arrive);
  arrive[arrive::Count_] = kFrames;
  perform(*this, post);
  pass(us(10));
  perform(*this, send);
  perform(*this, arrive);
  settle();
  if (needs_reset()) throw Failure("self-test", "behind a reset the NIC needs another one");
  if (delivered_ - delivered != kFrames) {
    throw Failure("self-test", "behind a reset " + std::to_string(delivered_ - delivered) + " of " +
                                   std::to_string(kFrames) + " frames are delivered");
  }
  check_counters();
  reset();
  sessions.pop_back();  // it is the same in every run
}

void Rig::check_counters() {
  for (auto const& [name, expected] : station.counters()) {
    std::uint64_t const shown = counter(index_of(name));
    if (shown == expected) continue;
    throw Failure("counters", std::string(name) + " are " + std::to_string(shown) +
                                  ", and on the wire there were " + std::to_string(expected));
  }
  auto const value = [this](std::string_view name) { return counter(index_of(name)); };
  std::uint64_t const good = value("rx_frames");
  std::uint64_t const bad = value("rx_fcs_errors") + value("rx_undersize") + value("rx_fragments") +
                            value("rx_oversize") + value("rx_jabbers") + value("rx_symbol_errors") +
                            value("rx_framing_errors");
  if (good + bad != station.sent()) {
    throw Failure("counters", std::to_string(station.sent()) + " frames came, and the NIC counts " +
                                  std::to_string(good) + " good and " + std::to_string(bad) +
                                  " bad ones");
  }
  std::uint64_t const used =
      value("rx_packets") + value("rx_dropped_no_buffer") + value("rx_dropped_overrun") +
      value("rx_dropped_error") + value("rx_filtered") + value("rx_pause_frames") +
      value("rx_pfc_frames") + value("rx_unsupported_opcodes") + value("rx_control_ignored");
  if (good != used) {
    throw Failure("counters", "of " + std::to_string(good) + " good frames the NIC says of " +
                                  std::to_string(used) + " what became of them");
  }
  std::uint64_t const packets = value("tx_packets");
  std::uint64_t const accounted = value("tx_frames") - value("tx_pause_frames") -
                                  value("tx_pfc_frames") + value("tx_dropped_malformed") +
                                  value("tx_dropped_error");
  if (!broken_off_ && (cut_ ? packets > accounted : packets != accounted)) {
    throw Failure("counters", "of " + std::to_string(packets) + " packets the NIC says of " +
                                  std::to_string(accounted) + " what became of them");
  }
}

void Rig::finish() {
  host.nic().finish();
  look_for_trouble();
}

std::uint64_t Rig::hash() const {
  EventHash all;
  all.add(host.link.hash().value());
  all.add(host.to_nic.hash().value());
  all.add(host.from_nic.hash().value());
  all.add(delivered_);
  return all.value();
}

}  // namespace ringside::testbench::fuzz
