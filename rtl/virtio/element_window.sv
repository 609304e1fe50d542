// The window of fetched elements of one queue. Places are reserved before elements are asked for,
// filled in order, looked at and taken by the consumer, and freed when it commits; a rewind takes
// it back to its last commit. A take in the cycle of a commit is committed with it, and in the
// cycle of a rewind it is undone with it.
`default_nettype none

module element_window #(
    parameter int Width = nic_types_pkg::ElementBits,
    parameter int Depth = 64,  // a power of two
    parameter int CountBits = 7
) (
    input  wire                  clk_i,
    input  wire                  rst_i,
    input  wire                  reserve_i,
    input  wire  [CountBits-1:0] reserved_i,  // so many places, for a table's entries
    input  wire                  fill_i,
    input  wire                  fill_reserved_i,  // its place was reserved
    input  wire  [    Width-1:0] fill_data_i,
    output logic [CountBits-1:0] free_o,
    output logic                 valid_o,
    output logic [    Width-1:0] element_o,
    input  wire                  take_i,
    input  wire                  commit_i,
    input  wire                  rewind_i,
    output logic                 full_o  // of taken elements
);

  localparam int IndexBits = $clog2(Depth);
  if (Depth != (1 << IndexBits) || CountBits != IndexBits + 1) begin : gen_bad_depth
    $error("Depth must be a power of two, CountBits one more than its index");
  end

  // committed <= taken <= filled, modulo 2 * Depth; beyond filled are the reserved places.
  logic [Width-1:0] elements_q [0:Depth-1];
  logic [CountBits-1:0] filled_q;
  logic [CountBits-1:0] taken_q;  // of element_o, if it is valid
  logic [CountBits-1:0] committed_q;

  // The next element is read into a register, past the memory if it is just being filled.
  always_ff @(posedge clk_i) begin : move
    logic [CountBits-1:0] taken;
    logic [CountBits-1:0] committed;
    if (rst_i) begin
      free_o      <= CountBits'(Depth);
      full_o      <= 1'b0;
      valid_o     <= 1'b0;
      filled_q    <= '0;
      taken_q     <= '0;
      committed_q <= '0;
    end else if (fill_i || reserve_i || take_i || commit_i || rewind_i) begin
      taken = taken_q + CountBits'(take_i);
      committed = commit_i ? taken : committed_q;
      if (rewind_i) taken = committed_q;
      free_o <= free_o - (reserve_i ? reserved_i : '0) - CountBits'(fill_i && !fill_reserved_i)
          + (committed - committed_q);
      full_o <= taken - committed == CountBits'(Depth);
      valid_o <= taken != filled_q || fill_i;
      element_o <= (taken == filled_q) ? fill_data_i : elements_q[taken[IndexBits-1:0]];
      if (fill_i) elements_q[filled_q[IndexBits-1:0]] <= fill_data_i;
      if (fill_i) filled_q <= filled_q + 1'b1;
      committed_q <= committed;
      taken_q <= taken;
    end
  end

  // Duties of the surroundings: assumed in the proof of this block alone.
`ifdef NIC_CHECK
  logic [CountBits-1:0] reserved;  // end of the reserved places
  assign reserved = committed_q + CountBits'(Depth) - free_o;
`ifndef NIC_PROOF
  always_ff @(posedge clk_i)
    if (!rst_i) begin
      ReservationFits: assert (!reserve_i || reserved_i <= free_o);
      FillHasPlace:    assert (!fill_i || fill_reserved_i
                               || (free_o != '0 && filled_q == reserved && !reserve_i));
      ReservedIsThere: assert (!(fill_i && fill_reserved_i) || filled_q != reserved);
      TakesOnlyValid:  assert (!take_i || valid_o);
      CommitOrRewind:  assert (!(commit_i && rewind_i));
    end
`endif
`endif
`ifdef NIC_PROOF
  `include "element_window_proof.svh"
`endif

endmodule

`default_nettype wire
