#include "tests/rtl/nic_bench.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::testbench {
namespace {

using namespace layout;

// Every frame is to come through, whatever its address.
constexpr std::uint64_t kUnfiltered = kFeaturesOffered & ~(kFeatureCtrlRx | kFeatureHashReport);
constexpr int kPatience = 4000;  // cycles
constexpr std::uint64_t kCyclePs = 6400;
constexpr std::uint64_t kDriverArea = 0x8000;  // behind the ring
constexpr std::uint64_t kDeviceArea = 0x8010;
constexpr std::uint32_t kReceiveLength = 2048;
constexpr std::uint8_t kStatusLive =
    kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk | kStatusDriverOk;

std::uint64_t ring(std::uint16_t queue) { return NicBench::kRing * (queue + 1ULL); }

std::uint32_t offset_in(Block const& block, std::string_view name) {
  auto const found = std::ranges::find(block.registers, name, &Register::name);
  assert(found != block.registers.end());
  return block.offset + found->offset;
}

}  // namespace

NicAxiPins::NicAxiPins(Vnic& nic)
    : arready_i(nic.m_axi_arready_i),
      rvalid_i(nic.m_axi_rvalid_i),
      rid_i(nic.m_axi_rid_i),
      rresp_i(nic.m_axi_rresp_i),
      rlast_i(nic.m_axi_rlast_i),
      awready_i(nic.m_axi_awready_i),
      wready_i(nic.m_axi_wready_i),
      bvalid_i(nic.m_axi_bvalid_i),
      bresp_i(nic.m_axi_bresp_i),
      rdata_i(nic.m_axi_rdata_i),
      rready_o(nic.m_axi_rready_o),
      arvalid_o(nic.m_axi_arvalid_o),
      arlen_o(nic.m_axi_arlen_o),
      arid_o(nic.m_axi_arid_o),
      arsize_o(nic.m_axi_arsize_o),
      arburst_o(nic.m_axi_arburst_o),
      araddr_o(nic.m_axi_araddr_o),
      bready_o(nic.m_axi_bready_o),
      awvalid_o(nic.m_axi_awvalid_o),
      awlen_o(nic.m_axi_awlen_o),
      awid_o(nic.m_axi_awid_o),
      awsize_o(nic.m_axi_awsize_o),
      awburst_o(nic.m_axi_awburst_o),
      wvalid_o(nic.m_axi_wvalid_o),
      wlast_o(nic.m_axi_wlast_o),
      awaddr_o(nic.m_axi_awaddr_o),
      wstrb_o(nic.m_axi_wstrb_o),
      wdata_o(nic.m_axi_wdata_o) {}

NicBench::NicBench(std::uint64_t seed) : host_(axi_, Random(seed)) {
  dut_->mac_i = 0x0605'0403'0202;
  dut_->link_up_i = dut_->bus_master_i = dut_->msix_enable_i = 1;
  dut_->s_axil_bready_i = dut_->s_axil_rready_i = 1;
  dut_->rst_i = 1;
  dut_->xgmii_txd_o = 0x0707'0707'0707'0707;
  dut_->xgmii_txc_o = 0xFF;
  run(5);
  dut_->rst_i = 0;
  run(5);
  for (unsigned v = 0; v < kNumVectors; ++v) {
    std::uint32_t const entry = kMsixTableBlock.offset + v * kMsixStride;
    write(entry, 4, kMessage + 4 * v);
    write(entry + 4, 4, 0);
    write(entry + 8, 4, 0x50 + v);
    write(entry + 12, 4, 0);
  }
}

NicBench::~NicBench() { dut_->final(); }

void NicBench::clock(CData level) {
  for (CData* pin :
       {&dut_->clk_host_i, &dut_->clk_virtio_i, &dut_->clk_transmit_i, &dut_->clk_receive_i,
        &dut_->clk_read_i, &dut_->clk_write_i, &dut_->clk_control_i}) {
    *pin = level;
  }
}

void NicBench::cycle() {
  dut_->time_ps_i += kCyclePs;
  dut_->xgmii_rxd_i = dut_->xgmii_txd_o;
  dut_->xgmii_rxc_i = dut_->xgmii_txc_o;
  host_.drive_read();
  host_.drive_write();
  clock(0);
  dut_->eval();
  if (!dut_->rst_i) {
    host_.sample_read();
    host_.sample_write();
  }
  clock(1);
  dut_->eval();
  ++host_.cycle;
}

void NicBench::run(int cycles) {
  for (int i = 0; i < cycles; ++i) cycle();
}

void NicBench::write(std::uint32_t offset, unsigned bytes, std::uint64_t value) {
  if (bytes == 8) {
    write(offset, 4, value & 0xFFFF'FFFF);
    write(offset + 4, 4, value >> 32);
    return;
  }
  unsigned const lane = offset % 4;
  dut_->s_axil_awaddr_i = static_cast<SData>(offset - lane);
  dut_->s_axil_wdata_i = static_cast<IData>(value << (8 * lane));
  dut_->s_axil_wstrb_i = static_cast<CData>(((1U << bytes) - 1) << lane);
  dut_->s_axil_awvalid_i = dut_->s_axil_wvalid_i = 1;
  cycle();  // taken at once: there is never another one under way
  dut_->s_axil_awvalid_i = dut_->s_axil_wvalid_i = 0;
  for (int i = 0; i < kPatience && !dut_->s_axil_bvalid_o; ++i) cycle();
  cycle();
}

std::uint64_t NicBench::read(std::uint32_t offset, unsigned bytes) {
  if (bytes == 8) {
    std::uint64_t const lower = read(offset, 4);
    return lower | read(offset + 4, 4) << 32;
  }
  dut_->s_axil_araddr_i = static_cast<SData>(offset & ~3U);
  dut_->s_axil_arvalid_i = 1;
  cycle();
  dut_->s_axil_arvalid_i = 0;
  for (int i = 0; i < kPatience && !dut_->s_axil_rvalid_o; ++i) cycle();
  std::uint64_t const word = dut_->s_axil_rdata_o;
  cycle();
  return (word >> (8 * (offset % 4))) & ((std::uint64_t{1} << (8 * bytes)) - 1);
}

std::uint8_t NicBench::status() {
  return static_cast<std::uint8_t>(read(offset_of(kCommonBlock, "device_status"), 1));
}

std::uint64_t NicBench::counter(std::string_view name) {
  return read(offset_in(kStatisticsBlock, name), 8);
}

void NicBench::bring_up() {
  auto common = [&](std::string_view name, unsigned bytes, std::uint64_t value) {
    write(offset_in(kCommonBlock, name), bytes, value);
  };
  for (std::uint16_t q = 0; q < kNumQueues; ++q) {
    for (std::uint64_t i = 0; i < kDeviceArea + 4; ++i) host_.memory.set(ring(q) + i, 0);
    available_[q] = used_[q] = {};
  }
  for (std::uint64_t i = 0; i < 4 * kNumVectors; ++i) host_.memory.set(kMessage + i, 0);
  for (std::uint32_t window = 0; window < 2; ++window) {
    common("driver_feature_select", 4, window);
    common("driver_feature", 4, (kUnfiltered >> (32 * window)) & 0xFFFF'FFFF);
  }
  common("device_status", 1, kStatusAcknowledge | kStatusDriver | kStatusFeaturesOk);
  common("config_msix_vector", 2, 0);
  for (std::uint16_t q = 0; q < kNumQueues; ++q) {
    common("queue_select", 2, q);
    common("queue_size", 2, kQueueSize);
    common("queue_msix_vector", 2, q + 1U);
    common("queue_desc", 8, ring(q));
    common("queue_driver", 8, ring(q) + kDriverArea);
    common("queue_device", 8, ring(q) + kDeviceArea);
    common("queue_enable", 2, 1);
  }
  common("device_status", 1, kStatusLive);
}

std::uint64_t NicBench::load(std::uint64_t at, unsigned bytes) const {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= std::uint64_t{host_.memory.at(at + i)} << (8 * i);
  return value;
}

void NicBench::store(std::uint64_t at, unsigned bytes, std::uint64_t value) {
  for (unsigned i = 0; i < bytes; ++i) {
    host_.memory.set(at + i, static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

void NicBench::post(std::uint16_t queue, std::uint64_t at, std::uint32_t length,
                    std::uint16_t flags) {
  Position& position = available_[queue];
  std::uint64_t const descriptor = ring(queue) + 16 * position.slot;
  store(descriptor, 8, at);
  store(descriptor + 8, 4, length);
  store(descriptor + 12, 2, position.slot);
  store(descriptor + 14, 2, flags | (position.wrap ? kDescriptorAvail : kDescriptorUsed));
  position.step();
}

void NicBench::post_receive() {
  post(kReceiveQueue, buffer(kReceiveQueue, available_[kReceiveQueue].slot), kReceiveLength,
       kDescriptorWrite);
}

void NicBench::post_transmit(std::vector<std::uint8_t> const& frame) {
  std::uint64_t const at = buffer(kTransmitQueue, available_[kTransmitQueue].slot);
  for (unsigned i = 0; i < kNetHeaderBytes; ++i) host_.memory.set(at + i, 0);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    host_.memory.set(at + kNetHeaderBytes + i, frame[i]);
  }
  post(kTransmitQueue, at, static_cast<std::uint32_t>(kNetHeaderBytes + frame.size()), 0);
}

void NicBench::notify(std::uint16_t queue) {
  write(kNotifyBlock.offset + queue * kNotifyMultiplier, 2, queue);
}

bool NicBench::take_used(std::uint16_t queue) {
  Position& position = used_[queue];
  std::uint64_t const descriptor = ring(queue) + 16 * position.slot;
  std::uint64_t const flags = load(descriptor + 14, 2);
  std::uint64_t const both = kDescriptorAvail | kDescriptorUsed;
  if ((flags & both) != (position.wrap ? both : 0)) return false;
  if (queue == kReceiveQueue) {
    received_slot_ = static_cast<unsigned>(load(descriptor + 12, 2));
    received_length_ = static_cast<std::uint32_t>(load(descriptor + 8, 4));
  }
  position.step();
  return true;
}

bool NicBench::wait_used(std::uint16_t queue) {
  for (int i = 0; i < kPatience; ++i) {
    if (take_used(queue)) return true;
    cycle();
  }
  return false;
}

std::vector<std::uint8_t> NicBench::received() const {
  std::vector<std::uint8_t> frame;
  for (std::uint32_t i = kNetHeaderBytes; i < received_length_; ++i) {
    frame.push_back(host_.memory.at(buffer(kReceiveQueue, received_slot_) + i));
  }
  return frame;
}

std::uint32_t NicBench::message(unsigned vector) const {
  return static_cast<std::uint32_t>(load(kMessage + 4 * vector, 4));
}

}  // namespace ringside::testbench
