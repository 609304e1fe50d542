#include "testbench/nic/pin_recording.hpp"

namespace ringside::testbench {

InputPins InputPins::of(Dut const& dut) {
  InputPins pins{};
  pins.time_ps = dut.time_ps_i;
  pins.mac = dut.mac_i;
  pins.xgmii_rxd = dut.xgmii_rxd_i;
  std::memcpy(pins.rdata, &dut.m_axi_rdata_i, sizeof pins.rdata);
  pins.wdata = dut.s_axil_wdata_i;
  pins.awaddr = dut.s_axil_awaddr_i;
  pins.araddr = dut.s_axil_araddr_i;
  pins.xgmii_rxc = dut.xgmii_rxc_i;
  pins.wstrb = dut.s_axil_wstrb_i;
  pins.awvalid = dut.s_axil_awvalid_i;
  pins.wvalid = dut.s_axil_wvalid_i;
  pins.arvalid = dut.s_axil_arvalid_i;
  pins.link_up = dut.link_up_i;
  pins.msix_enable = dut.msix_enable_i;
  pins.msix_mask = dut.msix_mask_i;
  pins.bus_master = dut.bus_master_i;
  pins.axi_awready = dut.m_axi_awready_i;
  pins.axi_wready = dut.m_axi_wready_i;
  pins.axi_arready = dut.m_axi_arready_i;
  pins.axi_bid = dut.m_axi_bid_i;
  pins.axi_bresp = dut.m_axi_bresp_i;
  pins.axi_bvalid = dut.m_axi_bvalid_i;
  pins.axi_rid = dut.m_axi_rid_i;
  pins.axi_rresp = dut.m_axi_rresp_i;
  pins.axi_rlast = dut.m_axi_rlast_i;
  pins.axi_rvalid = dut.m_axi_rvalid_i;
  pins.bready = dut.s_axil_bready_i;
  pins.rready = dut.s_axil_rready_i;
  return pins;
}

void InputPins::drive(Dut& dut) const {
  dut.time_ps_i = time_ps;
  dut.mac_i = mac;
  dut.xgmii_rxd_i = xgmii_rxd;
  std::memcpy(&dut.m_axi_rdata_i, rdata, sizeof rdata);
  dut.s_axil_wdata_i = wdata;
  dut.s_axil_awaddr_i = awaddr;
  dut.s_axil_araddr_i = araddr;
  dut.xgmii_rxc_i = xgmii_rxc;
  dut.s_axil_wstrb_i = wstrb;
  dut.s_axil_awvalid_i = awvalid;
  dut.s_axil_wvalid_i = wvalid;
  dut.s_axil_arvalid_i = arvalid;
  dut.link_up_i = link_up;
  dut.msix_enable_i = msix_enable;
  dut.msix_mask_i = msix_mask;
  dut.bus_master_i = bus_master;
  dut.m_axi_awready_i = axi_awready;
  dut.m_axi_wready_i = axi_wready;
  dut.m_axi_arready_i = axi_arready;
  dut.m_axi_bid_i = axi_bid;
  dut.m_axi_bresp_i = axi_bresp;
  dut.m_axi_bvalid_i = axi_bvalid;
  dut.m_axi_rid_i = axi_rid;
  dut.m_axi_rresp_i = axi_rresp;
  dut.m_axi_rlast_i = axi_rlast;
  dut.m_axi_rvalid_i = axi_rvalid;
  dut.s_axil_bready_i = bready;
  dut.s_axil_rready_i = rready;
}

void add_outputs(EventHash& hash, Dut const& dut) {
  hash.add(dut.deadline_ps_o);
  hash.add(dut.xgmii_txd_o);
  hash.add(dut.m_axi_awaddr_o);
  hash.add(dut.m_axi_araddr_o);
  hash.add({reinterpret_cast<std::uint8_t const*>(&dut.m_axi_wdata_o), 16});
  hash.add(std::uint64_t{dut.s_axil_rdata_o} << 32 | std::uint32_t{dut.m_axi_wstrb_o} << 16 |
           std::uint32_t{dut.m_axi_awlen_o} << 8 | dut.m_axi_arlen_o);
  unsigned bits = dut.xgmii_txc_o;
  for (unsigned bit :
       {dut.awake_host_o, dut.awake_virtio_o, dut.awake_transmit_o, dut.awake_receive_o,
        dut.awake_read_o, dut.awake_write_o, dut.m_axi_awvalid_o, dut.m_axi_wvalid_o,
        dut.m_axi_wlast_o, dut.m_axi_bready_o, dut.m_axi_arvalid_o, dut.m_axi_rready_o,
        dut.s_axil_awready_o, dut.s_axil_wready_o, dut.s_axil_bvalid_o, dut.s_axil_arready_o,
        dut.s_axil_rvalid_o}) {
    bits = bits << 1 | bit;
  }
  hash.add(std::uint64_t{bits} << 8 | dut.m_axi_awid_o << 6 | dut.m_axi_arid_o << 4 |
           dut.s_axil_bresp_o << 2 | dut.s_axil_rresp_o);
  hash.add(std::uint64_t{dut.m_axi_awsize_o} << 16 | dut.m_axi_awburst_o << 12 |
           dut.m_axi_awcache_o << 8 | dut.m_axi_awprot_o << 4 | dut.m_axi_arsize_o);
  hash.add(std::uint64_t{dut.m_axi_arburst_o} << 8 | dut.m_axi_arcache_o << 4 | dut.m_axi_arprot_o);
}

}  // namespace ringside::testbench
