// The NIC: virtio-net with packed virtqueues (virtio 1.3) behind AXI4-Lite and AXI4, 10 Gigabit
// Ethernet at XGMII. Wires blocks together and does nothing itself; rtl/README.md tells how.
`default_nettype none

module nic (
  // One clock, on a pin for each region of the NIC. No register of a region takes another value at
  // the next edge unless its `awake` says so or its pins bring something (rtl/README.md), so a
  // simulation may leave that edge out. Elsewhere these pins are one net.
  input  wire logic         clk_host_i, clk_virtio_i, clk_transmit_i, clk_receive_i,
  input  wire logic         clk_read_i, clk_write_i, clk_control_i,
  output logic              awake_host_o, awake_virtio_o, awake_transmit_o, awake_receive_o,
  output logic              awake_read_o, awake_write_o, awake_control_o,
  input  wire logic         rst_i,
  input  wire logic [63:0]  time_ps_i,
  input  wire logic [47:0]  mac_i,        // byte 0 in bits 7:0
  input  wire logic         link_up_i,
  // PCI configuration space, which lives outside.
  input  wire logic         msix_enable_i,
  input  wire logic         msix_mask_i,
  input  wire logic         bus_master_i,
  // BAR 0: AXI4-Lite.
  input  wire logic [15:0]  s_axil_awaddr_i,
  input  wire logic         s_axil_awvalid_i,
  output logic              s_axil_awready_o,
  input  wire logic [31:0]  s_axil_wdata_i,
  input  wire logic [3:0]   s_axil_wstrb_i,
  input  wire logic         s_axil_wvalid_i,
  output logic              s_axil_wready_o,
  output logic [1:0]        s_axil_bresp_o,
  output logic              s_axil_bvalid_o,
  input  wire logic         s_axil_bready_i,
  input  wire logic [15:0]  s_axil_araddr_i,
  input  wire logic         s_axil_arvalid_i,
  output logic              s_axil_arready_o,
  output logic [31:0]       s_axil_rdata_o,
  output logic [1:0]        s_axil_rresp_o,
  output logic              s_axil_rvalid_o,
  input  wire logic         s_axil_rready_i,
  // Host memory: AXI4.
  output logic [1:0]        m_axi_awid_o,
  output logic [63:0]       m_axi_awaddr_o,
  output logic [7:0]        m_axi_awlen_o,
  output logic [2:0]        m_axi_awsize_o,
  output logic [1:0]        m_axi_awburst_o,
  output logic [3:0]        m_axi_awcache_o,
  output logic [2:0]        m_axi_awprot_o,
  output logic              m_axi_awvalid_o,
  input  wire logic         m_axi_awready_i,
  output logic [127:0]      m_axi_wdata_o,
  output logic [15:0]       m_axi_wstrb_o,
  output logic              m_axi_wlast_o,
  output logic              m_axi_wvalid_o,
  input  wire logic         m_axi_wready_i,
  input  wire logic [1:0]   m_axi_bid_i,
  input  wire logic [1:0]   m_axi_bresp_i,
  input  wire logic         m_axi_bvalid_i,
  output logic              m_axi_bready_o,
  output logic [1:0]        m_axi_arid_o,
  output logic [63:0]       m_axi_araddr_o,
  output logic [7:0]        m_axi_arlen_o,
  output logic [2:0]        m_axi_arsize_o,
  output logic [1:0]        m_axi_arburst_o,
  output logic [3:0]        m_axi_arcache_o,
  output logic [2:0]        m_axi_arprot_o,
  output logic              m_axi_arvalid_o,
  input  wire logic         m_axi_arready_i,
  input  wire logic [1:0]   m_axi_rid_i,
  input  wire logic [127:0] m_axi_rdata_i,
  input  wire logic [1:0]   m_axi_rresp_i,
  input  wire logic         m_axi_rlast_i,
  input  wire logic         m_axi_rvalid_i,
  output logic              m_axi_rready_o,
  // Wire: XGMII.
  output logic [63:0]       xgmii_txd_o,
  output logic [7:0]        xgmii_txc_o,
  input  wire logic [63:0]  xgmii_rxd_i,
  input  wire logic [7:0]   xgmii_rxc_i,
  // Frames that begin on the wire: a pulse, and the time at which their /S/ is there.
  output logic              tx_stamp_valid_o,
  output logic [63:0]       tx_stamp_ps_o,
  output logic              rx_stamp_valid_o,
  output logic [63:0]       rx_stamp_ps_o,
  // When `time_ps_i` reaches them, the region of the virtqueues, or that of transmission, is awake
  // (all ones: never).
  output logic [63:0]       deadline_ps_o,
  output logic [63:0]       transmit_deadline_ps_o
);

  localparam int NumQueues = nic_pkg::NumQueues;
  localparam int NumPairs = nic_pkg::MaxQueuePairs;
  localparam int DataQueues = 2 * NumPairs;
  localparam int Control = DataQueues;  // behind the queues of all pairs (virtio 1.3, 5.1.2)
  localparam int ElementBits = nic_types_pkg::ElementBits;

  // ---- Session and settings.

  logic        live, flush, drained;
  logic        dma_read_drained, dma_write_drained, virtqueues_drained;
  logic        datapath_drained, control_drained;
  logic        dma_read_quiescent, dma_write_quiescent, virtqueues_quiescent, registers_quiescent;
  logic [63:0] features;
  logic [NumQueues*nic_types_pkg::QueueConfigBits-1:0]      queue_config;
  logic [NumQueues*nic_types_pkg::ModerationConfigBits-1:0] moderation;
  logic [NumQueues-1:0] notified, interrupt, queue_error;

  always_comb begin
    drained = 1'b0;
    if (flush) drained = dma_read_drained && dma_write_drained && virtqueues_drained &&
                         datapath_drained && control_drained;
  end

  assign awake_host_o   = !registers_quiescent || link_fault != link_fault_q ||
                          pause_state != pause_state_q;
  assign awake_virtio_o = !virtqueues_quiescent;
  assign awake_read_o   = !dma_read_quiescent;
  assign awake_write_o  = !dma_write_quiescent;

  // Inputs that reach deep are registered first, so that what hangs on them is worked out once a
  // cycle, in hardware behind a flip-flop and in simulation behind the clock edge. Time comes a
  // cycle late to the notifier, which is awake in the cycle before each use of it.
  logic [63:0] time_ps_q;
  logic        msix_enable_q, msix_mask_q, bus_master_q, link_up_q;
  logic [31:0] watermarks;
  ethernet_pkg::mac_config_t mac_config;
  logic [1:0]  link_fault, link_fault_q, pause_state, pause_state_q;

  always_ff @(posedge clk_virtio_i) time_ps_q <= time_ps_i;

  always_ff @(posedge clk_host_i) begin
    {msix_enable_q, msix_mask_q, bus_master_q} <= {msix_enable_i, msix_mask_i, bus_master_i};
    link_up_q     <= link_up_i;
    link_fault_q  <= link_fault;
    pause_state_q <= pause_state;
  end

  // ---- DMA clients; bit n of the vectors is client n of nic_types_pkg.

  nic_types_pkg::dma_request_t descriptors_request, transmit_request, events_request;
  nic_types_pkg::dma_request_t receive_request, used_request, msix_request;
  nic_types_pkg::dma_request_t control_read, control_write;
  nic_types_pkg::dma_beat_t    receive_beat, used_beat, msix_beat, control_beat;
  nic_types_pkg::read_beat_t   answer;
  logic [3:0] receive_lane;
  logic [3:0] read_valid, read_ready, answer_valid;
  logic [3:0] write_valid, write_ready, write_beat_valid, write_beat_ready;
  logic [3:0] write_done, write_error;
  logic [2:0] unused_response;

  // All writes have one ID. A message that found no memory is nobody's error.
  assign unused_response = {m_axi_bid_i, write_error[nic_types_pkg::WriteMsix]};

  // A function that is not bus master asks for nothing (PCI 3.0, 6.2.2); its requests wait.
  dma_read u_dma_read (
    .clk_i(clk_read_i), .rst_i, .flush_i(flush),
    .drained_o(dma_read_drained), .quiescent_o(dma_read_quiescent),
    .descriptors_request_i(descriptors_request), .transmit_request_i(transmit_request),
    .events_request_i(events_request), .control_request_i(control_read),
    .request_valid_i(bus_master_q ? read_valid : 4'b0000), .request_ready_o(read_ready),
    .beat_o(answer), .beat_valid_o(answer_valid),
    .arid_o(m_axi_arid_o), .araddr_o(m_axi_araddr_o), .arlen_o(m_axi_arlen_o),
    .arsize_o(m_axi_arsize_o), .arburst_o(m_axi_arburst_o), .arcache_o(m_axi_arcache_o),
    .arprot_o(m_axi_arprot_o), .arvalid_o(m_axi_arvalid_o), .arready_i(m_axi_arready_i),
    .rid_i(m_axi_rid_i), .rdata_i(m_axi_rdata_i), .rresp_i(m_axi_rresp_i),
    .rlast_i(m_axi_rlast_i), .rvalid_i(m_axi_rvalid_i), .rready_o(m_axi_rready_o)
  );

  dma_write u_dma_write (
    .clk_i(clk_write_i), .rst_i, .flush_i(flush),
    .drained_o(dma_write_drained), .quiescent_o(dma_write_quiescent),
    .receive_request_i(receive_request), .used_request_i(used_request),
    .msix_request_i(msix_request), .control_request_i(control_write),
    .request_valid_i(bus_master_q ? write_valid : 4'b0000), .request_ready_o(write_ready),
    .receive_beat_i(receive_beat), .receive_lane_i(receive_lane), .used_beat_i(used_beat),
    .msix_beat_i(msix_beat), .control_beat_i(control_beat),
    .beat_valid_i(write_beat_valid), .beat_ready_o(write_beat_ready),
    .done_o(write_done), .error_o(write_error),
    .awid_o(m_axi_awid_o), .awaddr_o(m_axi_awaddr_o), .awlen_o(m_axi_awlen_o),
    .awsize_o(m_axi_awsize_o), .awburst_o(m_axi_awburst_o), .awcache_o(m_axi_awcache_o),
    .awprot_o(m_axi_awprot_o), .awvalid_o(m_axi_awvalid_o), .awready_i(m_axi_awready_i),
    .wdata_o(m_axi_wdata_o), .wstrb_o(m_axi_wstrb_o), .wlast_o(m_axi_wlast_o),
    .wvalid_o(m_axi_wvalid_o), .wready_i(m_axi_wready_i),
    .bresp_i(m_axi_bresp_i), .bvalid_i(m_axi_bvalid_i), .bready_o(m_axi_bready_o)
  );

  // ---- Virtqueues. An engine's completion is there for all of its queues and is valid for one.

  logic [NumQueues-1:0]             element_valid, element_take, element_commit, element_rewind;
  logic [NumQueues-1:0]             element_empty, element_full;
  logic [NumQueues*ElementBits-1:0] elements;
  nic_types_pkg::completion_t       receive_completion, transmit_completion, control_completion;
  logic [NumQueues-1:0]             completion_valid, completion_ready;
  logic [3*nic_types_pkg::CompletionBits-1:0] completions;
  logic [1:0]                       unused_window;

  virtqueues #(
    .NumQueues(NumQueues),
    .TransmitQueues({1'b0, {NumPairs{2'b10}}}),
    .ControlQueues(NumQueues'(1) << Control)
  ) u_virtqueues (
    .clk_i(clk_virtio_i), .rst_i, .live_i(live), .flush_i(flush),
    .drained_o(virtqueues_drained), .quiescent_o(virtqueues_quiescent),
    .indirect_desc_i(features[nic_pkg::FeatureIndirectDesc]),
    .event_idx_i(features[nic_pkg::FeatureEventIdx]),
    .config_i(queue_config), .moderation_i(moderation),
    .time_ps_i(time_ps_q), .deadline_ps_o,
    .notify_i(notified), .interrupt_o(interrupt), .error_o(queue_error),
    .descriptors_request_o(descriptors_request),
    .descriptors_valid_o(read_valid[nic_types_pkg::ReadDescriptors]),
    .descriptors_ready_i(read_ready[nic_types_pkg::ReadDescriptors]),
    .descriptors_answer_i(answer_valid[nic_types_pkg::ReadDescriptors]),
    .events_request_o(events_request), .events_valid_o(read_valid[nic_types_pkg::ReadEvents]),
    .events_ready_i(read_ready[nic_types_pkg::ReadEvents]),
    .events_answer_i(answer_valid[nic_types_pkg::ReadEvents]), .answer_i(answer),
    .used_request_o(used_request), .used_valid_o(write_valid[nic_types_pkg::WriteUsed]),
    .used_ready_i(write_ready[nic_types_pkg::WriteUsed]), .used_beat_o(used_beat),
    .used_beat_valid_o(write_beat_valid[nic_types_pkg::WriteUsed]),
    .used_beat_ready_i(write_beat_ready[nic_types_pkg::WriteUsed]),
    .used_done_i(write_done[nic_types_pkg::WriteUsed]),
    .used_error_i(write_error[nic_types_pkg::WriteUsed]),
    .element_valid_o(element_valid), .element_o(elements), .element_take_i(element_take),
    .element_commit_i(element_commit), .element_rewind_i(element_rewind),
    .empty_o(element_empty), .full_o(element_full),
    .completion_valid_i(completion_valid), .completion_i(completions),
    .completion_ready_o(completion_ready)
  );

  always_comb begin
    completions = '0;
    if (completion_valid != '0) begin
      completions = {control_completion, transmit_completion, receive_completion};
    end
  end

  assign element_rewind[Control] = 1'b0;
  assign unused_window           = {element_empty[Control], element_full[Control]};

  // ---- Control.

  nic_types_pkg::filter_t   filter;
  nic_types_pkg::steering_t steering;
  logic [8*nic_pkg::HashKeyBytes-1:0] hash_key;
  logic [47:0]  mac;
  logic [3:0]   filter_row;
  logic [191:0] filter_addresses;
  logic [11:0]  filter_vid;
  logic         filter_vlan, filter_seek;
  logic         control_error, mac_set, announced, checksum_off;
  logic [63:0]  control_value;
  logic [NumQueues-1:0]        queue_enable;
  logic [NumQueues-2:0]        coalescing_set;
  logic [64*(NumQueues-1)-1:0] coalescing;

  control_engine #(.NumQueues(NumQueues)) u_control (
    .clk_i(clk_control_i), .rst_i, .live_i(live), .flush_i(flush),
    .drained_o(control_drained), .awake_o(awake_control_o),
    .features_i(features), .enable_i(queue_enable),
    .element_i(elements[ElementBits*Control+:ElementBits]),
    .element_valid_i(element_valid[Control]),
    .element_take_o(element_take[Control]), .element_commit_o(element_commit[Control]),
    .read_request_o(control_read), .read_valid_o(read_valid[nic_types_pkg::ReadControl]),
    .read_ready_i(read_ready[nic_types_pkg::ReadControl]),
    .read_beat_i(answer), .read_beat_valid_i(answer_valid[nic_types_pkg::ReadControl]),
    .write_request_o(control_write), .write_valid_o(write_valid[nic_types_pkg::WriteControl]),
    .write_ready_i(write_ready[nic_types_pkg::WriteControl]), .write_beat_o(control_beat),
    .write_beat_valid_o(write_beat_valid[nic_types_pkg::WriteControl]),
    .write_beat_ready_i(write_beat_ready[nic_types_pkg::WriteControl]),
    .write_done_i(write_done[nic_types_pkg::WriteControl]),
    .write_error_i(write_error[nic_types_pkg::WriteControl]),
    .completion_o(control_completion), .completion_valid_o(completion_valid[Control]),
    .completion_ready_i(completion_ready[Control]), .data_error_o(control_error),
    .mac_set_o(mac_set), .announced_o(announced), .coalescing_set_o(coalescing_set),
    .value_o(control_value), .coalescing_i(coalescing),
    .checksum_off_o(checksum_off), .steering_o(steering), .hash_key_o(hash_key),
    .filter_o(filter), .seek_i(filter_seek), .row_i(filter_row), .row_o(filter_addresses),
    .vid_i(filter_vid), .vlan_o(filter_vlan)
  );

  // ---- Traffic.

  logic [nic_pkg::NumStats-1:0] increment;
  logic [15:0] tx_octets, rx_octets;
  logic [1:0]  data_error;

  datapath #(.NumPairs(NumPairs)) u_datapath (
    .clk_transmit_i, .clk_receive_i, .awake_transmit_o, .awake_receive_o,
    .rst_i, .live_i(live), .flush_i(flush), .drained_o(datapath_drained), .features_i(features),
    .checksum_off_i(checksum_off), .time_ps_i, .transmit_deadline_ps_o,
    .mac_i, .config_i(mac_config), .watermarks_i(watermarks), .fault_o(link_fault),
    .pause_state_o(pause_state), .xgmii_rxd_i, .xgmii_rxc_i, .xgmii_txd_o, .xgmii_txc_o,
    .tx_stamp_valid_o, .tx_stamp_ps_o, .rx_stamp_valid_o, .rx_stamp_ps_o,
    .filter_i(filter), .station_i(mac), .filter_seek_o(filter_seek), .filter_row_o(filter_row),
    .filter_row_i(filter_addresses), .filter_vid_o(filter_vid), .filter_vlan_i(filter_vlan),
    .steering_i(steering), .hash_key_i(hash_key),
    .element_valid_i(element_valid[DataQueues-1:0]),
    .element_i(elements[0+:DataQueues*ElementBits]),
    .element_empty_i(element_empty[DataQueues-1:0]),
    .element_full_i(element_full[DataQueues-1:0]),
    .element_take_o(element_take[DataQueues-1:0]),
    .element_commit_o(element_commit[DataQueues-1:0]),
    .element_rewind_o(element_rewind[DataQueues-1:0]),
    .receive_completion_o(receive_completion), .transmit_completion_o(transmit_completion),
    .completion_valid_o(completion_valid[DataQueues-1:0]),
    .completion_ready_i(completion_ready[DataQueues-1:0]),
    .read_request_o(transmit_request), .read_valid_o(read_valid[nic_types_pkg::ReadTransmit]),
    .read_ready_i(read_ready[nic_types_pkg::ReadTransmit]),
    .read_beat_i(answer), .read_beat_valid_i(answer_valid[nic_types_pkg::ReadTransmit]),
    .write_request_o(receive_request),
    .write_request_valid_o(write_valid[nic_types_pkg::WriteReceive]),
    .write_request_ready_i(write_ready[nic_types_pkg::WriteReceive]),
    .write_beat_o(receive_beat), .write_lane_o(receive_lane),
    .write_beat_valid_o(write_beat_valid[nic_types_pkg::WriteReceive]),
    .write_beat_ready_i(write_beat_ready[nic_types_pkg::WriteReceive]),
    .write_done_i(write_done[nic_types_pkg::WriteReceive]),
    .write_error_i(write_error[nic_types_pkg::WriteReceive]),
    .increment_o(increment), .tx_octets_o(tx_octets), .rx_octets_o(rx_octets),
    .data_error_o(data_error)
  );

  // ---- Registers.

  registers #(.NumQueues(NumQueues)) u_registers (
    .clk_i(clk_host_i), .rst_i, .quiescent_o(registers_quiescent),
    .s_axil_awaddr_i, .s_axil_awvalid_i, .s_axil_awready_o,
    .s_axil_wdata_i, .s_axil_wstrb_i, .s_axil_wvalid_i, .s_axil_wready_o,
    .s_axil_bresp_o, .s_axil_bvalid_o, .s_axil_bready_i,
    .s_axil_araddr_i, .s_axil_arvalid_i, .s_axil_arready_o,
    .s_axil_rdata_o, .s_axil_rresp_o, .s_axil_rvalid_o, .s_axil_rready_i,
    .mac_i, .link_up_i(link_up_q), .link_fault_i(link_fault_q), .pause_state_i(pause_state_q),
    .mac_config_o(mac_config), .watermarks_o(watermarks),
    .msix_enable_i(msix_enable_q), .msix_mask_i(msix_mask_q), .bus_master_i(bus_master_q),
    .live_o(live), .flush_o(flush), .drained_i(drained), .features_o(features),
    .queue_error_i(queue_error),
    .data_error_i({control_error, data_error}),
    .mac_set_i(mac_set), .announced_i(announced), .coalescing_set_i(coalescing_set),
    .control_value_i(control_value), .coalescing_o(coalescing), .mac_o(mac),
    .queue_enable_o(queue_enable),
    .queue_config_o(queue_config), .moderation_o(moderation), .notify_o(notified),
    .interrupt_i(interrupt),
    .request_valid_o(write_valid[nic_types_pkg::WriteMsix]), .request_o(msix_request),
    .request_ready_i(write_ready[nic_types_pkg::WriteMsix]),
    .beat_valid_o(write_beat_valid[nic_types_pkg::WriteMsix]), .beat_o(msix_beat),
    .beat_ready_i(write_beat_ready[nic_types_pkg::WriteMsix]),
    .done_i(write_done[nic_types_pkg::WriteMsix]),
    .increment_i(increment), .tx_octets_i(tx_octets), .rx_octets_i(rx_octets)
  );

endmodule

`default_nettype wire
