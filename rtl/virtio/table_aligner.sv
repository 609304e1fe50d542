// Turns the beats of an indirect table's read into its entries, of 16 bytes each. Tables may lie at
// any address: then each entry is the end of one beat and the start of the next, and the read has
// one beat more than it has entries.
`default_nettype none

module table_aligner (
    input  wire                        clk_i,
    input  wire                        rst_i,
    input  wire                        valid_i,
    input  wire nic_types_pkg::read_beat_t beat_i,  // its count and error say nothing here
    output logic                       valid_o,
    output logic [127:0]               entry_o
);

  logic         inside_q;  // the read has begun
  logic [  3:0] offset_q;
  logic [127:0] previous_q;

  assign valid_o = valid_i && (inside_q || beat_i.offset == '0);

  always_comb begin
    entry_o = beat_i.data;
    if (valid_i && inside_q && offset_q != '0)
      entry_o = 128'({beat_i.data, previous_q} >> {offset_q, 3'b000});
  end

  always_ff @(posedge clk_i)
    if (rst_i) inside_q <= 1'b0;
    else if (valid_i) begin
      inside_q   <= !beat_i.last;
      previous_q <= beat_i.data;
      if (!inside_q) offset_q <= beat_i.offset;
    end

endmodule

`default_nettype wire
