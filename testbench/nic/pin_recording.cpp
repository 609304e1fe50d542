#include "testbench/nic/pin_recording.hpp"

namespace ringside::testbench {

InputPins InputPins::of(Pins const& pins) {
  InputPins seen{};
  seen.time_ps = pins.time_ps_i;
  seen.mac = pins.mac_i;
  seen.xgmii_rxd = pins.xgmii_rxd_i;
  std::memcpy(seen.rdata, &pins.m_axi_rdata_i, sizeof seen.rdata);
  seen.wdata = pins.s_axil_wdata_i;
  seen.awaddr = pins.s_axil_awaddr_i;
  seen.araddr = pins.s_axil_araddr_i;
  seen.xgmii_rxc = pins.xgmii_rxc_i;
  seen.wstrb = pins.s_axil_wstrb_i;
  seen.awvalid = pins.s_axil_awvalid_i;
  seen.wvalid = pins.s_axil_wvalid_i;
  seen.arvalid = pins.s_axil_arvalid_i;
  seen.link_up = pins.link_up_i;
  seen.msix_enable = pins.msix_enable_i;
  seen.msix_mask = pins.msix_mask_i;
  seen.bus_master = pins.bus_master_i;
  seen.axi_awready = pins.m_axi_awready_i;
  seen.axi_wready = pins.m_axi_wready_i;
  seen.axi_arready = pins.m_axi_arready_i;
  seen.axi_bid = pins.m_axi_bid_i;
  seen.axi_bresp = pins.m_axi_bresp_i;
  seen.axi_bvalid = pins.m_axi_bvalid_i;
  seen.axi_rid = pins.m_axi_rid_i;
  seen.axi_rresp = pins.m_axi_rresp_i;
  seen.axi_rlast = pins.m_axi_rlast_i;
  seen.axi_rvalid = pins.m_axi_rvalid_i;
  seen.bready = pins.s_axil_bready_i;
  seen.rready = pins.s_axil_rready_i;
  return seen;
}

void InputPins::drive(Pins& pins) const {
  pins.time_ps_i = time_ps;
  pins.mac_i = mac;
  pins.xgmii_rxd_i = xgmii_rxd;
  std::memcpy(&pins.m_axi_rdata_i, rdata, sizeof rdata);
  pins.s_axil_wdata_i = wdata;
  pins.s_axil_awaddr_i = awaddr;
  pins.s_axil_araddr_i = araddr;
  pins.xgmii_rxc_i = xgmii_rxc;
  pins.s_axil_wstrb_i = wstrb;
  pins.s_axil_awvalid_i = awvalid;
  pins.s_axil_wvalid_i = wvalid;
  pins.s_axil_arvalid_i = arvalid;
  pins.link_up_i = link_up;
  pins.msix_enable_i = msix_enable;
  pins.msix_mask_i = msix_mask;
  pins.bus_master_i = bus_master;
  pins.m_axi_awready_i = axi_awready;
  pins.m_axi_wready_i = axi_wready;
  pins.m_axi_arready_i = axi_arready;
  pins.m_axi_bid_i = axi_bid;
  pins.m_axi_bresp_i = axi_bresp;
  pins.m_axi_bvalid_i = axi_bvalid;
  pins.m_axi_rid_i = axi_rid;
  pins.m_axi_rresp_i = axi_rresp;
  pins.m_axi_rlast_i = axi_rlast;
  pins.m_axi_rvalid_i = axi_rvalid;
  pins.s_axil_bready_i = bready;
  pins.s_axil_rready_i = rready;
}

void add_outputs(EventHash& hash, Pins const& pins) {
  hash.add(pins.deadline_ps_o);
  hash.add(pins.transmit_deadline_ps_o);
  hash.add(pins.tx_stamp_valid_o != 0 ? pins.tx_stamp_ps_o : 0);
  hash.add(pins.rx_stamp_valid_o != 0 ? pins.rx_stamp_ps_o : 0);
  hash.add(pins.xgmii_txd_o);
  hash.add(pins.m_axi_awaddr_o);
  hash.add(pins.m_axi_araddr_o);
  hash.add({reinterpret_cast<std::uint8_t const*>(&pins.m_axi_wdata_o), 16});
  hash.add(std::uint64_t{pins.s_axil_rdata_o} << 32 | std::uint32_t{pins.m_axi_wstrb_o} << 16 |
           std::uint32_t{pins.m_axi_awlen_o} << 8 | pins.m_axi_arlen_o);
  unsigned bits = pins.xgmii_txc_o;
  for (unsigned bit :
       {pins.awake_host_o, pins.awake_virtio_o, pins.awake_transmit_o, pins.awake_receive_o,
        pins.awake_read_o, pins.awake_write_o, pins.awake_control_o, pins.m_axi_awvalid_o,
        pins.m_axi_wvalid_o, pins.m_axi_wlast_o, pins.m_axi_bready_o, pins.m_axi_arvalid_o,
        pins.m_axi_rready_o, pins.s_axil_awready_o, pins.s_axil_wready_o, pins.s_axil_bvalid_o,
        pins.s_axil_arready_o, pins.s_axil_rvalid_o}) {
    bits = bits << 1 | bit;
  }
  hash.add(std::uint64_t{bits} << 8 | pins.m_axi_awid_o << 6 | pins.m_axi_arid_o << 4 |
           pins.s_axil_bresp_o << 2 | pins.s_axil_rresp_o);
  hash.add(std::uint64_t{pins.m_axi_awsize_o} << 16 | pins.m_axi_awburst_o << 12 |
           pins.m_axi_awcache_o << 8 | pins.m_axi_awprot_o << 4 | pins.m_axi_arsize_o);
  hash.add(std::uint64_t{pins.m_axi_arburst_o} << 8 | pins.m_axi_arcache_o << 4 |
           pins.m_axi_arprot_o);
}

}  // namespace ringside::testbench
