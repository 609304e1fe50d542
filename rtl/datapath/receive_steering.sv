// Says which receive queue a frame belongs to: by its hash and an indirection table, or, if it has
// no hash, the unclassified queue (virtio 1.3, 5.1.6.4.3). A new table is written beside the one in
// use and takes its place at once, so that no frame meets half of it. Without one, all belong to
// the first queue.
`default_nettype none

module receive_steering #(
  parameter int NumPairs = nic_pkg::MaxQueuePairs,
  parameter int PairBits = NumPairs > 1 ? $clog2(NumPairs) : 1
) (
  input  wire logic                clk_i,
  input  wire logic                rst_i,
  input  wire logic                reset_i,         // of the device, by the driver
  // The table to come, and the change.
  input  wire logic                write_i,
  input  wire logic [6:0]          write_index_i,
  input  wire logic [PairBits-1:0] write_pair_i,
  input  wire logic                change_i,        // pulse
  input  wire logic [6:0]          mask_i,          // with it: of a hash, what indexes the table
  input  wire logic [PairBits-1:0] unclassified_i,  // with it
  // The oldest frame.
  input  wire logic                frame_i,
  input  wire logic                gone_i,          // it leaves
  input  wire logic                hashed_i,
  input  wire logic [6:0]          hash_i,          // the bits that count
  output logic                     valid_o,
  output logic [PairBits-1:0]      pair_o,
  output logic                     quiescent_o
);

  logic [PairBits-1:0] table_q [0:2*nic_pkg::IndirectionEntries-1];
  logic                used_q;   // a table is in use,
  logic                upper_q;  // in the upper half
  logic [6:0]          mask_q;
  logic [PairBits-1:0] unclassified_q;
  logic                look;

  assign look        = frame_i && !valid_o;
  assign quiescent_o = !look && !gone_i && !write_i && !change_i && !reset_i;

  always_ff @(posedge clk_i) begin
    if (write_i) table_q[{!upper_q, write_index_i}] <= write_pair_i;
  end

  always_ff @(posedge clk_i) begin
    if (look) begin
      pair_o <= '0;
      if (used_q) begin
        pair_o <= hashed_i ? table_q[{upper_q, hash_i & mask_q}] : unclassified_q;
      end
    end
    if (change_i) begin
      used_q         <= 1'b1;
      upper_q        <= !upper_q;
      mask_q         <= mask_i;
      unclassified_q <= unclassified_i;
    end
    if (look) valid_o <= 1'b1;
    if (gone_i) valid_o <= 1'b0;
    if (rst_i || reset_i) used_q <= 1'b0;
    if (rst_i) begin
      valid_o <= 1'b0;
      upper_q <= 1'b0;
    end
  end

  if (nic_pkg::IndirectionEntries != 128) begin : gen_check
    $error("receive_steering: seven bits index the table");
  end

endmodule

`default_nettype wire
