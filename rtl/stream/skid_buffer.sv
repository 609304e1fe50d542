// Registers one valid/ready stream in both directions, so that no combinational path crosses it.
// One cycle of latency, one beat a cycle, two beats of storage.
`default_nettype none

module skid_buffer #(
  parameter int Width = 8
) (
  input  wire logic             clk_i,
  input  wire logic             rst_i,
  input  wire logic             valid_i,
  output logic                  ready_o,
  input  wire logic [Width-1:0] data_i,
  output logic                  valid_o,
  input  wire logic             ready_i,
  output logic      [Width-1:0] data_o
);

  // What was taken in the cycle in which the far side stopped; the only reason to refuse a beat.
  logic             spare_valid_q;
  logic [Width-1:0] spare_q;

  logic advance;

  assign ready_o = !spare_valid_q;
  assign advance = ready_i || !valid_o;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      valid_o       <= 1'b0;
      spare_valid_q <= 1'b0;
    end else if (advance) begin
      valid_o       <= valid_i || spare_valid_q;
      spare_valid_q <= 1'b0;
    end else if (valid_i) begin
      spare_valid_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (advance && spare_valid_q) data_o <= spare_q;
    else if (advance && valid_i)  data_o <= data_i;
    if (!advance && valid_i && !spare_valid_q) spare_q <= data_i;
  end

`ifdef NIC_CHECK
  logic             held_q;
  logic [Width-1:0] held_data_q;

  initial held_q = 1'b0;

  always_ff @(posedge clk_i) begin
    held_q      <= !rst_i && valid_o && !ready_i;
    held_data_q <= data_o;
    if (held_q) begin
      BeatIsHeld:   assert (valid_o);
      DataIsStable: assert (data_o == held_data_q);
    end
    if (!rst_i && spare_valid_q) begin
      SpareHasABeatBefore: assert (valid_o);
    end
  end
`endif
`ifdef NIC_PROOF
  `include "skid_buffer_proof.svh"
`endif

endmodule

`default_nettype wire
