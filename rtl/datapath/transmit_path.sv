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
    input  wire logic                        hash_report_i,       // HASH_REPORT was negotiated
    input  wire logic [2:0]                  segment_i,           // HOST_ECN, HOST_TSO6, HOST_TSO4
    output logic                             drained_o,
    output logic                             awake_o,             // a register changes next
    input  wire logic [63:0]                 time_ps_i,
    output logic [63:0]                      deadline_ps_o,       // awake when time reaches it
    input  wire logic [47:0]                 mac_i,
    input  wire ethernet_pkg::mac_config_t   config_i,
    input  wire ethernet_pkg::peer_t         peer_i,
    input  wire logic [127:0]                peer_quanta_i,
    output logic [1:0]                       pause_state_o,       // stopping it, stopped by it
    // Each transmit queue's elements. Every taken element is committed, sooner or later.
    input  wire logic [NumPairs-1:0]         element_valid_i,
    input  wire logic [NumPairs*nic_types_pkg::ElementBits-1:0] element_i,
    output logic [NumPairs-1:0]              element_take_o,
    output logic [NumPairs-1:0]              element_commit_o,
    output logic [NumPairs-1:0]              element_rewind_o,
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
    output logic                             pause_sent_o,
    output logic                             pfc_sent_o,
    // XGMII.
    output logic [63:0]                      xgmii_txd_o,
    output logic [7:0]                       xgmii_txc_o,
    output logic                             stamp_valid_o,       // a frame begins on the wire
    output logic [63:0]                      stamp_ps_o,
    output ethernet_pkg::transmit_events_t   events_o
);

  nic_types_pkg::dma_beat_t beat;
  nic_types_pkg::checksum_t checksum;
  nic_types_pkg::mac_beat_t mac_beat;
  logic beat_valid, beat_ready, drop, abort, mac_valid, mac_ready;
  logic engine_drained, buffer_drained, engine_quiescent, buffer_quiescent, mac_quiescent;
  nic_types_pkg::element_t element;
  logic element_valid, element_take, element_commit, element_rewind;
  logic completion_valid, completion_ready;
  logic scheduler_quiescent;

  transmit_scheduler #(.NumPairs(NumPairs)) u_scheduler (
      .clk_i, .rst_i, .flush_i, .quiescent_o(scheduler_quiescent),
      .element_valid_i, .element_i, .element_take_o, .element_commit_o, .element_rewind_o,
      .element_valid_o(element_valid), .element_o(element), .element_take_i(element_take),
      .element_commit_i(element_commit), .element_rewind_i(element_rewind),
      .completion_valid_i(completion_valid), .completion_ready_o(completion_ready),
      .completion_valid_o, .completion_ready_i
  );
  nic_types_pkg::mac_beat_t frame_beat;
  logic frame_valid, frame_ready, mac_open, paused, stopping, timer_quiescent, control_quiescent;
  logic [63:0] timer_deadline_ps, control_deadline_ps, time_ps_q;

  transmit_engine u_engine (
      .clk_i, .rst_i, .live_i, .flush_i, .checksum_i, .hash_report_i, .segment_i,
      .drained_o(engine_drained), .quiescent_o(engine_quiescent),
      .element_i(element), .element_valid_i(element_valid), .element_take_o(element_take),
      .element_commit_o(element_commit), .element_rewind_o(element_rewind),
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
      .valid_o(frame_valid), .ready_i(frame_ready), .beat_o(frame_beat),
      .drained_o(buffer_drained), .quiescent_o(buffer_quiescent)
  );

  // A cycle late for those who compare: they are awake in the cycle before each use.
  always_ff @(posedge clk_i) time_ps_q <= time_ps_i;

  pause_control u_pause (
      .clk_i, .rst_i, .time_ps_i, .time_ps_q_i(time_ps_q), .config_i, .peer_i,
      .quanta_i(peer_quanta_i), .paused_o(paused),
      .deadline_ps_o(timer_deadline_ps), .quiescent_o(timer_quiescent)
  );

  mac_control_tx u_control (
      .clk_i, .rst_i, .time_ps_i, .time_ps_q_i(time_ps_q), .mac_i, .config_i,
      .congested_i(peer_i.congested), .paused_i(paused),
      .fault_i(peer_i.fault != ethernet_pkg::LinkOk),
      .valid_i(frame_valid), .ready_o(frame_ready), .beat_i(frame_beat),
      .open_i(mac_open), .valid_o(mac_valid), .ready_i(mac_ready), .beat_o(mac_beat),
      .pause_o(pause_sent_o), .pfc_o(pfc_sent_o), .stopping_o(stopping),
      .deadline_ps_o(control_deadline_ps), .quiescent_o(control_quiescent)
  );

  mac_tx u_mac (
      .clk_i, .rst_i, .time_ps_i,
      .remote_fault_i(peer_i.fault == ethernet_pkg::LinkLocalFault), .open_o(mac_open),
      .valid_i(mac_valid), .ready_o(mac_ready), .beat_i(mac_beat),
      .xgmii_txd_o, .xgmii_txc_o, .events_o, .stamp_valid_o, .stamp_ps_o,
      .quiescent_o(mac_quiescent)
  );

  always_comb begin
    deadline_ps_o = '1;
    if (paused || stopping) begin
      deadline_ps_o = timer_deadline_ps < control_deadline_ps ? timer_deadline_ps
                                                              : control_deadline_ps;
    end
  end

  assign pause_state_o = {stopping, paused};

  assign drained_o = engine_drained && buffer_drained;

  // Under load the MAC never rests, and simulation asks no further.
  always_comb begin
    awake_o = 1'b1;
    if (mac_quiescent) awake_o = !buffer_quiescent || !engine_quiescent || !scheduler_quiescent ||
                                 !timer_quiescent || !control_quiescent;
  end

endmodule

`default_nettype wire
