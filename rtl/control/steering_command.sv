// Makes sense of a command that spreads received packets by their hash (virtio 1.3, 5.1.6.5.6.1),
// or only has them hashed (5.1.6.5.6.4), while its bytes come in. Entries of the indirection table
// go to the spare half of the table in use at once; everything else takes effect when the whole
// command has been found good.
`default_nettype none

module steering_command #(
    parameter int NumPairs = nic_pkg::MaxQueuePairs
) (
    input  wire logic         clk_i,
    input  wire logic         rst_i,          // of the session, and after each command
    input  wire logic         byte_valid_i,   // behind class and command, of this command
    input  wire logic [7:0]   byte_i,
    input  wire logic         hash_only_i,    // it has no table
    // Of what has come so far.
    output logic              good_o,
    output logic [5:0]        hash_types_o,
    output logic [6:0]        mask_o,
    output logic [2:0]        unclassified_o,
    output logic [8*nic_pkg::HashKeyBytes-1:0] key_o,
    // An entry of the table.
    output logic              entry_valid_o,
    output logic [6:0]        entry_index_o,
    output logic [2:0]        entry_o
);

  localparam logic [7:0] KeyLength = 8'd2;  // its place in the tail
  localparam int KeyBits = 8 * nic_pkg::HashKeyBytes;

  typedef enum logic [2:0] {Head, Table, Tail, Key, Done} part_e;

  part_e              part_q;
  logic [7:0]         byte_q;      // of the part, so many have come
  logic               sane_q;      // all that has come can be
  logic [5:0]         types_q;
  logic [6:0]         mask_q;
  logic [2:0]         unclassified_q;
  logic [KeyBits-1:0] key_q;

  logic ends;      // with this byte the part does
  logic sane;
  logic names;     // the byte is the number of a pair

  assign names = byte_i < 8'(NumPairs);

  always_comb begin
    ends = 1'b0;
    sane = 1'b0;
    if (byte_valid_i) begin
      unique case (part_q)
        Head: begin
          // Hashing alone has eight bytes behind the types that may be anything.
          ends = byte_q == (hash_only_i ? 8'd11 : 8'd7);
          unique case (byte_q[2:0])
            3'd0:    sane = byte_i[7:6] == 2'd0;
            3'd4:    sane = !byte_i[7] && ((byte_i + 8'd1) & byte_i) == 8'd0;
            3'd6:    sane = names;
            default: sane = byte_i == 8'd0;
          endcase
          if (hash_only_i && byte_q > 8'd3) sane = 1'b1;
        end
        Table: begin
          ends = byte_q == {mask_q, 1'b1};
          sane = byte_q[0] ? byte_i == 8'd0 : names;
        end
        Tail: begin
          ends = byte_q == KeyLength;
          unique case (byte_q[1:0])
            2'd0:    sane = byte_i != 8'd0 && byte_i <= 8'(NumPairs);
            2'd1:    sane = byte_i == 8'd0;
            default: sane = byte_i == 8'(nic_pkg::HashKeyBytes);
          endcase
        end
        Key: begin
          ends = byte_q == 8'(nic_pkg::HashKeyBytes - 1);
          sane = 1'b1;
        end
        default: ;
      endcase
    end
  end

  assign entry_valid_o = byte_valid_i && part_q == Table && !byte_q[0];
  assign entry_index_o = byte_q[7:1];
  assign entry_o       = byte_i[2:0];

  always_ff @(posedge clk_i) begin
    if (byte_valid_i) begin
      byte_q <= !ends ? byte_q + 8'd1 : part_q == Head && hash_only_i ? KeyLength : 8'd0;
      sane_q <= sane_q && sane;
      unique case (part_q)
        Head: begin
          if (byte_q == 8'd0) types_q <= byte_i[5:0];
          if (byte_q == 8'd4) mask_q <= byte_i[6:0];
          if (byte_q == 8'd6) unclassified_q <= byte_i[2:0];
          if (ends) part_q <= hash_only_i ? Tail : Table;
        end
        Table: if (ends) part_q <= Tail;
        Tail:  if (ends) part_q <= Key;
        Key: begin
          key_q <= {key_q[KeyBits-9:0], byte_i};
          if (ends) part_q <= Done;
        end
        default: ;
      endcase
    end
    if (rst_i) begin
      part_q <= Head;
      byte_q <= '0;
      sane_q <= 1'b1;
    end
  end

  assign good_o         = part_q == Done && sane_q;
  assign hash_types_o   = types_q;
  assign mask_o         = mask_q;
  assign unclassified_o = unclassified_q;
  assign key_o          = key_q;

  if (NumPairs > 8 || nic_pkg::IndirectionEntries != 128 || nic_pkg::HashKeyBytes > 255 ||
      nic_pkg::SupportedHashTypes != 32'h3F) begin : gen_check
    $error("steering_command: a pair is named by three bits, an entry by seven");
  end

endmodule

`default_nettype wire
