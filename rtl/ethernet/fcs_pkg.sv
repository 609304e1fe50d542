// CRC-32 of IEEE 802.3 (clause 3.2.9) in its reflected form: bit 0 is the first on the wire.
//
// Eight bytes are folded at once. Bit k of a word (k = 0 first) adds Column(k) to the register that
// stands behind the word. Synthesis wants these columns as parity rows, a bit of the register each;
// simulation wants them summed up in advance for the 256 values of each byte.
`default_nettype none

package fcs_pkg;

  localparam logic [31:0] Polynomial = 32'hEDB8_8320;
  localparam logic [31:0] Initial = 32'hFFFF_FFFF;
  localparam logic [31:0] Residue = 32'hDEBB_20E3;  // behind a frame with its own, right FCS

`ifdef VERILATOR
  `ifndef NIC_PARITY_ROWS
    `define NIC_FCS_TABLES
  `endif
`endif

`ifdef NIC_FCS_TABLES

  typedef logic [31:0] table_t [0:255];

  // What a byte leaves in the register when `behind` more bytes follow it in its word.
  function automatic table_t byte_table(input int behind);
    logic [31:0] state;
    for (int value = 0; value < 256; value++) begin
      state = value;
      for (int i = 0; i < 8 * (behind + 1); i++) begin
        state = (state >> 1) ^ (state[0] ? Polynomial : 32'd0);
      end
      byte_table[value] = state;
    end
  endfunction

  // Table n belongs to byte n of a word.
  localparam table_t Table0 = byte_table(7);
  localparam table_t Table1 = byte_table(6);
  localparam table_t Table2 = byte_table(5);
  localparam table_t Table3 = byte_table(4);
  localparam table_t Table4 = byte_table(3);
  localparam table_t Table5 = byte_table(2);
  localparam table_t Table6 = byte_table(1);
  localparam table_t Table7 = byte_table(0);

`else

  // Row r, bits 64r+63:64r: the bits of a word that bit r of the register is the parity of.
  function automatic logic [2047:0] parity_rows(input logic [31:0] polynomial);
    logic [31:0] column;
    column = 32'd1;
    for (int k = 63; k >= 0; k--) begin
      column = (column >> 1) ^ (column[0] ? polynomial : 32'd0);
      for (int r = 0; r < 32; r++) parity_rows[64 * r + k] = column[r];
    end
  endfunction

  localparam logic [2047:0] ParityRows = parity_rows(Polynomial);

`endif

  // The register after `count` more bytes, 1 to 8, packed to the front of `data`; what lies behind
  // them is ignored.
  //
  // The register is added to the bytes that it meets first. Shifting the word to its end puts zeros
  // in front, which change nothing, and lets the bytes behind the count fall off: every count
  // becomes the full word's case. With 1 to 3 bytes a part of the register meets none of them and
  // moves down as it is.
  function automatic logic [31:0] advance(input logic [31:0] state, input logic [63:0] data,
                                          input logic [3:0] count);
    logic [2:0]  missing;
    logic [63:0] word;
    logic [31:0] rest;
    missing = 3'd0 - count[2:0];
    word    = (data ^ {32'd0, state}) << {missing, 3'b000};
    rest    = state >> {count, 3'b000};
`ifdef NIC_FCS_TABLES
    advance = rest ^ Table0[word[7:0]] ^ Table1[word[15:8]] ^ Table2[word[23:16]]
            ^ Table3[word[31:24]] ^ Table4[word[39:32]] ^ Table5[word[47:40]]
            ^ Table6[word[55:48]] ^ Table7[word[63:56]];
`else
    for (int r = 0; r < 32; r++) advance[r] = rest[r] ^ (^(word & ParityRows[64 * r +: 64]));
`endif
  endfunction

endpackage

`default_nettype wire
