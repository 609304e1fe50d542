// A folded sum is the remainder of 65535 that one's complement means, and to exchange its bytes is
// to multiply by 256: what transmit_checksum relies on where a sum begins at an odd byte.
`default_nettype none

module checksum_proof (
    input wire        clk_i,
    input wire [31:0] sum_i
);

  logic [15:0] folded, exchanged, next;
  (* keep *) logic all_seen;  // read by the cover alone

  assign folded    = checksum_pkg::fold(sum_i);
  assign next      = checksum_pkg::fold(sum_i + 32'hFFFF);
  assign exchanged = checksum_pkg::fold({sum_i[23:0], 8'd0});
  // A sum that carries twice has been met.
  assign all_seen  = sum_i == 32'hFFFF_0001;

  always_ff @(posedge clk_i) begin
    // These three say what it is of every sum, step by step of 65535.
    if (sum_i <= 32'hFFFF) begin
      SmallSumStays: assert (folded == sum_i[15:0]);
    end
    if (sum_i != 32'd0 && sum_i <= 32'hFFFF0000) begin
      StepChangesNothing: assert (next == folded);
    end
    ZeroIsZeroAlone: assert ((folded == 16'd0) == (sum_i == 32'd0));
    // Eight bits to the left is what an exchange does to a word, to the remainder.
    if (sum_i[31:24] == 8'd0) begin
      ExchangeIsAShift: assert (exchanged == {folded[7:0], folded[15:8]});
    end
  end

endmodule

`default_nettype wire
