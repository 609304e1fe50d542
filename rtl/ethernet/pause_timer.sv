// A time up to which to be silent. A new one replaces the one that runs.
//
// It is compared with the time a cycle late, so that its user may sleep until `deadline_ps_o`
// (rtl/README.md).
`default_nettype none

module pause_timer (
  input  wire logic        clk_i,
  input  wire logic        rst_i,
  input  wire logic        enable_i,      // else nothing runs
  input  wire logic [63:0] time_ps_q_i,   // of the cycle before, while awake
  input  wire logic        set_i,
  input  wire logic        silent_i,      // with set_i: until then, else no longer
  input  wire logic [63:0] until_ps_i,
  output logic             paused_o,
  output logic [63:0]      deadline_ps_o,
  output logic             quiescent_o
);

  logic [63:0] until_ps_q;
  logic        over;

  assign over          = paused_o && (!enable_i || time_ps_q_i >= until_ps_q);
  assign deadline_ps_o = paused_o ? until_ps_q : '1;
  assign quiescent_o   = !(set_i && enable_i) && !over;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      paused_o <= 1'b0;
    end else if (set_i && enable_i) begin
      paused_o   <= silent_i;
      until_ps_q <= until_ps_i;
    end else if (over) begin
      paused_o <= 1'b0;
    end
  end

`ifdef NIC_PROOF
  `include "pause_timer_proof.svh"
`endif

endmodule

`default_nettype wire
