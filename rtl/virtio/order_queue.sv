// Remembers, oldest first, what is asked for and not yet answered. Push and pop may meet in one
// cycle; `data_o` is the oldest entry, valid while `empty_o` is low.
`default_nettype none

module order_queue #(
    parameter int Width = 8,
    parameter int Depth = 16  // a power of two
) (
    input  wire              clk_i,
    input  wire              rst_i,
    input  wire              push_i,
    input  wire  [Width-1:0] data_i,
    output logic             full_o,
    input  wire              pop_i,
    output logic [Width-1:0] data_o,
    output logic             empty_o
);

  localparam int Bits = $clog2(Depth);
  if (Depth != (1 << Bits) || Depth < 2) begin : gen_bad_depth
    $error("Depth must be a power of two");
  end

  logic [Width-1:0] entries_q [0:Depth-1];
  // One bit more than an index needs tells full from empty.
  logic [Bits:0] tail_q;
  logic [Bits:0] head_q;

  assign empty_o = head_q == tail_q;
  assign full_o  = head_q == {~tail_q[Bits], tail_q[Bits-1:0]};
  assign data_o  = entries_q[head_q[Bits-1:0]];

  always_ff @(posedge clk_i)
    if (rst_i) begin
      tail_q <= '0;
      head_q <= '0;
    end else begin
      if (push_i) begin
        entries_q[tail_q[Bits-1:0]] <= data_i;
        tail_q <= tail_q + 1'b1;
      end
      if (pop_i) head_q <= head_q + 1'b1;
    end

  // Duties of the surroundings: assumed in the proof of this block alone.
`ifdef NIC_CHECK
`ifndef NIC_PROOF
  always_ff @(posedge clk_i)
    if (!rst_i) begin
      NothingOverwritten: assert (!(push_i && full_o));
      NothingInvented:    assert (!(pop_i && empty_o));
    end
`endif
`endif
`ifdef NIC_PROOF
  `include "order_queue_proof.svh"
`endif

endmodule

`default_nettype wire
