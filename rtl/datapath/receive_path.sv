// All of reception, from the wire to the queue's buffers: MAC, frame buffer, engine.
`default_nettype none

module receive_path (
    input  wire logic                      clk_i,
    input  wire logic                      rst_i,
    input  wire logic                      live_i,
    input  wire logic                      flush_i,
    input  wire logic                      mergeable_i,         // MRG_RXBUF was negotiated
    input  wire logic                      checksum_i,          // GUEST_CSUM was negotiated
    output logic                           drained_o,
    output logic                           awake_o,             // a register changes next
    // XGMII.
    input  wire logic [63:0]               xgmii_rxd_i,
    input  wire logic [7:0]                xgmii_rxc_i,
    output ethernet_pkg::receive_events_t  events_o,
    output logic                           overrun_o,           // pulse: a frame found no room
    // The receive queue's elements.
    input  wire nic_types_pkg::element_t   element_i,
    input  wire logic                      element_valid_i,
    output logic                           element_take_o,
    output logic                           element_commit_o,
    output logic                           element_rewind_o,
    input  wire logic                      element_empty_i,
    input  wire logic                      element_full_i,
    // dma_write, client WriteReceive.
    output nic_types_pkg::dma_request_t    write_request_o,
    output logic                           write_request_valid_o,
    input  wire logic                      write_request_ready_i,
    output nic_types_pkg::dma_beat_t       write_beat_o,
    output logic [3:0]                     write_lane_o,
    output logic                           write_beat_valid_o,
    input  wire logic                      write_beat_ready_i,
    input  wire logic                      write_done_i,
    input  wire logic                      write_error_i,
    // used_writer.
    output nic_types_pkg::completion_t     completion_o,
    output logic                           completion_valid_o,
    input  wire logic                      completion_ready_i,
    // Pulses for the counters.
    output logic                           packet_o,            // a frame was given to the driver
    output logic                           dropped_no_buffer_o,
    output logic                           skipped_o,           // a buffer came back unused
    output logic                           data_error_o         // counted as dropped_error
);

  nic_types_pkg::mac_beat_t mac_beat;
  nic_types_pkg::dma_beat_t frame;
  logic [15:0] length;
  logic mac_valid, mac_good, length_valid, verified, frame_valid, frame_ready, drop;
  logic mac_quiescent, buffer_quiescent, engine_quiescent;

  mac_rx u_mac (
      .clk_i, .rst_i, .xgmii_rxd_i, .xgmii_rxc_i,
      .valid_o(mac_valid), .beat_o(mac_beat), .good_o(mac_good), .events_o,
      .quiescent_o(mac_quiescent)
  );

  rx_frame_buffer u_buffer (
      .clk_i, .rst_i, .valid_i(mac_valid), .beat_i(mac_beat), .good_i(mac_good), .overrun_o,
      .length_valid_o(length_valid), .length_o(length), .verified_o(verified),
      .valid_o(frame_valid), .ready_i(frame_ready), .beat_o(frame), .drop_i(drop),
      .quiescent_o(buffer_quiescent)
  );

  receive_engine u_engine (
      .clk_i, .rst_i, .live_i, .flush_i, .mergeable_i, .checksum_i,
      .drained_o, .quiescent_o(engine_quiescent),
      .length_i(length), .length_valid_i(length_valid), .verified_i(verified),
      .frame_i(frame), .frame_valid_i(frame_valid), .frame_ready_o(frame_ready), .drop_o(drop),
      .element_i, .element_valid_i, .element_take_o, .element_commit_o, .element_rewind_o,
      .element_empty_i, .element_full_i,
      .write_request_o, .write_request_valid_o, .write_request_ready_i,
      .write_beat_o, .write_lane_o, .write_beat_valid_o, .write_beat_ready_i,
      .write_done_i, .write_error_i,
      .completion_o, .completion_valid_o, .completion_ready_i,
      .packet_o, .dropped_no_buffer_o, .skipped_o, .data_error_o
  );

  // Under load the MAC never rests, and simulation asks no further.
  always_comb begin
    awake_o = 1'b1;
    if (mac_quiescent) awake_o = !buffer_quiescent || !engine_quiescent;
  end

endmodule

`default_nettype wire
