// Both halves of the MAC on one line, for counting what a cycle of them costs.
`default_nettype none

module mac_loop (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic                      valid_i,
  output logic                           ready_o,
  input  wire nic_types_pkg::mac_beat_t  beat_i,
  output logic                           valid_o,
  output nic_types_pkg::mac_beat_t       beat_o,
  output logic                           good_o,
  output ethernet_pkg::transmit_events_t sent_o,
  output ethernet_pkg::receive_events_t  received_o,
  output logic                           quiescent_o
);

  logic [63:0] xgmii_d;
  logic [7:0]  xgmii_c;
  logic        tx_quiescent;
  logic        rx_quiescent;
  logic        unused_open, unused_sent, unused_received;
  logic [63:0] unused_sent_ps, unused_received_ps;

  mac_tx u_tx (
    .clk_i,
    .rst_i,
    .time_ps_i     (64'd0),
    .remote_fault_i(1'b0),
    .open_o        (unused_open),
    .valid_i,
    .ready_o,
    .beat_i,
    .xgmii_txd_o(xgmii_d),
    .xgmii_txc_o(xgmii_c),
    .events_o   (sent_o),
    .stamp_valid_o(unused_sent),
    .stamp_ps_o   (unused_sent_ps),
    .quiescent_o(tx_quiescent)
  );

  mac_rx u_rx (
    .clk_i,
    .rst_i,
    .time_ps_i  (64'd0),
    .xgmii_rxd_i(xgmii_d),
    .xgmii_rxc_i(xgmii_c),
    .valid_o,
    .beat_o,
    .good_o,
    .events_o   (received_o),
    .stamp_valid_o(unused_received),
    .stamp_ps_o   (unused_received_ps),
    .quiescent_o(rx_quiescent)
  );

  assign quiescent_o = tx_quiescent && rx_quiescent;

endmodule

`default_nettype wire
