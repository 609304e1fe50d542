// Whether a buffer is too full, with a band between getting there and getting out of it.
`default_nettype none

module congestion (
  input  wire logic        clk_i,
  input  wire logic        rst_i,
  input  wire logic        enable_i,
  input  wire logic [15:0] level_i,
  input  wire logic [15:0] high_i,  // from here on it is
  input  wire logic [15:0] low_i,   // down to here it stays so
  output logic             congested_o,
  output logic             quiescent_o
);

  logic congested;

  always_comb begin
    congested = 1'b0;
    if (enable_i) congested = level_i >= high_i || (congested_o && level_i > low_i);
  end

  always_ff @(posedge clk_i) congested_o <= congested && !rst_i;

  assign quiescent_o = congested == congested_o;

endmodule

`default_nettype wire
