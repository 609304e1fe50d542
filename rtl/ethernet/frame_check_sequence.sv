// The step of the frame check sequence as a block of its own, for whoever is not clocked logic:
// tests, and the comparison of its two bodies. The MAC calls the function.
`default_nettype none

module frame_check_sequence (
  input  wire logic [3:0]  count_i,
  input  wire logic [63:0] data_i,
  input  wire logic [31:0] state_i,
  output logic      [31:0] state_o
);

  assign state_o = fcs_pkg::advance(state_i, data_i, count_i);

endmodule

`default_nettype wire
