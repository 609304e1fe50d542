// Both engines of the data path on both DMA engines, as the NIC has them. The test plays the rest:
// virtqueues, frame buffers, used writer and host.
`default_nettype none

module engines (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        live_i,
    input  logic                        flush_i,
    input  logic                        mergeable_i,
    input  logic                        checksum_i,        // CSUM and GUEST_CSUM
    input  logic                        hash_report_i,
    input  logic [2:0]                  segment_i,         // HOST_ECN, HOST_TSO6, HOST_TSO4
    output logic                        drained_o,
    output logic                        quiescent_o,
    // Transmit.
    input  nic_types_pkg::element_t     tx_element_i,
    input  logic                        tx_element_valid_i,
    output logic                        tx_element_take_o,
    output logic                        tx_element_commit_o,
    output logic                        tx_element_rewind_o,
    output nic_types_pkg::dma_beat_t    tx_beat_o,
    output nic_types_pkg::checksum_t    tx_checksum_o,
    output logic                        tx_beat_valid_o,
    output logic                        tx_drop_o,
    input  logic                        tx_beat_ready_i,
    output logic                        tx_abort_o,
    output nic_types_pkg::completion_t  tx_completion_o,
    output logic                        tx_completion_valid_o,
    input  logic                        tx_completion_ready_i,
    output logic                        tx_packet_o,
    output logic                        tx_malformed_o,
    output logic                        tx_error_o,
    // Receive.
    input  logic [15:0]                 rx_length_i,
    input  logic                        rx_length_valid_i,
    input  logic                        rx_verified_i,
    input  logic [3:0]                  rx_report_i,
    input  logic [31:0]                 rx_hash_i,
    input  nic_types_pkg::dma_beat_t    rx_frame_i,
    input  logic                        rx_frame_valid_i,
    output logic                        rx_frame_ready_o,
    output logic                        rx_drop_o,
    input  nic_types_pkg::element_t     rx_element_i,
    input  logic                        rx_element_valid_i,
    output logic                        rx_element_take_o,
    output logic                        rx_element_commit_o,
    output logic                        rx_element_rewind_o,
    input  logic                        rx_element_empty_i,
    input  logic                        rx_element_full_i,
    output nic_types_pkg::completion_t  rx_completion_o,
    output logic                        rx_completion_valid_o,
    input  logic                        rx_completion_ready_i,
    output logic                        rx_packet_o,
    output logic                        rx_no_buffer_o,
    output logic                        rx_skipped_o,
    output logic                        rx_error_o,
    // The used writer's place at dma_write.
    input  nic_types_pkg::dma_request_t used_request_i,
    input  logic                        used_request_valid_i,
    output logic                        used_request_ready_o,
    input  nic_types_pkg::dma_beat_t    used_beat_i,
    input  logic                        used_beat_valid_i,
    output logic                        used_beat_ready_o,
    output logic                        used_done_o,
    // AXI4.
    output logic [1:0]                  arid_o,
    output logic [63:0]                 araddr_o,
    output logic [7:0]                  arlen_o,
    output logic [2:0]                  arsize_o,
    output logic [1:0]                  arburst_o,
    output logic [3:0]                  arcache_o,
    output logic [2:0]                  arprot_o,
    output logic                        arvalid_o,
    input  logic                        arready_i,
    input  logic [1:0]                  rid_i,
    input  logic [127:0]                rdata_i,
    input  logic [1:0]                  rresp_i,
    input  logic                        rlast_i,
    input  logic                        rvalid_i,
    output logic                        rready_o,
    output logic [1:0]                  awid_o,
    output logic [63:0]                 awaddr_o,
    output logic [7:0]                  awlen_o,
    output logic [2:0]                  awsize_o,
    output logic [1:0]                  awburst_o,
    output logic [3:0]                  awcache_o,
    output logic [2:0]                  awprot_o,
    output logic                        awvalid_o,
    input  logic                        awready_i,
    output logic [127:0]                wdata_o,
    output logic [15:0]                 wstrb_o,
    output logic                        wlast_o,
    output logic                        wvalid_o,
    input  logic                        wready_i,
    input  logic [1:0]                  bresp_i,
    input  logic                        bvalid_i,
    output logic                        bready_o
);

  nic_types_pkg::dma_request_t read_request, write_request;
  nic_types_pkg::read_beat_t   answer;
  nic_types_pkg::dma_beat_t    write_beat;
  logic [3:0] write_lane;
  logic [3:0] answer_valid, read_ready, request_ready, beat_ready, done, error;
  logic       read_valid, write_valid, write_beat_valid;
  logic [3:0] drained, quiescent;

  assign drained_o            = &drained;
  assign quiescent_o          = &quiescent;
  assign used_request_ready_o = request_ready[nic_types_pkg::WriteUsed];
  assign used_beat_ready_o    = beat_ready[nic_types_pkg::WriteUsed];
  assign used_done_o          = done[nic_types_pkg::WriteUsed];

  transmit_engine u_transmit (
      .clk_i, .rst_i, .live_i, .flush_i, .checksum_i, .hash_report_i, .segment_i,
      .drained_o(drained[0]), .quiescent_o(quiescent[0]),
      .element_i(tx_element_i), .element_valid_i(tx_element_valid_i),
      .element_take_o(tx_element_take_o), .element_commit_o(tx_element_commit_o),
      .element_rewind_o(tx_element_rewind_o),
      .read_request_o(read_request), .read_valid_o(read_valid),
      .read_ready_i(read_ready[nic_types_pkg::ReadTransmit]),
      .read_beat_i(answer), .read_beat_valid_i(answer_valid[nic_types_pkg::ReadTransmit]),
      .beat_o(tx_beat_o), .checksum_o(tx_checksum_o), .beat_valid_o(tx_beat_valid_o),
      .drop_o(tx_drop_o), .beat_ready_i(tx_beat_ready_i), .abort_o(tx_abort_o),
      .completion_o(tx_completion_o), .completion_valid_o(tx_completion_valid_o),
      .completion_ready_i(tx_completion_ready_i),
      .packet_o(tx_packet_o), .dropped_malformed_o(tx_malformed_o), .data_error_o(tx_error_o)
  );

  receive_engine u_receive (
      .clk_i, .rst_i, .live_i, .flush_i, .mergeable_i, .checksum_i, .hash_report_i,
      .drained_o(drained[1]), .quiescent_o(quiescent[1]),
      .length_i(rx_length_i), .length_valid_i(rx_length_valid_i),
      .verified_i(rx_verified_i), .report_i(rx_report_i), .hash_i(rx_hash_i),
      .frame_i(rx_frame_i),
      .frame_valid_i(rx_frame_valid_i), .frame_ready_o(rx_frame_ready_o), .drop_o(rx_drop_o),
      .element_i(rx_element_i), .element_valid_i(rx_element_valid_i),
      .element_take_o(rx_element_take_o), .element_commit_o(rx_element_commit_o),
      .element_rewind_o(rx_element_rewind_o), .element_empty_i(rx_element_empty_i),
      .element_full_i(rx_element_full_i),
      .write_request_o(write_request), .write_request_valid_o(write_valid),
      .write_request_ready_i(request_ready[nic_types_pkg::WriteReceive]),
      .write_beat_o(write_beat), .write_lane_o(write_lane), .write_beat_valid_o(write_beat_valid),
      .write_beat_ready_i(beat_ready[nic_types_pkg::WriteReceive]),
      .write_done_i(done[nic_types_pkg::WriteReceive]),
      .write_error_i(error[nic_types_pkg::WriteReceive]),
      .completion_o(rx_completion_o), .completion_valid_o(rx_completion_valid_o),
      .completion_ready_i(rx_completion_ready_i),
      .packet_o(rx_packet_o), .dropped_no_buffer_o(rx_no_buffer_o), .skipped_o(rx_skipped_o),
      .data_error_o(rx_error_o)
  );

  dma_read u_read (
      .clk_i, .rst_i, .flush_i, .drained_o(drained[2]), .quiescent_o(quiescent[2]),
      .descriptors_request_i('0), .transmit_request_i(read_request), .events_request_i('0),
      .control_request_i('0), .request_valid_i({2'b00, read_valid, 1'b0}),
      .request_ready_o(read_ready),
      .beat_o(answer), .beat_valid_o(answer_valid),
      .arid_o, .araddr_o, .arlen_o, .arsize_o, .arburst_o, .arcache_o, .arprot_o, .arvalid_o,
      .arready_i, .rid_i, .rdata_i, .rresp_i, .rlast_i, .rvalid_i, .rready_o
  );

  dma_write u_write (
      .clk_i, .rst_i, .flush_i, .drained_o(drained[3]), .quiescent_o(quiescent[3]),
      .receive_request_i(write_request), .used_request_i, .msix_request_i('0),
      .control_request_i('0), .control_beat_i('0),
      .request_valid_i({2'b00, used_request_valid_i, write_valid}),
      .request_ready_o(request_ready),
      .receive_beat_i(write_beat), .receive_lane_i(write_lane), .used_beat_i, .msix_beat_i('0),
      .beat_valid_i({2'b00, used_beat_valid_i, write_beat_valid}), .beat_ready_o(beat_ready),
      .done_o(done), .error_o(error),
      .awid_o, .awaddr_o, .awlen_o, .awsize_o, .awburst_o, .awcache_o, .awprot_o, .awvalid_o,
      .awready_i, .wdata_o, .wstrb_o, .wlast_o, .wvalid_o, .wready_i, .bresp_i, .bvalid_i, .bready_o
  );

  // Clients without a place here.
  logic unused;
  assign unused = ^{answer_valid[0], answer_valid[3:2], read_ready[0], read_ready[3:2],
                    request_ready[3:2], beat_ready[3:2], done[3:2], error[3:1]};

endmodule

`default_nettype wire
