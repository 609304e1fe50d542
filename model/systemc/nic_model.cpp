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

// The MAC's frame buffer of 16 KiB, told as time on the wire.
constexpr Duration kTransmitStorage = 16384 * kByteTime;

}  // namespace

NicModel::NicModel(sc_core::sc_module_name name, MacAddress mac)
    : sc_module(name), bar("bar"), memory_("dma"), nic_(memory_, *this, *this, mac) {
  using sc_core::sc_spawn;
  bar.register_b_transport(this, &NicModel::access_bar);
  sc_spawn([this] { transmit_thread(); }, "transmit");
  sc_spawn([this] { receive_thread(); }, "receive");
  sc_spawn([this] { interrupt_thread(); }, "interrupt");
  sc_core::sc_spawn_options method;
  method.spawn_method();
  method.dont_initialize();
  method.set_sensitivity(&arrival_);
  sc_spawn([this] { arrive(); }, "arrive", &method);
}

TimePoint NicModel::now() const { return present(); }

void NicModel::wake() {
  transmit_work_.notify(sc_core::SC_ZERO_TIME);
  receive_work_.notify(sc_core::SC_ZERO_TIME);
  interrupt_work_.notify(sc_core::SC_ZERO_TIME);
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
  }
  if (!arrivals_.empty()) arrival_.notify(until(arrivals_.front().at));
}

// A frame's time on the wire is certain as soon as it is its turn, so the wire is told at once; the
// caller waits only if the MAC would hold more than its buffer does.
void NicModel::send(Bytes frame) {
  put_on_wire(frame);
  TimePoint const room = wire_free_ - std::min(kTransmitStorage, wire_free_.time_since_epoch());
  if (room > present()) sc_core::wait(until(room));
}

void NicModel::put_on_wire(Bytes frame) {
  assert(wire_ != nullptr);
  std::vector<std::uint8_t> bytes(kPreamble.begin(), kPreamble.end());
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  TimePoint const start = std::max(present(), wire_free_);
  auto const length = static_cast<std::int64_t>(bytes.size());
  wire_free_ = start + length * kByteTime + kInterFrameGap;
  wire_->send({.start = start, .bytes = bytes, .first = true, .last = true});
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
    }
    sc_core::wait(receive_work_);
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
