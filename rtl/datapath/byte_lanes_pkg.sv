// Moves bytes between the 16 lanes of a beat. Written in 64-bit halves, which the simulation does
// in machine shifts; a shift of 128 bits costs it several times as much.
`default_nettype none

package byte_lanes_pkg;

  // Byte n goes to lane (n + lanes) mod 16.
  function automatic logic [127:0] rotate(input logic [127:0] data, input logic [3:0] lanes);
    logic [63:0] low, high;
    logic [6:0]  up, down;
    begin
      low    = lanes[3] ? data[127:64] : data[63:0];
      high   = lanes[3] ? data[63:0] : data[127:64];
      up     = {1'b0, lanes[2:0], 3'b000};
      down   = 7'd64 - up;
      rotate = {(high << up) | (low >> down), (low << up) | (high >> down)};
    end
  endfunction

  // Lanes below `count` from `front`, the others from `back`; count is 0 to 16.
  function automatic logic [127:0] merge(input logic [127:0] front, input logic [127:0] back,
                                         input logic [4:0] count);
    logic [63:0] partial, low, high;
    begin
      partial = ~(64'hFFFFFFFFFFFFFFFF << {count[2:0], 3'b000});
      low     = (count[4] || count[3]) ? 64'hFFFFFFFFFFFFFFFF : partial;
      high    = count[4] ? 64'hFFFFFFFFFFFFFFFF : count[3] ? partial : 64'h0;
      merge   = {(front[127:64] & high) | (back[127:64] & ~high),
                 (front[63:0] & low) | (back[63:0] & ~low)};
    end
  endfunction

endpackage

`default_nettype wire
