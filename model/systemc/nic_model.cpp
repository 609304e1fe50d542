#include "model/systemc/nic_model.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

#include "interface/layout/registers.hpp"
#include "model/systemc/sim_time.hpp"

namespace ringside::model {
namespace {

constexpr Duration kInterFrameGap = 12 * kByteTime;

constexpr std::size_t kTransmitStorage = 16384;  // the MAC's frame buffer

}  // namespace

NicModel::NicModel(sc_core::sc_module_name name, MacAddress mac)
    : sc_module(name), bar("bar"), memory_("dma"), nic_(memory_, *this, *this, mac) {
  using sc_core::sc_spawn;
  bar.register_b_transport(this, &NicModel::access_bar);
  sc_spawn([this] { transmit_thread(); }, "transmit");
  sc_spawn([this] { receive_thread(); }, "receive");
  sc_spawn([this] { control_thread(); }, "control");
  sc_spawn([this] { interrupt_thread(); }, "interrupt");
  sc_spawn([this] { wire_thread(); }, "wire");
  sc_core::sc_spawn_options arrivals;
  arrivals.spawn_method();
  arrivals.dont_initialize();
  arrivals.set_sensitivity(&arrival_);
  sc_spawn([this] { arrive(); }, "arrive", &arrivals);
  sc_core::sc_spawn_options changes;
  changes.spawn_method();
  changes.dont_initialize();
  changes.set_sensitivity(&line_);
  sc_spawn([this] { follow_line(); }, "follow_line", &changes);
}

TimePoint NicModel::now() const { return present(); }

void NicModel::wake() {
  transmit_work_.notify(sc_core::SC_ZERO_TIME);
  receive_work_.notify(sc_core::SC_ZERO_TIME);
  control_work_.notify(sc_core::SC_ZERO_TIME);
  interrupt_work_.notify(sc_core::SC_ZERO_TIME);
  wire_work_.notify(sc_core::SC_ZERO_TIME);
  if (nic_.draining()) room_.notify(sc_core::SC_ZERO_TIME);
}

// --- The host side.

void NicModel::access_bar(tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
  std::uint64_t const offset = payload.get_address();
  unsigned const size = payload.get_data_length();
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  if (size == 0 || size > 4) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  if (offset >= layout::kBarSize || layout::kBarSize - offset < size) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  std::array<std::uint8_t, 4> bytes{};
  auto* const data = payload.get_data_ptr();
  if (payload.is_read()) {
    store_le<std::uint32_t>(bytes.data(), nic_.read(static_cast<std::uint32_t>(offset), size));
    std::copy_n(bytes.begin(), size, data);
  } else if (payload.is_write()) {
    std::copy_n(data, size, bytes.begin());
    nic_.write(static_cast<std::uint32_t>(offset), size, load_le<std::uint32_t>(bytes.data()));
    wake();
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

void NicModel::set_msix(bool enable, bool function_mask) {
  nic_.set_msix(enable, function_mask);
  wake();
}

void NicModel::set_bus_master(bool allowed) {
  nic_.set_bus_master(allowed);
  wake();
}

void NicModel::set_link(bool up) {
  nic_.set_link(up);
  wake();
}

// --- The wire.

void NicModel::receive(FramePiece const& piece) {
  if (piece.starts() && on_stamp_) on_stamp_(Way::Received, piece.start);
  MacReceiver::Outcome outcome = mac_.receive(piece);
  auto const end = piece.start + static_cast<std::int64_t>(piece.bytes.size()) * kByteTime;
  if (outcome.broken) arrivals_.push_back({piece.start, std::move(*outcome.broken)});
  if (outcome.ended) arrivals_.push_back({end, std::move(*outcome.ended)});
  if (!arrivals_.empty()) arrival_.notify(until(arrivals_.front().at));
}

void NicModel::arrive() {
  while (!arrivals_.empty() && arrivals_.front().at <= present()) {
    nic_.receive(std::move(arrivals_.front().frame));
    arrivals_.pop_front();
    receive_work_.notify(sc_core::SC_ZERO_TIME);
    wire_work_.notify(sc_core::SC_ZERO_TIME);
  }
  if (!arrivals_.empty()) arrival_.notify(until(arrivals_.front().at));
}

void NicModel::signal(LineChange const& change) {
  line_changes_.push_back(change);
  line_.notify(until(std::min(line_changes_.front().start, link_.next())));
}

// What has come of the line up to now, in the order of its time.
void NicModel::follow_line() {
  for (;;) {
    bool const is_change = !line_changes_.empty() && line_changes_.front().start <= present();
    TimePoint const limit = is_change ? line_changes_.front().start - Duration{1} : present();
    while (auto const fault = link_.step(limit)) nic_.set_fault(fault->signal);
    if (!is_change) break;
    link_.change(line_changes_.front());
    line_changes_.pop_front();
  }
  wake();
  TimePoint next = link_.next();
  if (!line_changes_.empty()) next = std::min(next, line_changes_.front().start);
  if (next != kNever) line_.notify(until(next));
}

// A frame that is handed over leaves sooner or later, whatever becomes of its session.
void NicModel::send(Bytes frame) {
  frames_.emplace_back(frame.begin(), frame.end());
  frames_bytes_ += frame.size();
  wire_work_.notify(sc_core::SC_ZERO_TIME);
  while (frames_bytes_ > kTransmitStorage && !nic_.draining()) sc_core::wait(room_);
}

// What is sent is decided at each frame's start: frames of flow control first, those of the host if
// nobody has asked for silence, none while the link has a fault. The other end is told of a local
// fault meanwhile (46.3.4).
void NicModel::wire_thread() {
  for (;;) {
    show_line(nic_.fault() == LineSignal::LocalFault ? LineSignal::RemoteFault : LineSignal::Idle);
    TimePoint next = kNever;
    if (nic_.fault() == LineSignal::Idle) {
      if (nic_.flow().due(present())) {
        begin_frame(nic_.flow().take(present()));
        continue;
      }
      next = nic_.flow().deadline();
      if (!frames_.empty() && nic_.silent_until() <= present()) {
        std::vector<std::uint8_t> const frame = std::move(frames_.front());
        frames_.pop_front();
        frames_bytes_ -= frame.size();
        room_.notify(sc_core::SC_ZERO_TIME);
        begin_frame(frame);
        continue;
      }
      if (!frames_.empty()) next = std::min(next, nic_.silent_until());
    }
    if (next == kNever) {
      sc_core::wait(wire_work_);
    } else {
      sc_core::wait(until(next), wire_work_);
    }
  }
}

// Returns when the next frame may begin.
void NicModel::begin_frame(std::vector<std::uint8_t> const& frame) {
  assert(wire_ != nullptr);
  std::vector<std::uint8_t> bytes(kPreamble.begin(), kPreamble.end());
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  TimePoint const start = present();
  if (on_stamp_) on_stamp_(Way::Sent, start);
  wire_->send({.start = start, .bytes = bytes, .first = true, .last = true});
  nic_.sent(frame);
  auto const length = static_cast<std::int64_t>(bytes.size());
  sc_core::wait(until(start + length * kByteTime + kInterFrameGap));
}

void NicModel::show_line(LineSignal signal) {
  if (signal == line_sent_) return;
  line_sent_ = signal;
  wire_->signal({present(), signal});
}

// --- Work. A step may change what the other kinds have to do: give a queue reason to interrupt, or
// end a reset that others waited for.

void NicModel::transmit_thread() {
  for (;;) {
    while (nic_.transmit_ready()) {
      nic_.transmit_step();
      interrupt_work_.notify(sc_core::SC_ZERO_TIME);
    }
    sc_core::wait(transmit_work_);
  }
}

void NicModel::receive_thread() {
  for (;;) {
    while (nic_.receive_ready()) {
      nic_.receive_step();
      interrupt_work_.notify(sc_core::SC_ZERO_TIME);
      wire_work_.notify(sc_core::SC_ZERO_TIME);
    }
    sc_core::wait(receive_work_);
  }
}

void NicModel::control_thread() {
  for (;;) {
    while (nic_.control_ready()) {
      nic_.control_step();
      interrupt_work_.notify(sc_core::SC_ZERO_TIME);
    }
    sc_core::wait(control_work_);
  }
}

void NicModel::interrupt_thread() {
  for (;;) {
    while (nic_.interrupt_ready()) nic_.interrupt_step();
    TimePoint const deadline = nic_.deadline();
    if (deadline == kNever) {
      sc_core::wait(interrupt_work_);
    } else {
      sc_core::wait(until(deadline), interrupt_work_);
    }
  }
}

}  // namespace ringside::model
