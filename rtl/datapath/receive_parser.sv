// Reads frames on their way into the receive frame buffer: whether the transport checksum is right,
// and the hash of the flow. The record of a frame comes two cycles after its last beat.
`default_nettype none

module receive_parser #(
  parameter int LengthBits = 11
) (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic [5:0]                hash_types_i,
  input  wire logic                      all_types_i,   // to spread frames
  input  wire logic [319:0]              hash_key_i,
  input  wire logic                      valid_i,
  input  wire nic_types_pkg::mac_beat_t  beat_i,
  input  wire logic                      commit_i,  // with the last: the frame stays
  input  wire logic [LengthBits-1:0]     last_i,    // number of the beat's last byte
  output logic                           valid_o,   // pulse for each frame that stays
  output logic [LengthBits-1:0]          last_o,
  output logic                           verified_o,
  output logic [3:0]                     report_o,
  output logic [31:0]                    hash_o,
  output logic                           spread_o,
  output logic [6:0]                     spread_hash_o,
  output logic                           quiescent_o
);

  logic                  row_valid, row_first, row_last, row_tail, row_ipv4;
  logic [63:0]           row;
  logic [3:0]            room;
  logic                  rows_quiescent, checksum_quiescent, hash_quiescent;
  logic                  ended_q, end_q, commit_q;
  logic [LengthBits-1:0] last_q;

  network_rows u_rows (
    .clk_i, .rst_i, .valid_i, .beat_i,
    .valid_o(row_valid), .first_o(row_first), .last_o(row_last), .tail_o(row_tail),
    .ipv4_o(row_ipv4), .row_o(row), .room_o(room), .quiescent_o(rows_quiescent)
  );

  receive_checksum u_checksum (
    .clk_i, .rst_i, .valid_i(row_valid), .first_i(row_first), .last_i(row_last),
    .tail_i(row_tail), .ipv4_i(row_ipv4), .row_i(row), .room_i(room),
    .verified_o, .quiescent_o(checksum_quiescent)
  );

  receive_hash u_hash (
    .clk_i, .rst_i, .types_i(hash_types_i), .all_types_i, .key_i(hash_key_i),
    .end_i(end_q),
    .valid_i(row_valid), .first_i(row_first), .ipv4_i(row_ipv4), .row_i(row), .room_i(room),
    .report_o, .hash_o, .spread_o, .spread_hash_o, .quiescent_o(hash_quiescent)
  );

  assign quiescent_o = !valid_i && !ended_q && !end_q && rows_quiescent && checksum_quiescent &&
                       hash_quiescent;

  always_ff @(posedge clk_i) begin
    if (valid_i || ended_q || end_q) begin
      ended_q  <= valid_i && beat_i.last;
      end_q    <= ended_q;
      commit_q <= valid_i && commit_i;
      valid_o  <= commit_q;
      if (valid_i) last_q <= last_i;
      if (commit_q) last_o <= last_q;
    end
    if (rst_i) begin
      ended_q  <= 1'b0;
      end_q    <= 1'b0;
      commit_q <= 1'b0;
      valid_o  <= 1'b0;
    end
  end

endmodule

`default_nettype wire
