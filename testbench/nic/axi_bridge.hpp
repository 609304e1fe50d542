// The bridge between the NIC's AXI4 master and its PCIe endpoint: bursts become TLPs and back.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>

#include "testbench/bus/pcie_link.hpp"
#include "testbench/nic/bounded_queue.hpp"
#include "testbench/nic/observer.hpp"
#include "testbench/nic/pins.hpp"

namespace ringside::testbench {

// drive() sets the inputs of a cycle and takes the handshakes of its clock edge. It relies on the
// NIC's outputs being registers, so that what they show before the edge does not depend on inputs.
class AxiBridge {
 public:
  AxiBridge(Pins& pins, PcieLink& link) : pins_(pins), link_(link) {}

  void drive(Cycle cycle);

  // The next cycle at which an input may change by itself; `cycle` itself while a burst is under
  // way.
  Cycle next(Cycle cycle) const;

  void completion(TimePoint at, PcieDevice::Completion const& completion);

  void observe(NicObserver* observer) { observer_ = observer; }

  // For tests: a burst that this says true to is answered with SLVERR instead of reaching memory.
  void inject_error(std::function<bool(bool write, std::uint64_t address)> f) {
    error_ = std::move(f);
  }

 private:
  static constexpr unsigned kIds = 4;
  static constexpr unsigned kTags = 64;
  static constexpr std::size_t kBeatBytes = 16;
  static constexpr std::size_t kMaxWrites = 8;     // addresses accepted ahead of their data
  static constexpr Cycle kWriteResponse = 4;       // from the last beat to B: the write is posted
  static constexpr std::size_t kMaxResponses = 8;  // one begins and one ends a cycle at most
  static constexpr std::uint8_t kOkay = 0;
  static constexpr std::uint8_t kSlaveError = 2;

  struct Read {
    std::uint32_t size = 0;      // bytes from the first address to the end of the last beat
    std::uint32_t lead = 0;      // lanes in front of the first byte
    std::uint32_t received = 0;  // bytes here by now
    std::uint32_t beats = 0;
    std::uint32_t sent = 0;  // beats
    std::uint8_t response = kOkay;
    bool busy = false;
    alignas(16) std::array<std::uint8_t, 272> data;  // from lane 0 of the first beat on
  };
  struct Arrival {
    Cycle cycle;
    std::uint32_t tag;
    std::uint32_t bytes;
    bool ok;
  };
  struct Write {
    std::uint64_t address;
    std::uint32_t beats;
  };
  struct Response {
    Cycle cycle;
    std::uint8_t code;
  };

  // A ready is driven when something is offered; before that nothing looks at it.
  void accept_read_address(Cycle cycle) {
    bool const ready = !free_tags_.empty();
    pins_.m_axi_arready_i = ready;
    if (ready) begin_read(cycle);
  }
  void begin_read(Cycle cycle);
  void send_read_data(Cycle cycle);
  void accept_write_address(bool ready) {
    ready = ready && writes_.size() < kMaxWrites;
    pins_.m_axi_awready_i = ready;
    if (pins_.m_axi_awvalid_o && ready) begin_write();
  }
  void begin_write();
  // Data is taken once its address is known.
  void accept_write_data(Cycle cycle, bool ready) {
    ready = ready && !writes_.empty();
    pins_.m_axi_wready_i = ready;
    if (pins_.m_axi_wvalid_o && ready) take_write_data(cycle);
  }
  void take_write_data(Cycle cycle);
  void send_write_response(Cycle cycle);
  void finish_write(Cycle cycle);
  void take_arrivals(Cycle cycle);
  bool beat_ready(std::uint32_t tag) const;
  void drive_beat(Cycle cycle, std::uint32_t tag);

  Pins& pins_;
  PcieLink& link_;
  std::function<bool(bool, std::uint64_t)> error_;
  NicObserver* observer_ = nullptr;

  std::array<Read, kTags> reads_;
  BoundedQueue<std::uint32_t, kTags> free_tags_ = [] {
    BoundedQueue<std::uint32_t, kTags> all;
    for (std::uint32_t tag = 0; tag < kTags; ++tag) all.push_back(tag);
    return all;
  }();
  std::array<BoundedQueue<std::uint32_t, kTags>, kIds> order_;  // tags by AXI ID, oldest first
  std::deque<Arrival> arrivals_;
  unsigned turn_ = 0;
  bool beat_shown_ = false;
  bool beats_wait_ = false;  // perhaps: something came since none was found

  BoundedQueue<Write, kMaxWrites> writes_;
  std::uint64_t first_byte_ = 0;  // address of data_[0]
  std::uint32_t data_bytes_ = 0;
  std::uint32_t data_beats_ = 0;
  std::array<std::uint8_t, 256> data_;
  BoundedQueue<Response, kMaxResponses> responses_;
  bool response_shown_ = false;
};

}  // namespace ringside::testbench
