// Says whether the driver wants an interrupt for what was used since the last decision (virtio 1.3,
// 2.8.10). A position counts modulo two laps, which its wrap counter tells apart, so the event lies
// in the range if it is fewer slots behind the newest used one than slots were used. Combinational.
`default_nettype none

module event_decision (
    input  wire        valid_i,      // else nothing is worked out
    input  wire        event_idx_i,  // the feature
    input  wire        first_i,      // no decision before this one
    input  wire  [8:0] size_i,
    input  wire  [9:0] position_i,   // slot behind the last used one, plus size on odd laps
    input  wire  [9:0] slots_i,      // used since the last decision, two laps at most
    input  wire nic_pkg::event_suppression_t event_i,
    output logic       fire_o
);

  logic [9:0] wanted;
  logic [9:0] distance;  // from the newest used slot back to the wanted one
  logic reached;

  always_comb begin
    wanted = '0;
    distance = '0;
    reached = 1'b0;
    fire_o = 1'b0;
    if (valid_i) begin
      wanted = 10'(event_i.off[8:0]) + (event_i.wrap ? '0 : 10'(size_i));
      distance = position_i - 10'd1 - wanted;
      if (position_i <= wanted) distance = distance + {size_i, 1'b0};
      // A slot that the ring does not have is never used.
      reached = event_i.off < 15'(size_i) && distance < slots_i;
      if (event_i.flags == nic_pkg::EventDesc && event_idx_i) fire_o = first_i || reached;
      else fire_o = event_i.flags != nic_pkg::EventDisable;
    end
  end

`ifdef NIC_PROOF
  `include "event_decision_proof.svh"
`endif

endmodule

`default_nettype wire
