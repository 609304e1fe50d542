// The NIC: virtio-net with packed virtqueues (virtio 1.3) behind AXI4-Lite and AXI4, 10 Gigabit
// Ethernet at XGMII. Wires blocks together and does nothing itself; rtl/README.md tells how.
`default_nettype none

module nic (
  // One clock, on a pin for each region of the NIC. No register of a region takes another value at
  // the next edge unless its `awake` says so or its pins bring something (rtl/README.md), so a
  // simulation may leave that edge out. Elsewhere these pins are one net.
  input  wire logic         clk_host_i,
  input  wire logic         clk_virtio_i,
  input  wire logic         clk_transmit_i,
  input  wire logic         clk_receive_i,
  input  wire logic         clk_read_i,
  input  wire logic         clk_write_i,
  output logic              awake_host_o,
  output logic              awake_virtio_o,
  output logic              awake_transmit_o,
  output logic              awake_receive_o,
  output logic              awake_read_o,
  output logic              awake_write_o,
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
  localparam int ElementBits = nic_types_pkg::ElementBits;

  // ---- Session and settings.

  logic        live, flush, drained;
  logic        dma_read_drained, dma_write_drained, virtqueues_drained, transmit_drained;
  logic        receive_drained;
  logic        dma_read_quiescent, dma_write_quiescent, virtqueues_quiescent;
  logic        registers_quiescent;
  logic [63:0] features;
  logic [NumQueues*nic_types_pkg::QueueConfigBits-1:0]      queue_config;
  logic [NumQueues*nic_types_pkg::ModerationConfigBits-1:0] moderation;
  logic [NumQueues-1:0] notified, interrupt, queue_error;

  always_comb begin
    drained = 1'b0;
    if (flush) drained = dma_read_drained && dma_write_drained && virtqueues_drained &&
                         transmit_drained && receive_drained;
  end

  assign awake_host_o   = !registers_quiescent || peer.fault != link_fault_q ||
                          pause_state != pause_state_q;
  assign awake_virtio_o = !virtqueues_quiescent;
  assign awake_read_o   = !dma_read_quiescent;
  assign awake_write_o  = !dma_write_quiescent;

  // Inputs that reach deep are registered first, so that what hangs on them is worked out once a
  // cycle, in hardware behind a flip-flop and in simulation behind the clock edge. Time comes a
  // cycle late to the notifier, which is awake in the cycle before each use of it.
  logic [63:0] time_ps_q;
  logic        msix_enable_q, msix_mask_q, bus_master_q, link_up_q;
  ethernet_pkg::peer_t       peer;
  logic [127:0]              peer_quanta;
  logic [31:0]               watermarks;
  ethernet_pkg::mac_config_t mac_config;
  logic [1:0]  link_fault_q, pause_state, pause_state_q;

  always_ff @(posedge clk_virtio_i) time_ps_q <= time_ps_i;

  always_ff @(posedge clk_host_i) begin
    {msix_enable_q, msix_mask_q, bus_master_q} <= {msix_enable_i, msix_mask_i, bus_master_i};
    link_up_q     <= link_up_i;
    link_fault_q  <= peer.fault;
    pause_state_q <= pause_state;
  end

  // ---- DMA clients; bit n of the vectors is client n of nic_types_pkg.

  nic_types_pkg::dma_request_t descriptors_request, transmit_request, events_request;
  nic_types_pkg::dma_request_t receive_request, used_request, msix_request;
  nic_types_pkg::dma_beat_t    receive_beat, used_beat, msix_beat;
  nic_types_pkg::read_beat_t   answer;
  logic [3:0] receive_lane;
  logic [2:0] read_valid, read_ready, answer_valid;
  logic [2:0] write_valid, write_ready, write_beat_valid, write_beat_ready;
  logic [2:0] write_done, write_error;
  logic [2:0] unused_response;

  // All writes have one ID. A message that found no memory is nobody's error.
  assign unused_response = {m_axi_bid_i, write_error[nic_types_pkg::WriteMsix]};

  // A function that is not bus master asks for nothing (PCI 3.0, 6.2.2); its requests wait.
  dma_read u_dma_read (
    .clk_i(clk_read_i), .rst_i, .flush_i(flush),
    .drained_o(dma_read_drained), .quiescent_o(dma_read_quiescent),
    .descriptors_request_i(descriptors_request), .transmit_request_i(transmit_request),
    .events_request_i(events_request),
    .request_valid_i(bus_master_q ? read_valid : 3'b000), .request_ready_o(read_ready),
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
    .msix_request_i(msix_request),
    .request_valid_i(bus_master_q ? write_valid : 3'b000), .request_ready_o(write_ready),
    .receive_beat_i(receive_beat), .receive_lane_i(receive_lane), .used_beat_i(used_beat),
    .msix_beat_i(msix_beat), .beat_valid_i(write_beat_valid), .beat_ready_o(write_beat_ready),
    .done_o(write_done), .error_o(write_error),
    .awid_o(m_axi_awid_o), .awaddr_o(m_axi_awaddr_o), .awlen_o(m_axi_awlen_o),
    .awsize_o(m_axi_awsize_o), .awburst_o(m_axi_awburst_o), .awcache_o(m_axi_awcache_o),
    .awprot_o(m_axi_awprot_o), .awvalid_o(m_axi_awvalid_o), .awready_i(m_axi_awready_i),
    .wdata_o(m_axi_wdata_o), .wstrb_o(m_axi_wstrb_o), .wlast_o(m_axi_wlast_o),
    .wvalid_o(m_axi_wvalid_o), .wready_i(m_axi_wready_i),
    .bresp_i(m_axi_bresp_i), .bvalid_i(m_axi_bvalid_i), .bready_o(m_axi_bready_o)
  );

  // ---- Virtqueues.

  logic [NumQueues-1:0]             element_valid, element_take, element_commit, element_rewind;
  logic [NumQueues-1:0]             element_empty, element_full;
  logic [NumQueues*ElementBits-1:0] elements;
  nic_types_pkg::completion_t       receive_completion, transmit_completion;
  logic [NumQueues-1:0]             completion_valid, completion_ready;

  virtqueues #(.NumQueues(NumQueues)) u_virtqueues (
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
    .completion_valid_i(completion_valid),
    .completion_i({NumPairs{transmit_completion, receive_completion}}),
    .completion_ready_o(completion_ready)
  );

  // All pairs share one engine each way, so a completion is offered to all and is valid for one.
  logic [NumPairs-1:0]             receive_valid, receive_take, receive_commit, receive_rewind;
  logic [NumPairs-1:0]             receive_empty, receive_full;
  logic [NumPairs-1:0]             transmit_valid, transmit_take, transmit_commit;
  logic [NumPairs*ElementBits-1:0] receive_elements, transmit_elements;
  logic [NumPairs-1:0]             received_valid, received_ready;
  logic [NumPairs-1:0]             transmitted_valid, transmitted_ready;

  queue_pairs #(.NumPairs(NumPairs)) u_pairs (
    .valid_i(element_valid), .elements_i(elements), .empty_i(element_empty),
    .full_i(element_full), .take_o(element_take), .commit_o(element_commit),
    .rewind_o(element_rewind), .completion_valid_o(completion_valid),
    .completion_ready_i(completion_ready),
    .receive_valid_o(receive_valid), .receive_elements_o(receive_elements),
    .receive_empty_o(receive_empty), .receive_full_o(receive_full),
    .receive_take_i(receive_take), .receive_commit_i(receive_commit),
    .receive_rewind_i(receive_rewind), .received_valid_i(received_valid),
    .received_ready_o(received_ready), .transmit_valid_o(transmit_valid),
    .transmit_elements_o(transmit_elements), .transmit_take_i(transmit_take),
    .transmit_commit_i(transmit_commit), .transmitted_valid_i(transmitted_valid),
    .transmitted_ready_o(transmitted_ready)
  );

  // ---- Transmit.

  ethernet_pkg::transmit_events_t tx_events;
  logic transmit_packet, transmit_malformed, transmit_error, transmit_pause, transmit_pfc;

  transmit_path #(.NumPairs(NumPairs)) u_transmit (
    .clk_i(clk_transmit_i), .rst_i, .live_i(live), .flush_i(flush),
    .checksum_i(features[nic_pkg::FeatureCsum]),
    .drained_o(transmit_drained), .awake_o(awake_transmit_o),
    .time_ps_i, .deadline_ps_o(transmit_deadline_ps_o), .mac_i, .config_i(mac_config),
    .peer_i(peer), .peer_quanta_i(peer_quanta), .pause_state_o(pause_state),
    .element_valid_i(transmit_valid), .element_i(transmit_elements),
    .element_take_o(transmit_take), .element_commit_o(transmit_commit),
    .read_request_o(transmit_request), .read_valid_o(read_valid[nic_types_pkg::ReadTransmit]),
    .read_ready_i(read_ready[nic_types_pkg::ReadTransmit]),
    .read_beat_i(answer), .read_beat_valid_i(answer_valid[nic_types_pkg::ReadTransmit]),
    .completion_o(transmit_completion), .completion_valid_o(transmitted_valid),
    .completion_ready_i(transmitted_ready),
    .packet_o(transmit_packet), .dropped_malformed_o(transmit_malformed),
    .data_error_o(transmit_error), .pause_sent_o(transmit_pause), .pfc_sent_o(transmit_pfc),
    .xgmii_txd_o, .xgmii_txc_o, .stamp_valid_o(tx_stamp_valid_o), .stamp_ps_o(tx_stamp_ps_o),
    .events_o(tx_events)
  );

  // ---- Receive.

  ethernet_pkg::receive_events_t rx_events;
  ethernet_pkg::control_events_t control_events;
  logic rx_overrun, receive_packet, receive_no_buffer, receive_unused, receive_error;

  receive_path #(.NumPairs(NumPairs)) u_receive (
    .clk_i(clk_receive_i), .rst_i, .live_i(live), .flush_i(flush),
    .mergeable_i(features[nic_pkg::FeatureMrgRxbuf]),
    .checksum_i(features[nic_pkg::FeatureGuestCsum]),
    .drained_o(receive_drained), .awake_o(awake_receive_o),
    .time_ps_i, .mac_i, .config_i(mac_config), .watermarks_i(watermarks), .xgmii_rxd_i,
    .xgmii_rxc_i, .peer_o(peer), .peer_quanta_o(peer_quanta),
    .stamp_valid_o(rx_stamp_valid_o), .stamp_ps_o(rx_stamp_ps_o),
    .events_o(rx_events), .control_events_o(control_events), .overrun_o(rx_overrun),
    .steering_i('0), .hash_key_i(nic_pkg::DefaultHashKey),
    .element_valid_i(receive_valid), .element_i(receive_elements),
    .element_take_o(receive_take), .element_commit_o(receive_commit),
    .element_rewind_o(receive_rewind), .element_empty_i(receive_empty),
    .element_full_i(receive_full),
    .write_request_o(receive_request),
    .write_request_valid_o(write_valid[nic_types_pkg::WriteReceive]),
    .write_request_ready_i(write_ready[nic_types_pkg::WriteReceive]),
    .write_beat_o(receive_beat), .write_lane_o(receive_lane),
    .write_beat_valid_o(write_beat_valid[nic_types_pkg::WriteReceive]),
    .write_beat_ready_i(write_beat_ready[nic_types_pkg::WriteReceive]),
    .write_done_i(write_done[nic_types_pkg::WriteReceive]),
    .write_error_i(write_error[nic_types_pkg::WriteReceive]),
    .completion_o(receive_completion), .completion_valid_o(received_valid),
    .completion_ready_i(received_ready),
    .packet_o(receive_packet), .dropped_no_buffer_o(receive_no_buffer),
    .skipped_o(receive_unused),
    .data_error_o(receive_error)
  );

  // ---- Registers.

  logic [nic_pkg::NumStats-1:0] increment;

  counted_events u_events (
    .tx_pause_i(transmit_pause), .tx_pfc_i(transmit_pfc), .tx_packet_i(transmit_packet),
    .tx_malformed_i(transmit_malformed), .tx_error_i(transmit_error),
    .tx_frame_i(tx_events.frames), .tx_sizes_i(tx_events.sizes), .tx_casts_i(tx_events.casts),
    .rx_events_i(rx_events), .control_events_i(control_events), .rx_overrun_i(rx_overrun),
    .rx_packet_i(receive_packet), .rx_no_buffer_i(receive_no_buffer),
    .rx_unused_i(receive_unused), .rx_error_i(receive_error), .increment_o(increment)
  );

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
    .data_error_i({receive_error, transmit_error}),
    .queue_config_o(queue_config), .moderation_o(moderation), .notify_o(notified),
    .interrupt_i(interrupt),
    .request_valid_o(write_valid[nic_types_pkg::WriteMsix]), .request_o(msix_request),
    .request_ready_i(write_ready[nic_types_pkg::WriteMsix]),
    .beat_valid_o(write_beat_valid[nic_types_pkg::WriteMsix]), .beat_o(msix_beat),
    .beat_ready_i(write_beat_ready[nic_types_pkg::WriteMsix]),
    .done_i(write_done[nic_types_pkg::WriteMsix]),
    .increment_i(increment), .tx_octets_i(tx_events.octets), .rx_octets_i(rx_events.octets)
  );

endmodule

`default_nettype wire
