// Both directions of traffic, between the buffers of all queue pairs and the wire. Wires blocks
// together: transmission and reception, which have a clock pin each (rtl/README.md), and what they
// have in common: the link, the queue pairs, the counters.
`default_nettype none

module datapath #(
    parameter int NumPairs = nic_pkg::MaxQueuePairs
) (
    input  wire logic                        clk_transmit_i,
    input  wire logic                        clk_receive_i,
    output logic                             awake_transmit_o,    // a register changes next
    output logic                             awake_receive_o,
    input  wire logic                        rst_i,
    input  wire logic                        live_i,
    input  wire logic                        flush_i,
    output logic                             drained_o,
    input  wire logic [63:0]                 features_i,          // agreed on
    input  wire logic                        checksum_off_i,      // GUEST_CSUM is not in use
    input  wire logic [63:0]                 time_ps_i,
    output logic [63:0]                      transmit_deadline_ps_o, // awake then
    // The MAC and the link.
    input  wire logic [47:0]                 mac_i,               // of the MAC itself
    input  wire ethernet_pkg::mac_config_t   config_i,
    input  wire logic [31:0]                 watermarks_i,        // high, then low, in bytes
    output logic [1:0]                       fault_o,
    output logic [1:0]                       pause_state_o,       // stopping it, stopped by it
    input  wire logic [63:0]                 xgmii_rxd_i,
    input  wire logic [7:0]                  xgmii_rxc_i,
    output logic [63:0]                      xgmii_txd_o,
    output logic [7:0]                       xgmii_txc_o,
    output logic                             tx_stamp_valid_o,    // a frame begins on the wire
    output logic [63:0]                      tx_stamp_ps_o,
    output logic                             rx_stamp_valid_o,
    output logic [63:0]                      rx_stamp_ps_o,
    // What the driver has set: the receive filter, its tables, and how frames are spread.
    input  wire nic_types_pkg::filter_t      filter_i,
    input  wire logic [47:0]                 station_i,
    output logic                             filter_seek_o,
    output logic [3:0]                       filter_row_o,
    input  wire logic [191:0]                filter_row_i,
    output logic [11:0]                      filter_vid_o,
    input  wire logic                        filter_vlan_i,
    input  wire nic_types_pkg::steering_t    steering_i,
    input  wire logic [8*nic_pkg::HashKeyBytes-1:0] hash_key_i,
    // Elements of each queue, and completions: valid for one queue, the same for all of an engine.
    input  wire logic [2*NumPairs-1:0]       element_valid_i,
    input  wire logic [2*NumPairs*nic_types_pkg::ElementBits-1:0] element_i,
    input  wire logic [2*NumPairs-1:0]       element_empty_i,
    input  wire logic [2*NumPairs-1:0]       element_full_i,
    output logic [2*NumPairs-1:0]            element_take_o,
    output logic [2*NumPairs-1:0]            element_commit_o,
    output logic [2*NumPairs-1:0]            element_rewind_o,
    output nic_types_pkg::completion_t       receive_completion_o,
    output nic_types_pkg::completion_t       transmit_completion_o,
    output logic [2*NumPairs-1:0]            completion_valid_o,
    input  wire logic [2*NumPairs-1:0]       completion_ready_i,
    // dma_read, client ReadTransmit.
    output nic_types_pkg::dma_request_t      read_request_o,
    output logic                             read_valid_o,
    input  wire logic                        read_ready_i,
    input  wire nic_types_pkg::read_beat_t   read_beat_i,
    input  wire logic                        read_beat_valid_i,
    // dma_write, client WriteReceive.
    output nic_types_pkg::dma_request_t      write_request_o,
    output logic                             write_request_valid_o,
    input  wire logic                        write_request_ready_i,
    output nic_types_pkg::dma_beat_t         write_beat_o,
    output logic [3:0]                       write_lane_o,
    output logic                             write_beat_valid_o,
    input  wire logic                        write_beat_ready_i,
    input  wire logic                        write_done_i,
    input  wire logic                        write_error_i,
    // Counters, and packets that were lost to bad memory: received, transmitted.
    output logic [nic_pkg::NumStats-1:0]     increment_o,
    output logic [15:0]                      tx_octets_o,
    output logic [15:0]                      rx_octets_o,
    output logic [1:0]                       data_error_o
);

  logic transmit_drained, receive_drained;

  assign drained_o = transmit_drained && receive_drained;

  // All pairs share one engine each way.
  logic [NumPairs-1:0]             receive_valid, receive_take, receive_commit, receive_rewind;
  logic [NumPairs-1:0]             receive_empty, receive_full, transmit_valid;
  logic [NumPairs-1:0]             transmit_take, transmit_commit, transmit_rewind;
  logic [NumPairs*nic_types_pkg::ElementBits-1:0] receive_elements, transmit_elements;
  logic [NumPairs-1:0]             received_valid, received_ready;
  logic [NumPairs-1:0]             transmitted_valid, transmitted_ready;

  queue_pairs #(.NumPairs(NumPairs)) u_pairs (
    .valid_i(element_valid_i), .elements_i(element_i),
    .empty_i(element_empty_i), .full_i(element_full_i),
    .take_o(element_take_o), .commit_o(element_commit_o), .rewind_o(element_rewind_o),
    .completion_valid_o, .completion_ready_i,
    .receive_valid_o(receive_valid), .receive_elements_o(receive_elements),
    .receive_empty_o(receive_empty), .receive_full_o(receive_full),
    .receive_take_i(receive_take), .receive_commit_i(receive_commit),
    .receive_rewind_i(receive_rewind), .received_valid_i(received_valid),
    .received_ready_o(received_ready), .transmit_valid_o(transmit_valid),
    .transmit_elements_o(transmit_elements), .transmit_take_i(transmit_take),
    .transmit_commit_i(transmit_commit), .transmit_rewind_i(transmit_rewind),
    .transmitted_valid_i(transmitted_valid), .transmitted_ready_o(transmitted_ready)
  );

  // ---- Transmit.

  ethernet_pkg::peer_t            peer;
  logic [127:0]                   peer_quanta;
  ethernet_pkg::transmit_events_t tx_events;
  logic transmit_packet, transmit_malformed, transmit_error, transmit_pause, transmit_pfc;

  transmit_path #(.NumPairs(NumPairs)) u_transmit (
    .clk_i(clk_transmit_i), .rst_i, .live_i, .flush_i,
    .checksum_i(features_i[nic_pkg::FeatureCsum]),
    .hash_report_i(features_i[nic_pkg::FeatureHashReport]),
    .segment_i(features_i[nic_pkg::FeatureHostEcn:nic_pkg::FeatureHostTso4]),
    .drained_o(transmit_drained), .awake_o(awake_transmit_o),
    .time_ps_i, .deadline_ps_o(transmit_deadline_ps_o), .mac_i, .config_i,
    .peer_i(peer), .peer_quanta_i(peer_quanta), .pause_state_o,
    .element_valid_i(transmit_valid), .element_i(transmit_elements),
    .element_take_o(transmit_take), .element_commit_o(transmit_commit),
    .element_rewind_o(transmit_rewind),
    .read_request_o, .read_valid_o, .read_ready_i, .read_beat_i, .read_beat_valid_i,
    .completion_o(transmit_completion_o), .completion_valid_o(transmitted_valid),
    .completion_ready_i(transmitted_ready),
    .packet_o(transmit_packet), .dropped_malformed_o(transmit_malformed),
    .data_error_o(transmit_error), .pause_sent_o(transmit_pause), .pfc_sent_o(transmit_pfc),
    .xgmii_txd_o, .xgmii_txc_o, .stamp_valid_o(tx_stamp_valid_o), .stamp_ps_o(tx_stamp_ps_o),
    .events_o(tx_events)
  );

  // ---- Receive.

  ethernet_pkg::receive_events_t rx_events;
  ethernet_pkg::control_events_t control_events;
  logic rx_overrun, rx_filtered, receive_packet, receive_no_buffer, receive_unused, receive_error;

  assign fault_o = peer.fault;

  receive_path #(.NumPairs(NumPairs)) u_receive (
    .clk_i(clk_receive_i), .rst_i, .live_i, .flush_i,
    .mergeable_i(features_i[nic_pkg::FeatureMrgRxbuf]),
    .checksum_i(features_i[nic_pkg::FeatureGuestCsum] && !checksum_off_i),
    .hash_report_i(features_i[nic_pkg::FeatureHashReport]),
    .drained_o(receive_drained), .awake_o(awake_receive_o),
    .time_ps_i, .mac_i, .config_i, .watermarks_i, .xgmii_rxd_i, .xgmii_rxc_i,
    .peer_o(peer), .peer_quanta_o(peer_quanta),
    .stamp_valid_o(rx_stamp_valid_o), .stamp_ps_o(rx_stamp_ps_o),
    .events_o(rx_events), .control_events_o(control_events), .overrun_o(rx_overrun),
    .address_filter_i(live_i && features_i[nic_pkg::FeatureCtrlRx]),
    .vlan_filter_i(live_i && features_i[nic_pkg::FeatureCtrlVlan]),
    .filter_i, .station_i, .seek_o(filter_seek_o), .row_o(filter_row_o), .row_i(filter_row_i),
    .vid_o(filter_vid_o), .vlan_i(filter_vlan_i), .filtered_o(rx_filtered),
    .steering_i, .hash_key_i,
    .element_valid_i(receive_valid), .element_i(receive_elements),
    .element_take_o(receive_take), .element_commit_o(receive_commit),
    .element_rewind_o(receive_rewind), .element_empty_i(receive_empty),
    .element_full_i(receive_full),
    .write_request_o, .write_request_valid_o, .write_request_ready_i,
    .write_beat_o, .write_lane_o, .write_beat_valid_o, .write_beat_ready_i,
    .write_done_i, .write_error_i,
    .completion_o(receive_completion_o), .completion_valid_o(received_valid),
    .completion_ready_i(received_ready),
    .packet_o(receive_packet), .dropped_no_buffer_o(receive_no_buffer),
    .skipped_o(receive_unused), .data_error_o(receive_error)
  );

  // ---- Counters.

  assign tx_octets_o  = tx_events.octets;
  assign rx_octets_o  = rx_events.octets;
  assign data_error_o = {receive_error, transmit_error};

  counted_events u_events (
    .tx_pause_i(transmit_pause), .tx_pfc_i(transmit_pfc), .tx_packet_i(transmit_packet),
    .tx_malformed_i(transmit_malformed), .tx_error_i(transmit_error),
    .tx_frame_i(tx_events.frames), .tx_sizes_i(tx_events.sizes), .tx_casts_i(tx_events.casts),
    .rx_events_i(rx_events), .control_events_i(control_events), .rx_overrun_i(rx_overrun),
    .rx_filtered_i(rx_filtered), .rx_packet_i(receive_packet), .rx_no_buffer_i(receive_no_buffer),
    .rx_unused_i(receive_unused), .rx_error_i(receive_error), .increment_o
  );

endmodule

`default_nettype wire
