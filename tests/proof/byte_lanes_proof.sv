// The halves that byte_lanes_pkg is written in mean what its comments say, lane by lane.
`default_nettype none

module byte_lanes_proof (
    input wire         clk_i,
    input wire [127:0] front_i,
    input wire [127:0] back_i,
    input wire [3:0]   lanes_i,
    input wire [4:0]   count_i,
    input wire [3:0]   lane_i
);

  logic [127:0] rotated, merged;
  logic [3:0]   target;

  assign rotated = byte_lanes_pkg::rotate(front_i, lanes_i);
  assign merged  = byte_lanes_pkg::merge(front_i, back_i, count_i);
  assign target  = lane_i + lanes_i;

  always_ff @(posedge clk_i) begin
    assume (count_i <= 5'd16);
    ByteIsRotated: assert (rotated[{target, 3'b000}+:8] == front_i[{lane_i, 3'b000}+:8]);
    ByteIsMerged:  assert (merged[{lane_i, 3'b000}+:8] ==
                           ({1'b0, lane_i} < count_i ? front_i[{lane_i, 3'b000}+:8]
                                                     : back_i[{lane_i, 3'b000}+:8]));
    Rotates: cover (lanes_i == 4'd9 && lane_i == 4'd12);
  end

endmodule

`default_nettype wire
