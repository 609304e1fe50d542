// The next state of the frame check sequence after 1 to 8 bytes. Combinational; while `valid_i` is
// low it costs the simulation one branch.
`default_nettype none

module frame_check_sequence (
  input  wire logic        valid_i,
  input  wire logic [3:0]  count_i,  // 1 to 8 bytes, packed to the front of data_i
  input  wire logic [63:0] data_i,   // bytes behind the count are ignored
  input  wire logic [31:0] state_i,
  output logic      [31:0] state_o   // state_i while valid_i is low
);

  logic [2:0]  missing;
  logic [63:0] word;
  logic [31:0] rest;

  // The register is added to the bytes it meets first. Shifting the word to its end puts zeros in
  // front, which change nothing, and lets the bytes behind the count fall off: every count becomes
  // the full word's case. With 1 to 3 bytes a part of the register meets none of them and moves
  // down as it is.
  always_comb begin
    missing = 3'd0;
    word    = 64'd0;
    rest    = 32'd0;
    state_o = state_i;
    if (valid_i) begin
      missing = 3'd0 - count_i[2:0];
      word    = (data_i ^ {32'd0, state_i}) << {missing, 3'b000};
      rest    = state_i >> {count_i, 3'b000};
`ifdef NIC_FCS_TABLES
      state_o = rest ^ fcs_pkg::Table0[word[7:0]] ^ fcs_pkg::Table1[word[15:8]]
              ^ fcs_pkg::Table2[word[23:16]] ^ fcs_pkg::Table3[word[31:24]]
              ^ fcs_pkg::Table4[word[39:32]] ^ fcs_pkg::Table5[word[47:40]]
              ^ fcs_pkg::Table6[word[55:48]] ^ fcs_pkg::Table7[word[63:56]];
`else
      for (int r = 0; r < 32; r++) begin
        state_o[r] = rest[r] ^ (^(word & fcs_pkg::ParityRows[64 * r +: 64]));
      end
`endif
    end
  end

endmodule

`default_nettype wire
