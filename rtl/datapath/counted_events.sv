// Which counters step in this cycle, by what happens in the NIC. Interrupts and link transitions
// are counted where they are noticed.
`default_nettype none

module counted_events (
  input  wire logic                           tx_pause_i,
  input  wire logic                           tx_pfc_i,
  input  wire logic                           tx_packet_i,
  input  wire logic                           tx_malformed_i,
  input  wire logic                           tx_error_i,
  input  wire logic                           tx_frame_i,
  input  wire logic [5:0]                     tx_sizes_i,
  input  wire logic [1:0]                     tx_casts_i,
  input  wire ethernet_pkg::receive_events_t  rx_events_i,
  input  wire ethernet_pkg::control_events_t  control_events_i,
  input  wire logic                           rx_overrun_i,
  input  wire logic                           rx_filtered_i,
  input  wire logic                           rx_packet_i,
  input  wire logic                           rx_no_buffer_i,
  input  wire logic                           rx_unused_i,
  input  wire logic                           rx_error_i,
  output logic [nic_pkg::NumStats-1:0]        increment_o
);

  logic counted;

  assign counted = tx_pause_i || tx_pfc_i || tx_packet_i || tx_malformed_i || tx_error_i ||
                   tx_frame_i || rx_events_i != '0 || control_events_i != '0 ||
                   rx_overrun_i || rx_filtered_i || rx_packet_i || rx_no_buffer_i ||
                   rx_unused_i || rx_error_i;

  // In the order of the counters, last first.
  assign increment_o = counted ? {
      rx_filtered_i, 1'b0, control_events_i[5:4], tx_pfc_i, tx_pause_i, tx_sizes_i, tx_casts_i,
      control_events_i[3:0], rx_events_i.sizes, rx_events_i.casts,
      rx_unused_i, tx_packet_i, rx_packet_i, 1'b0, tx_error_i, tx_malformed_i,
      rx_error_i, rx_no_buffer_i, rx_overrun_i, rx_events_i.framing_errors,
      rx_events_i.symbol_errors, rx_events_i.jabbers, rx_events_i.oversize, rx_events_i.fragments,
      rx_events_i.undersize, rx_events_i.fcs_errors, rx_events_i.frames, rx_events_i.frames,
      tx_frame_i, tx_frame_i} : '0;

  if (nic_pkg::NumStats != 46 || nic_pkg::StatRxFiltered != 45 ||
      nic_pkg::StatRxBroadcast != 20 ||
      nic_pkg::StatRxPauseFrames != 28 || nic_pkg::StatTxBroadcast != 32 ||
      nic_pkg::StatTxPauseFrames != 40 || nic_pkg::StatLinkTransitions != 44 ||
      nic_pkg::StatRxBuffersUnused != 19 ||
      nic_pkg::StatTxPackets != 18 || nic_pkg::StatTxFrames != 0 ||
      nic_pkg::StatRxFcsErrors != 4 || nic_pkg::StatRxDroppedOverrun != 11) begin : gen_check
    $error("counted_events: the counters are listed in another order");
  end

endmodule

`default_nettype wire
