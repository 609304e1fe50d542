#include "tests/rtl/host/registers_bench.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "tests/rtl/virtio/bits.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

constexpr int kPatience = 1000;  // cycles

template <class Port>
void append(std::vector<std::uint32_t>& all, Port const& port) {
  if constexpr (requires { port.at(0); }) {
    all.insert(all.end(), std::begin(port.m_storage), std::end(port.m_storage));
  } else {
    auto const value = static_cast<std::uint64_t>(port);
    all.push_back(static_cast<std::uint32_t>(value));
    all.push_back(static_cast<std::uint32_t>(value >> 32));
  }
}

}  // namespace

RegistersBench::RegistersBench() {
  dut_->mac_i = kMac;
  dut_->link_up_i = 1;
  dut_->drained_i = 1;
  dut_->bus_master_i = 1;
  dut_->s_axil_bready_i = 1;
  dut_->s_axil_rready_i = 1;
  dut_->rst_i = 1;
  tick(3);
  dut_->rst_i = 0;
  tick(2);
}

std::vector<std::uint32_t> RegistersBench::outputs() {
  std::vector<std::uint32_t> all;
  Vregisters& d = *dut_;
  append(all, d.s_axil_awready_o);
  append(all, d.s_axil_wready_o);
  append(all, d.s_axil_arready_o);
  append(all, d.s_axil_bvalid_o);
  append(all, d.s_axil_rvalid_o);
  append(all, d.s_axil_rdata_o);
  append(all, d.live_o);
  append(all, d.flush_o);
  append(all, d.features_o);
  append(all, d.queue_config_o);
  append(all, d.moderation_o);
  append(all, d.notify_o);
  append(all, d.request_valid_o);
  append(all, d.request_o);
  append(all, d.beat_valid_o);
  append(all, d.beat_o);
  append(all, d.quiescent_o);
  return all;
}

std::vector<std::uint32_t> RegistersBench::inputs() {
  std::vector<std::uint32_t> all;
  Vregisters& d = *dut_;
  append(all, d.rst_i);
  append(all, d.s_axil_awvalid_i);
  append(all, d.s_axil_wvalid_i);
  append(all, d.s_axil_arvalid_i);
  append(all, d.s_axil_bready_i);
  append(all, d.s_axil_rready_i);
  append(all, d.link_up_i);
  append(all, d.link_fault_i);
  append(all, d.pause_state_i);
  append(all, d.msix_enable_i);
  append(all, d.msix_mask_i);
  append(all, d.bus_master_i);
  append(all, d.drained_i);
  append(all, d.queue_error_i);
  append(all, d.data_error_i);
  append(all, d.interrupt_i);
  append(all, d.request_ready_i);
  append(all, d.beat_ready_i);
  append(all, d.done_i);
  append(all, d.increment_i);
  return all;
}

void RegistersBench::serve_dma() {
  Vregisters& d = *dut_;
  d.request_ready_i = dma_ready && d.request_valid_o && !request_taken_;
  d.beat_ready_i = request_taken_ && d.beat_valid_o && !beat_taken_;
  d.done_i = 0;
  if (d.flush_o) {
    // A flush takes nothing new and answers nothing (rtl/README.md).
    d.request_ready_i = d.beat_ready_i = 0;
    request_taken_ = beat_taken_ = false;
    return;
  }
  if (beat_taken_ && --done_in_ == 0) {
    d.done_i = 1;
    request_taken_ = beat_taken_ = false;
  }
  if (d.request_ready_i) {
    EXPECT_EQ(bits(d.request_o, 0, 16), 4U);
    message_address_ = bits(d.request_o, 16, 64);
    request_taken_ = true;
  }
  if (d.beat_ready_i) {
    EXPECT_EQ(bits(d.beat_o, 133, 1), 1U);
    EXPECT_EQ(bits(d.beat_o, 128, 5), 4U);
    messages_.push_back({message_address_, static_cast<std::uint32_t>(bits(d.beat_o, 0, 32))});
    beat_taken_ = true;
    done_in_ = dma_delay;
  }
}

void RegistersBench::tick(int cycles) {
  for (int i = 0; i < cycles; ++i) {
    serve_dma();
    dut_->clk_i = 0;
    dut_->eval();
    auto const before = outputs();
    auto const pins = inputs();
    // An access that begins and an answer that is taken are the pins' to announce.
    bool const announced = dut_->s_axil_awvalid_i || dut_->s_axil_wvalid_i ||
                           dut_->s_axil_arvalid_i ||
                           (dut_->s_axil_bvalid_o && dut_->s_axil_bready_i) ||
                           (dut_->s_axil_rvalid_o && dut_->s_axil_rready_i);
    bool const still = check_quiescence && was_quiescent_ && !announced && pins == last_inputs_;
    if (still) {
      EXPECT_TRUE(dut_->quiescent_o) << "woke up by itself";
    }
    for (unsigned q = 0; q < kNumQueues; ++q) notifications_[q] += (dut_->notify_o >> q) & 1;
    dut_->clk_i = 1;
    dut_->eval();
    if (still) {
      EXPECT_EQ(before, outputs()) << "changed although quiescent";
    }
    was_quiescent_ = dut_->quiescent_o;
    last_inputs_ = pins;
  }
}

void RegistersBench::write_word(std::uint32_t offset, std::uint32_t data, unsigned strobe) {
  Vregisters& d = *dut_;
  d.s_axil_awaddr_i = static_cast<std::uint16_t>(offset);
  d.s_axil_wdata_i = data;
  d.s_axil_wstrb_i = static_cast<std::uint8_t>(strobe);
  d.s_axil_awvalid_i = d.s_axil_wvalid_i = 1;
  bool answered = false;
  for (int i = 0; i < kPatience && !answered; ++i) {
    bool const address_taken = d.s_axil_awvalid_i && d.s_axil_awready_o;
    bool const data_taken = d.s_axil_wvalid_i && d.s_axil_wready_o;
    answered = d.s_axil_bvalid_o;
    tick();
    if (address_taken) d.s_axil_awvalid_i = 0;
    if (data_taken) d.s_axil_wvalid_i = 0;
  }
  ASSERT_TRUE(answered) << "no response to a write of " << offset;
}

std::uint32_t RegistersBench::read_word(std::uint32_t offset) {
  Vregisters& d = *dut_;
  d.s_axil_araddr_i = static_cast<std::uint16_t>(offset);
  d.s_axil_arvalid_i = 1;
  for (int i = 0; i < kPatience; ++i) {
    bool const taken = d.s_axil_arvalid_i && d.s_axil_arready_o;
    bool const answered = d.s_axil_rvalid_o;
    std::uint32_t const data = d.s_axil_rdata_o;
    tick();
    if (taken) d.s_axil_arvalid_i = 0;
    if (answered) return data;
  }
  ADD_FAILURE() << "no answer to a read of " << offset;
  return 0;
}

void RegistersBench::write(std::uint32_t offset, unsigned bytes, std::uint64_t value) {
  assert(offset % std::min(bytes, 4U) == 0);
  if (bytes == 8) {
    write_word(offset, static_cast<std::uint32_t>(value));
    write_word(offset + 4, static_cast<std::uint32_t>(value >> 32));
    return;
  }
  unsigned const lane = offset % 4;
  write_word(offset - lane, static_cast<std::uint32_t>(value << (8 * lane)),
             ((1U << bytes) - 1) << lane);
}

std::uint64_t RegistersBench::read(std::uint32_t offset, unsigned bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes;) {
    std::uint32_t const at = offset + i;
    std::uint64_t const word = read_word(at - at % 4) >> (8 * (at % 4));
    value |= word << (8 * i);
    i += 4 - at % 4;
  }
  return bytes == 8 ? value : value & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

Register const& RegistersBench::common(std::string_view name) {
  auto const found = std::ranges::find(kCommonConfig, name, &Register::name);
  assert(found != kCommonConfig.end());
  return *found;
}

void RegistersBench::accept_features(std::uint64_t features) {
  set_common("device_status", kStatusAcknowledge);
  set_common("device_status", kStatusAcknowledge | kStatusDriver);
  for (unsigned window = 0; window < 2; ++window) {
    set_common("driver_feature_select", window);
    set_common("driver_feature", static_cast<std::uint32_t>(features >> (32 * window)));
  }
  set_common("device_status", kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk);
}

void RegistersBench::enable_queue(std::uint16_t queue, std::uint64_t desc) {
  set_common("queue_select", queue);
  set_common("queue_desc", desc);
  set_common("queue_driver", 0x2000);
  set_common("queue_device", 0x3000);
  set_common("queue_enable", 1);
}

void RegistersBench::go_live(std::uint64_t features) {
  accept_features(features);
  set_common("device_status",
             kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk | kStatusDriverOk);
}

void RegistersBench::program_vector(unsigned vector, std::uint64_t address, std::uint32_t data,
                                    bool masked) {
  std::uint32_t const base = kMsixTableBlock.offset + vector * kMsixStride;
  write(base, 8, address);
  write_word(base + find(kMsixTable, "data").offset, data);
  write_word(base + find(kMsixTable, "vector_control").offset, masked ? 1 : 0);
}

bool RegistersBench::reset_ends() {
  for (int i = 0; i < kPatience; ++i) {
    if (status() == 0) return true;
  }
  return false;
}

// A write is answered before all of its effect shows.
std::array<int, kNumQueues> RegistersBench::take_notifications() {
  tick(3);
  return std::exchange(notifications_, {});
}

std::vector<Message> RegistersBench::take_messages() { return std::exchange(messages_, {}); }

}  // namespace ringside::testbench
