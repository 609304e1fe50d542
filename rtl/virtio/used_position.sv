// The position after `slots_i` more slots of a ring were used (virtio 1.3, 2.8.1): the wrap counter
// flips where the last slot is passed. Combinational.
`default_nettype none

module used_position (
    input  wire        valid_i,  // else nothing is worked out
    input  wire  [8:0] size_i,
    input  wire  [7:0] slot_i,
    input  wire        wrap_i,
    input  wire  [8:0] slots_i,  // size_i at most
    output logic [7:0] slot_o,
    output logic       wrap_o
);

  logic [9:0] sum;

  always_comb begin
    sum = '0;
    wrap_o = 1'b0;
    slot_o = '0;
    if (valid_i) begin
      sum = 10'(slot_i) + 10'(slots_i);
      wrap_o = wrap_i ^ (sum >= 10'(size_i));
      slot_o = (sum >= 10'(size_i)) ? 8'(sum - 10'(size_i)) : 8'(sum);
    end
  end

`ifdef NIC_PROOF
  `include "used_position_proof.svh"
`endif

endmodule

`default_nettype wire
