// The whole Verilated NIC with a host on AXI and its own cable plugged into itself. The test plays
// the driver, on one transmit and one receive virtqueue.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "Vnic.h"
#include "interface/layout/registers.hpp"
#include "tests/rtl/host/dma_memory.hpp"

namespace ringside::testbench {

// The AXI4 pins of the NIC under the names that AxiHost knows.
struct NicAxiPins {
  explicit NicAxiPins(Vnic& nic);

  CData &arready_i, &rvalid_i, &rid_i, &rresp_i, &rlast_i, &awready_i, &wready_i, &bvalid_i,
      &bresp_i;
  VlWide<4>& rdata_i;
  CData &rready_o, &arvalid_o, &arlen_o, &arid_o, &arsize_o, &arburst_o;
  QData& araddr_o;
  CData &bready_o, &awvalid_o, &awlen_o, &awid_o, &awsize_o, &awburst_o, &wvalid_o, &wlast_o;
  QData& awaddr_o;
  SData& wstrb_o;
  VlWide<4>& wdata_o;
};

class NicBench {
 public:
  static constexpr std::uint16_t kQueueSize = 8;
  static constexpr std::uint64_t kMessage = 0xFEE0'0000;  // of vector v: 4 * v bytes on
  static constexpr std::uint64_t kRing = 0x1'0000;        // of queue q: 0x1'0000 * q bytes on

  explicit NicBench(std::uint64_t seed);
  ~NicBench();

  Vnic& pins() { return *dut_; }
  AxiHost<NicAxiPins>& host() { return host_; }

  void run(int cycles);
  // No region would change at the next edge but by its pins.
  bool resting() const {
    return !(dut_->awake_host_o | dut_->awake_virtio_o | dut_->awake_transmit_o |
             dut_->awake_receive_o | dut_->awake_read_o | dut_->awake_write_o |
             dut_->awake_control_o);
  }
  std::uint64_t read(std::uint32_t offset, unsigned bytes);
  void write(std::uint32_t offset, unsigned bytes, std::uint64_t value);
  std::uint8_t status();
  std::uint64_t counter(std::string_view name);

  // A session: rings cleared, features agreed on, queues enabled, vectors 0, 1, 2, DRIVER_OK.
  void bring_up();
  void post_receive();
  void post_transmit(std::vector<std::uint8_t> const& frame);
  void notify(std::uint16_t queue);
  // Whether the oldest buffer of the queue has come back; then it is taken off.
  bool take_used(std::uint16_t queue);
  // Runs until it has; false after a driver's patience.
  bool wait_used(std::uint16_t queue);
  // What lies in the receive buffer that was taken last, its header left out.
  std::vector<std::uint8_t> received() const;
  // Data of the last message of a vector; 0 if there was none.
  std::uint32_t message(unsigned vector) const;

 private:
  void clock(CData level);
  void cycle();
  std::uint64_t load(std::uint64_t at, unsigned bytes) const;
  void store(std::uint64_t at, unsigned bytes, std::uint64_t value);
  void post(std::uint16_t queue, std::uint64_t at, std::uint32_t length, std::uint16_t flags);
  static std::uint64_t buffer(std::uint16_t queue, unsigned slot) {
    return 0x10'0000 * (queue + 1ULL) + 0x1000 * slot + 3;  // no special alignment
  }

  struct Position {
    unsigned slot = 0;
    bool wrap = true;
    void step() {
      if (++slot < kQueueSize) return;
      slot = 0;
      wrap = !wrap;
    }
  };

  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Vnic> dut_ = std::make_unique<Vnic>(context_.get());
  NicAxiPins axi_{*dut_};
  AxiHost<NicAxiPins> host_;
  Position available_[layout::kNumQueues];
  Position used_[layout::kNumQueues];
  unsigned received_slot_ = 0;
  std::uint32_t received_length_ = 0;
};

}  // namespace ringside::testbench
