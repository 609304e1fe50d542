// The Verilated registers of the NIC with an AXI4-Lite master in front, and at the other side
// blocks that drain when told and a DMA engine that takes MSI-X messages.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "Vregisters.h"
#include "interface/layout/registers.hpp"

namespace ringside::testbench {

struct Message {
  std::uint64_t address;
  std::uint32_t data;
  bool operator==(Message const&) const = default;
};

class RegistersBench {
 public:
  static constexpr std::uint64_t kMac = 0x0605'0403'0202;  // 02:02:03:04:05:06

  RegistersBench();

  Vregisters& pins() { return *dut_; }
  // One clock. Checks that a quiescent block stood still if no pin was touched since the last one.
  void tick(int cycles = 1);

  // An access of `strobe` bytes to the word at `offset`; returns when it is answered.
  void write_word(std::uint32_t offset, std::uint32_t data, unsigned strobe = 0xF);
  std::uint32_t read_word(std::uint32_t offset);
  // 1, 2, 4 or 8 bytes, anywhere aligned to their size (8: as two words, the lower one first).
  void write(std::uint32_t offset, unsigned bytes, std::uint64_t value);
  std::uint64_t read(std::uint32_t offset, unsigned bytes);

  // A register by its place in the tables, in full width.
  void set(layout::Block const& block, layout::Register const& r, std::uint64_t value) {
    write(block.offset + r.offset, r.width / 8, value);
  }
  std::uint64_t get(layout::Block const& block, layout::Register const& r) {
    return read(block.offset + r.offset, r.width / 8);
  }
  void set_common(std::string_view name, std::uint64_t value) {
    set(layout::kCommonBlock, common(name), value);
  }
  std::uint64_t common_value(std::string_view name) {
    return get(layout::kCommonBlock, common(name));
  }
  std::uint8_t status() { return static_cast<std::uint8_t>(common_value("device_status")); }

  // Walks the handshake as a driver does.
  void accept_features(std::uint64_t features);
  void enable_queue(std::uint16_t queue, std::uint64_t desc = 0x1000);
  void go_live(std::uint64_t features = layout::kFeaturesRequired);
  void program_vector(unsigned vector, std::uint64_t address, std::uint32_t data, bool masked);
  // Waits until the status is 0; false if that takes longer than a driver's patience.
  bool reset_ends();

  // What came out since the last call.
  std::array<int, layout::kNumQueues> take_notifications();
  std::vector<Message> take_messages();

  // The DMA engine: whether it takes requests, and how long a message takes to be acknowledged.
  bool dma_ready = true;
  int dma_delay = 3;
  bool check_quiescence = true;

 private:
  static layout::Register const& common(std::string_view name);
  std::vector<std::uint32_t> outputs();
  std::vector<std::uint32_t> inputs();
  void serve_dma();

  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Vregisters> dut_ = std::make_unique<Vregisters>(context_.get());
  std::array<int, layout::kNumQueues> notifications_{};
  std::vector<Message> messages_;
  std::uint64_t message_address_ = 0;
  bool request_taken_ = false;
  bool beat_taken_ = false;
  int done_in_ = 0;
  bool was_quiescent_ = false;
  std::vector<std::uint32_t> last_inputs_;
};

}  // namespace ringside::testbench
