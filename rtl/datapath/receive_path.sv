// All of reception, from the wire to the queue's buffers: MAC, filter, frame buffer, engine.
`default_nettype none

module receive_path #(
    parameter int NumPairs = nic_pkg::MaxQueuePairs,
    parameter int PairBits = NumPairs > 1 ? $clog2(NumPairs) : 1
) (
    input  wire logic                      clk_i,
    input  wire logic                      rst_i,
    input  wire logic                      live_i,
    input  wire logic                      flush_i,
    input  wire logic                      mergeable_i,         // MRG_RXBUF was negotiated
    input  wire logic [63:0]               time_ps_i,
    input  wire logic [47:0]               mac_i,               // of the MAC itself
    input  wire ethernet_pkg::mac_config_t config_i,
    input  wire logic                      checksum_i,          // GUEST_CSUM is in use
    input  wire logic                      hash_report_i,       // HASH_REPORT was negotiated
    output logic                           drained_o,
    output logic                           awake_o,             // a register changes next
    // XGMII.
    input  wire logic [63:0]               xgmii_rxd_i,
    input  wire logic [7:0]                xgmii_rxc_i,
    input  wire logic [31:0]               watermarks_i,        // high, then low, in bytes
    output ethernet_pkg::peer_t            peer_o,
    output logic [127:0]                   peer_quanta_o,
    output logic                           stamp_valid_o,       // a frame has begun on the wire
    output logic [63:0]                    stamp_ps_o,
    output ethernet_pkg::receive_events_t  events_o,
    output ethernet_pkg::control_events_t  control_events_o,
    output logic                           overrun_o,           // pulse: a frame found no room
    // Receive filter, and its tables, which answer in the same cycle.
    input  wire logic                      address_filter_i,    // CTRL_RX was negotiated
    input  wire logic                      vlan_filter_i,       // so was CTRL_VLAN
    input  wire nic_types_pkg::filter_t    filter_i,
    input  wire logic [47:0]               station_i,           // as the driver has set it
    output logic                           seek_o,
    output logic [3:0]                     row_o,
    input  wire logic [191:0]              row_i,
    output logic [11:0]                    vid_o,
    input  wire logic                      vlan_i,
    output logic                           filtered_o,          // pulse: a good frame goes
    // How frames are hashed and spread over the receive queues.
    input  wire nic_types_pkg::steering_t  steering_i,
    input  wire logic [8*nic_pkg::HashKeyBytes-1:0] hash_key_i,
    // Each receive queue's elements.
    input  wire logic [NumPairs-1:0]       element_valid_i,
    input  wire logic [NumPairs*nic_types_pkg::ElementBits-1:0] element_i,
    output logic [NumPairs-1:0]            element_take_o,
    output logic [NumPairs-1:0]            element_commit_o,
    output logic [NumPairs-1:0]            element_rewind_o,
    input  wire logic [NumPairs-1:0]       element_empty_i,
    input  wire logic [NumPairs-1:0]       element_full_i,
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
    output logic [NumPairs-1:0]            completion_valid_o,
    input  wire logic [NumPairs-1:0]       completion_ready_i,
    // Pulses for the counters.
    output logic                           packet_o,            // a frame was given to the driver
    output logic                           dropped_no_buffer_o,
    output logic                           skipped_o,           // a buffer came back unused
    output logic                           data_error_o         // counted as dropped_error
);

  nic_types_pkg::mac_beat_t mac_beat;
  nic_types_pkg::dma_beat_t frame;
  nic_types_pkg::element_t  element;
  logic [15:0] length;
  logic        filter_quiescent, wanted, keep;
  logic [3:0]  report;
  logic [31:0] hash;
  logic        spread;
  logic [6:0]  spread_hash;
  logic [PairBits-1:0] pair;
  logic mac_valid, mac_good, length_valid, steered, verified, frame_valid, frame_ready, drop, gone;
  logic element_valid, element_empty, element_full, element_take, element_commit, element_rewind;
  logic completion_valid, completion_ready, engine_drained;
  logic mac_quiescent, buffer_quiescent, steering_quiescent, selector_quiescent, engine_quiescent;

  mac_rx u_mac (
      .clk_i, .rst_i, .time_ps_i, .xgmii_rxd_i, .xgmii_rxc_i,
      .valid_o(mac_valid), .beat_o(mac_beat), .good_o(mac_good), .events_o,
      .stamp_valid_o, .stamp_ps_o, .quiescent_o(mac_quiescent)
  );

  // What is between the two ends of the link: it goes no further than the other half of the MAC.
  logic [1:0]   fault;
  logic         control, pause, pfc, unsupported, ignored, local_fault, remote_fault, congested;
  logic [7:0]   classes;
  logic [15:0]  level;
  logic link_quiescent, control_quiescent, level_quiescent;

  link_fault u_link (
      .clk_i, .rst_i, .xgmii_rxd_i, .xgmii_rxc_i,
      .fault_o(fault), .local_o(local_fault), .remote_o(remote_fault),
      .quiescent_o(link_quiescent)
  );

  mac_control_rx u_control (
      .clk_i, .rst_i, .mac_i, .valid_i(mac_valid), .beat_i(mac_beat), .good_i(mac_good),
      .control_o(control), .pause_o(pause), .pfc_o(pfc), .classes_o(classes),
      .quanta_o(peer_quanta_o),
      .unsupported_o(unsupported), .ignored_o(ignored), .quiescent_o(control_quiescent)
  );

  congestion u_congestion (
      .clk_i, .rst_i, .enable_i(config_i.send_pause || config_i.send_pfc), .level_i(level),
      .high_i(watermarks_i[15:0]), .low_i(watermarks_i[31:16]),
      .congested_o(congested), .quiescent_o(level_quiescent)
  );

  assign peer_o           = {fault, congested, pause, pfc, classes};
  assign control_events_o = {remote_fault, local_fault, ignored, unsupported, pfc, pause};

  receive_filter u_filter (
      .clk_i, .rst_i, .valid_i(mac_valid), .beat_i(mac_beat),
      .address_filter_i, .vlan_filter_i, .filter_i, .mac_i(station_i), .seek_o, .row_o, .row_i,
      .vid_o, .vlan_i, .wanted_o(wanted), .quiescent_o(filter_quiescent)
  );

  always_comb begin
    keep       = 1'b0;
    filtered_o = 1'b0;
    if (mac_valid && mac_beat.last && mac_good && !control) begin
      keep       = wanted;
      filtered_o = !wanted;
    end
  end

  // A frame is hashed by one key, from its first beat to its last: that is done when the next
  // begins.
  logic       in_frame_q, rehash_q, all_types_q;
  logic [5:0] hash_types_q;
  logic [8*nic_pkg::HashKeyBytes-1:0] hash_key_q;

  always_ff @(posedge clk_i) begin
    if (mac_valid) in_frame_q <= !mac_beat.last;
    if (mac_valid && !in_frame_q && rehash_q) begin
      rehash_q     <= 1'b0;
      hash_types_q <= steering_i.hash_types;
      all_types_q  <= steering_i.all_types;
      hash_key_q   <= hash_key_i;
    end
    if (steering_i.rehash || flush_i || rst_i) rehash_q <= 1'b1;
    if (rst_i) in_frame_q <= 1'b0;
  end

  rx_frame_buffer u_buffer (
      .clk_i, .rst_i, .valid_i(mac_valid), .beat_i(mac_beat), .good_i(keep),
      .hash_types_i(hash_types_q), .all_types_i(all_types_q), .hash_key_i(hash_key_q), .overrun_o,
      .level_o(level),
      .length_valid_o(length_valid), .length_o(length), .verified_o(verified),
      .report_o(report), .hash_o(hash), .spread_o(spread), .spread_hash_o(spread_hash),
      .valid_o(frame_valid), .ready_i(frame_ready), .beat_o(frame), .drop_i(drop),
      .quiescent_o(buffer_quiescent)
  );

  assign gone = drop || (frame_valid && frame_ready && frame.last);

  receive_steering #(.NumPairs(NumPairs)) u_steering (
      .clk_i, .rst_i, .reset_i(flush_i),
      .write_i(steering_i.write), .write_index_i(steering_i.index),
      .write_pair_i(steering_i.pair[PairBits-1:0]), .change_i(steering_i.change),
      .mask_i(steering_i.mask), .unclassified_i(steering_i.unclassified[PairBits-1:0]),
      .frame_i(length_valid), .gone_i(gone), .hashed_i(spread), .hash_i(spread_hash),
      .valid_o(steered), .pair_o(pair), .quiescent_o(steering_quiescent)
  );

  receive_selector #(.NumPairs(NumPairs)) u_selector (
      .clk_i, .rst_i, .flush_i, .quiescent_o(selector_quiescent), .pair_i(pair),
      .element_valid_i, .element_i, .element_empty_i, .element_full_i,
      .element_take_o, .element_commit_o, .element_rewind_o,
      .element_valid_o(element_valid), .element_o(element), .element_empty_o(element_empty),
      .element_full_o(element_full), .element_take_i(element_take),
      .element_commit_i(element_commit), .element_rewind_i(element_rewind),
      .completion_valid_i(completion_valid), .completion_more_i(completion_o.more),
      .completion_ready_o(completion_ready), .completion_valid_o, .completion_ready_i
  );

  receive_engine u_engine (
      .clk_i, .rst_i, .live_i, .flush_i, .mergeable_i, .checksum_i, .hash_report_i,
      .drained_o(engine_drained), .quiescent_o(engine_quiescent),
      .length_i(length), .length_valid_i(steered), .verified_i(verified),
      .report_i(report), .hash_i(hash),
      .frame_i(frame), .frame_valid_i(frame_valid), .frame_ready_o(frame_ready), .drop_o(drop),
      .element_i(element), .element_valid_i(element_valid), .element_take_o(element_take),
      .element_commit_o(element_commit), .element_rewind_o(element_rewind),
      .element_empty_i(element_empty), .element_full_i(element_full),
      .write_request_o, .write_request_valid_o, .write_request_ready_i,
      .write_beat_o, .write_lane_o, .write_beat_valid_o, .write_beat_ready_i,
      .write_done_i, .write_error_i,
      .completion_o, .completion_valid_o(completion_valid), .completion_ready_i(completion_ready),
      .packet_o, .dropped_no_buffer_o, .skipped_o, .data_error_o
  );

  assign drained_o = engine_drained;

  // Under load the MAC never rests, and simulation asks no further.
  always_comb begin
    awake_o = 1'b1;
    if (mac_quiescent) awake_o = !buffer_quiescent || !engine_quiescent || !steering_quiescent ||
                                 !selector_quiescent || !link_quiescent || !control_quiescent ||
                                 !level_quiescent || !filter_quiescent || steering_i.rehash;
  end

endmodule

`default_nettype wire
