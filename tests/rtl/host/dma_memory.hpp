// A host for the DMA engines: sparse memory behind an AXI4 slave that answers late, out of turn and
// with pauses, and that checks every rule of the protocol a master can break.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

#include "interface/base/random.hpp"
#include "tests/rtl/host/dma_pins.hpp"

namespace ringside::testbench {

// Bytes by address. What was never written reads as a function of its address.
class SparseMemory {
 public:
  static std::uint8_t untouched(std::uint64_t addr) {
    std::uint64_t const mixed = (addr + 0x9E3779B9) * 0xD6E8FEB86659FD93;
    return static_cast<std::uint8_t>(mixed >> 56);
  }
  std::uint8_t at(std::uint64_t addr) const {
    auto const found = written_.find(addr);
    return found == written_.end() ? untouched(addr) : found->second;
  }
  void set(std::uint64_t addr, std::uint8_t value) { written_[addr] = value; }
  std::size_t written() const { return written_.size(); }
  void clear() { written_.clear(); }

 private:
  std::unordered_map<std::uint64_t, std::uint8_t> written_;
};

struct AxiBehaviour {
  unsigned read_latency = 0;        // cycles from AR to the first beat at least
  unsigned read_spread = 0;         // more, by chance
  unsigned write_latency = 0;       // cycles from the last W to B
  double address_pause = 0;         // chance of a cycle without ARREADY or AWREADY
  double data_pause = 0;            // chance of a cycle without RVALID, WREADY or BVALID
  bool interleave = false;          // beats of different IDs mix
  bool address_after_data = false;  // AWREADY waits for the burst's last W beat
  bool data_after_address = false;  // WREADY waits for the burst's AW
};

struct Burst {
  std::uint64_t addr = 0;
  unsigned beats = 0;
  unsigned id = 0;
};

// The slave's side of the pins. `drive` sets its outputs for a cycle, `sample` looks at the
// handshakes once the model has settled.
template <class Model>
class AxiHost {
 public:
  AxiHost(Model& model, Random random) : model_(model), random_(random) {}

  AxiBehaviour behaviour;
  SparseMemory memory;
  std::uint64_t error_from = 0;  // accesses in [error_from, error_to) are answered by SLVERR
  std::uint64_t error_to = 0;

  std::vector<Burst> reads;  // every burst that was asked for
  std::vector<Burst> writes;
  std::vector<std::pair<std::uint16_t, bool>> write_beats;  // strobes and WLAST
  unsigned reads_in_flight = 0;
  unsigned most_reads_in_flight = 0;
  std::uint64_t cycle = 0;  // counted by the test

  bool idle() const {
    return reads_in_flight == 0 && addresses_.empty() && data_.empty() && responses_.empty();
  }

  void drive_read() {
    model_.arready_i = !random_.chance(behaviour.address_pause);
    model_.rvalid_i = 0;
    if (random_.chance(behaviour.data_pause)) return;
    int const id = choose_read();
    if (id < 0) return;
    auto& queue = pending_[static_cast<unsigned>(id)];
    auto& burst = queue.front();
    std::uint64_t const row_addr = (burst.addr & ~std::uint64_t{15}) + 16 * burst.given;
    Row row;
    for (unsigned i = 0; i < 16; ++i) row[i] = memory.at(row_addr + i);
    put_row(row, model_.rdata_i);
    ++burst.given;
    model_.rvalid_i = 1;
    model_.rid_i = static_cast<CData>(id);
    model_.rresp_i = faulty(row_addr) ? 2 : 0;
    model_.rlast_i = burst.given == burst.beats;
    if (burst.given == burst.beats) {
      queue.pop_front();
      --reads_in_flight;
    }
    burst_open_ = model_.rlast_i ? -1 : id;
  }

  void sample_read() {
    EXPECT_EQ(model_.rready_o, 1);
    if (read_stalled_) {
      EXPECT_TRUE(model_.arvalid_o) << "ARVALID fell";
      EXPECT_EQ(held_read_.addr, model_.araddr_o);
      EXPECT_EQ(held_read_.beats, model_.arlen_o + 1u);
      EXPECT_EQ(held_read_.id, model_.arid_o);
    }
    read_stalled_ = model_.arvalid_o && !model_.arready_i;
    held_read_ = {model_.araddr_o, model_.arlen_o + 1u, model_.arid_o};
    if (!model_.arvalid_o || !model_.arready_i) return;
    check_burst(held_read_, model_.arsize_o, model_.arburst_o);
    EXPECT_LT(held_read_.id, 4u);
    reads.push_back(held_read_);
    std::uint64_t const due = cycle + behaviour.read_latency +
                              (behaviour.read_spread ? random_.below(behaviour.read_spread) : 0);
    pending_[held_read_.id].push_back({held_read_.addr, held_read_.beats, 0, due});
    most_reads_in_flight = std::max(most_reads_in_flight, ++reads_in_flight);
  }

  void drive_write() {
    bool const data_waits = bursts_with_data_ > 0;
    model_.awready_i =
        !random_.chance(behaviour.address_pause) && (!behaviour.address_after_data || data_waits);
    model_.wready_i = !random_.chance(behaviour.data_pause) &&
                      (!behaviour.data_after_address || !addresses_.empty());
    model_.bvalid_i = 0;
    if (responses_.empty() || responses_.front().due > cycle) return;
    if (random_.chance(behaviour.data_pause)) return;
    model_.bvalid_i = 1;
    model_.bresp_i = responses_.front().failed ? 2 : 0;
    responses_.pop_front();
  }

  void sample_write() {
    EXPECT_EQ(model_.bready_o, 1);
    sample_address();
    sample_data();
    finish_bursts();
  }

 private:
  struct PendingRead {
    std::uint64_t addr;
    unsigned beats;
    unsigned given;
    std::uint64_t due;
  };
  struct WriteBeat {
    Row row;
    std::uint16_t strobe;
    bool last;
  };
  struct Response {
    bool failed;
    std::uint64_t due;
  };

  bool faulty(std::uint64_t addr) const { return addr >= error_from && addr < error_to; }

  static void check_burst(Burst const& burst, unsigned size, unsigned kind) {
    EXPECT_EQ(size, 4u);
    EXPECT_EQ(kind, 1u);
    std::uint64_t const end = (burst.addr & ~std::uint64_t{15}) + 16 * burst.beats - 1;
    EXPECT_EQ(burst.addr >> 8, end >> 8) << "burst at " << std::hex << burst.addr;
  }

  // The ID whose turn it is, or -1. Without interleaving a burst that has begun goes on.
  int choose_read() {
    auto const due = [&](unsigned id) {
      return !pending_[id].empty() && pending_[id].front().due <= cycle;
    };
    if (!behaviour.interleave && burst_open_ >= 0) return burst_open_;
    unsigned const first = static_cast<unsigned>(random_.below(4));
    for (unsigned i = 0; i < 4; ++i) {
      if (due((first + i) % 4)) return static_cast<int>((first + i) % 4);
    }
    return -1;
  }

  void sample_address() {
    if (address_stalled_) {
      EXPECT_TRUE(model_.awvalid_o) << "AWVALID fell";
      EXPECT_EQ(held_write_.addr, model_.awaddr_o);
      EXPECT_EQ(held_write_.beats, model_.awlen_o + 1u);
    }
    address_stalled_ = model_.awvalid_o && !model_.awready_i;
    held_write_ = {model_.awaddr_o, model_.awlen_o + 1u, model_.awid_o};
    if (!model_.awvalid_o || !model_.awready_i) return;
    check_burst(held_write_, model_.awsize_o, model_.awburst_o);
    EXPECT_EQ(held_write_.id, 0u);
    writes.push_back(held_write_);
    addresses_.push_back(held_write_);
  }

  void sample_data() {
    Row const row = row_of(model_.wdata_o);
    if (data_stalled_) {
      EXPECT_TRUE(model_.wvalid_o) << "WVALID fell";
      EXPECT_EQ(held_beat_.row, row);
      EXPECT_EQ(held_beat_.strobe, model_.wstrb_o);
      EXPECT_EQ(held_beat_.last, model_.wlast_o != 0);
    }
    data_stalled_ = model_.wvalid_o && !model_.wready_i;
    held_beat_ = {row, model_.wstrb_o, model_.wlast_o != 0};
    if (!model_.wvalid_o || !model_.wready_i) return;
    data_.push_back(held_beat_);
    write_beats.emplace_back(held_beat_.strobe, held_beat_.last);
    if (held_beat_.last) ++bursts_with_data_;
  }

  // A burst whose address and data have both come goes to memory.
  void finish_bursts() {
    while (!addresses_.empty() && bursts_with_data_ > 0) {
      Burst const burst = addresses_.front();
      addresses_.pop_front();
      --bursts_with_data_;
      bool failed = false;
      for (unsigned beat = 0; beat < burst.beats; ++beat) {
        ASSERT_FALSE(data_.empty());
        WriteBeat const& data = data_.front();
        EXPECT_EQ(data.last, beat + 1 == burst.beats) << "WLAST in the wrong beat";
        std::uint64_t const row_addr = (burst.addr & ~std::uint64_t{15}) + 16 * beat;
        failed |= faulty(row_addr);
        for (unsigned i = 0; i < 16; ++i) {
          if (data.strobe >> i & 1) memory.set(row_addr + i, data.row[i]);
        }
        data_.pop_front();
      }
      responses_.push_back({failed, cycle + behaviour.write_latency});
    }
  }

  Model& model_;
  Random random_;
  std::array<std::deque<PendingRead>, 4> pending_;
  int burst_open_ = -1;
  bool read_stalled_ = false, address_stalled_ = false, data_stalled_ = false;
  Burst held_read_{}, held_write_{};
  WriteBeat held_beat_{};
  std::deque<Burst> addresses_;
  std::deque<WriteBeat> data_;
  unsigned bursts_with_data_ = 0;
  std::deque<Response> responses_;
};

}  // namespace ringside::testbench
