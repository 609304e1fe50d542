// All of transmission, from the queue's buffers to the wire: engine, frame buffer, MAC.
`default_nettype none

module transmit_path #(
    parameter int NumPairs = nic_pkg::MaxQueuePairs
) (
    input  wire logic                        clk_i,
    input  wire logic                        rst_i,
    input  wire logic                        live_i,
    input  wire logic                        flush_i,
    input  wire logic                        checksum_i,          // CSUM was negotiated
    output logic                             drained_o,
    output logic                             awake_o,             // a register changes next
    // Each transmit queue's elements. Every taken element is committed.
    input  wire logic [NumPairs-1:0]         element_valid_i,
    input  wire logic [NumPairs*nic_types_pkg::ElementBits-1:0] element_i,
    output logic [NumPairs-1:0]              element_take_o,
    output logic [NumPairs-1:0]              element_commit_o,
    // dma_read, client ReadTransmit.
    output nic_types_pkg::dma_request_t      read_request_o,
    output logic                             read_valid_o,
    input  wire logic                        read_ready_i,
    input  wire nic_types_pkg::read_beat_t   read_beat_i,
    input  wire logic                        read_beat_valid_i,
    // used_writer.
    output nic_types_pkg::completion_t       completion_o,
    output logic [NumPairs-1:0]              completion_valid_o,
    input  wire logic [NumPairs-1:0]         completion_ready_i,
    // Pulses for the counters.
    output logic                             packet_o,            // a buffer came from the driver
    output logic                             dropped_malformed_o,
    output logic                             data_error_o,        // counted as dropped_error
    // XGMII.
    output logic [63:0]                      xgmii_txd_o,
    output logic [7:0]                       xgmii_txc_o,
    output ethernet_pkg::transmit_events_t   events_o
);

  nic_types_pkg::dma_beat_t beat;
  nic_types_pkg::checksum_t checksum;
  nic_types_pkg::mac_beat_t mac_beat;
  logic beat_valid, beat_ready, drop, abort, mac_valid, mac_ready;
  logic engine_drained, buffer_drained, engine_quiescent, buffer_quiescent, mac_quiescent;
  nic_types_pkg::element_t element;
  logic element_valid, element_take, element_commit, completion_valid, completion_ready;
  logic scheduler_quiescent;

  transmit_scheduler #(.NumPairs(NumPairs)) u_scheduler (
      .clk_i, .rst_i, .flush_i, .quiescent_o(scheduler_quiescent),
      .element_valid_i, .element_i, .element_take_o, .element_commit_o,
      .element_valid_o(element_valid), .element_o(element), .element_take_i(element_take),
      .element_commit_i(element_commit),
      .completion_valid_i(completion_valid), .completion_ready_o(completion_ready),
      .completion_valid_o, .completion_ready_i
  );

  transmit_engine u_engine (
      .clk_i, .rst_i, .live_i, .flush_i, .checksum_i,
      .drained_o(engine_drained), .quiescent_o(engine_quiescent),
      .element_i(element), .element_valid_i(element_valid), .element_take_o(element_take),
      .element_commit_o(element_commit),
      .read_request_o, .read_valid_o, .read_ready_i, .read_beat_i, .read_beat_valid_i,
      .beat_o(beat), .checksum_o(checksum), .beat_valid_o(beat_valid), .drop_o(drop),
      .beat_ready_i(beat_ready), .abort_o(abort),
      .completion_o, .completion_valid_o(completion_valid), .completion_ready_i(completion_ready),
      .packet_o, .dropped_malformed_o, .data_error_o
  );

  tx_frame_buffer u_buffer (
      .clk_i, .rst_i,
      .valid_i(beat_valid), .ready_o(beat_ready), .beat_i(beat), .checksum_i(checksum),
      .drop_i(drop), .abort_i(abort),
      .valid_o(mac_valid), .ready_i(mac_ready), .beat_o(mac_beat),
      .drained_o(buffer_drained), .quiescent_o(buffer_quiescent)
  );

  mac_tx u_mac (
      .clk_i, .rst_i, .valid_i(mac_valid), .ready_o(mac_ready), .beat_i(mac_beat),
      .xgmii_txd_o, .xgmii_txc_o, .events_o, .quiescent_o(mac_quiescent)
  );

  assign drained_o = engine_drained && buffer_drained;

  // Under load the MAC never rests, and simulation asks no further.
  always_comb begin
    awake_o = 1'b1;
    if (mac_quiescent) awake_o = !buffer_quiescent || !engine_quiescent || !scheduler_quiescent;
  end

endmodule

`default_nettype wire
