// Stores received frames until the receive engine takes them. Takes 8 bytes a cycle from the MAC,
// which can not be told to wait, and gives 16.
//
// A frame is kept when its last beat comes with `good_i` and all of it found room; a good one that
// did not is reported by `overrun_o`. The oldest frame shows its length, and what else its record
// says, two cycles after it is whole. The engine takes its beats, or throws all of it
// away with `drop_i` before the first.
`default_nettype none

module rx_frame_buffer #(
  parameter int Words = 2048,  // 16 bytes each; a power of two
  parameter int Frames = 512   // a power of two
) (
  input  wire logic                     clk_i,
  input  wire logic                     rst_i,
  input  wire logic                     valid_i,
  input  wire nic_types_pkg::mac_beat_t beat_i,
  input  wire logic                     good_i,  // meant with beat_i.last
  input  wire logic [5:0]               hash_types_i,
  input  wire logic                     all_types_i,
  input  wire logic [8*nic_pkg::HashKeyBytes-1:0] hash_key_i,
  output logic                          overrun_o,
  output logic [15:0]                   level_o,  // bytes that are taken up
  output logic                          length_valid_o,
  output logic [15:0]                   length_o,
  output logic                          verified_o,  // the frame's transport checksum is right
  output logic [3:0]                    report_o,    // what its hash was made of
  output logic [31:0]                   hash_o,
  output logic                          spread_o,    // it is spread by a hash; with it:
  output logic [6:0]                    spread_hash_o,
  output logic                          valid_o,
  input  wire logic                     ready_i,
  output nic_types_pkg::dma_beat_t      beat_o,
  input  wire logic                     drop_i,
  output logic                          quiescent_o
);

  localparam int AddressBits = $clog2(Words);
  // A frame's length is kept as the number of its last byte: words before the last in the upper
  // bits, bytes before the last in the lower four.
  localparam int WordBits = $clog2(nic_pkg::MaxFrameBytes) - 4;
  localparam int LengthBits = WordBits + 4;
  localparam int FrameBits = $clog2(Frames);

  if (Words != (1 << AddressBits) || Frames != (1 << FrameBits) ||
      16 * Words < 2 * nic_pkg::MaxFrameBytes) begin : gen_check
    $error("rx_frame_buffer: powers of two, and Words must hold two frames");
  end

  logic [127:0] memory [0:Words-1];

  // Word addresses with a lap bit above. What lies from read to commit belongs to whole frames,
  // from there to write to the frame that is coming in.
  logic [AddressBits:0] write_q;
  logic [AddressBits:0] commit_q;
  logic [AddressBits:0] read_q;

  // Write side: two beats make a word.

  logic                  upper_q;  // the lower half of a word is waiting
  logic [63:0]           lower_q;
  logic                  lost_q;   // a word of the coming frame found no room
  logic                  due;      // the present beat ends a word
  logic                  write;
  logic                  lost;
  logic                  commit;
  logic [WordBits-1:0]   words;    // of the coming frame, without the present one
  logic [FrameBits:0]    frames_q;  // kept and not yet gone

  assign due    = valid_i && (upper_q || beat_i.last);
  assign lost   = lost_q || (due && (write_q ^ read_q) == {1'b1, {AddressBits{1'b0}}});
  assign write  = due && !lost;
  assign commit = valid_i && beat_i.last && good_i && !lost &&
                  frames_q != (FrameBits+1)'(Frames);
  assign words  = write_q[WordBits-1:0] - commit_q[WordBits-1:0];

  logic [AddressBits:0] used;
  assign used    = write_q - read_q;
  assign level_o = 16'({used, 4'd0});

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      write_q   <= '0;
      commit_q  <= '0;
      upper_q   <= 1'b0;
      lost_q    <= 1'b0;
      overrun_o <= 1'b0;
    end else begin
      overrun_o <= valid_i && beat_i.last && good_i && !commit;
      if (valid_i) begin
        upper_q <= !upper_q && !beat_i.last;
        lost_q  <= lost && !beat_i.last;
        if (beat_i.last && !commit) write_q <= commit_q;
        else if (write)             write_q <= write_q + 1'b1;
        if (commit) commit_q <= write_q + 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i && !upper_q) lower_q <= beat_i.data;
    if (write) begin
      memory[write_q[AddressBits-1:0]] <= upper_q ? {beat_i.data, lower_q} : {64'd0, beat_i.data};
    end
  end

  // Read side.

  logic                  length_valid;
  logic [LengthBits-1:0] length;
  logic                  word_valid_q;
  logic [127:0]          word_q;
  logic [WordBits-1:0]   beat_q;  // of the frame, the next to leave
  logic                  take;
  logic                  last;
  logic                  load;

  // The record of a frame comes two cycles after its end. It has room: frames are counted when they
  // enter.
  localparam int RecordBits = LengthBits + 45;

  logic [LengthBits-1:0] new_last;
  logic                  new_valid, new_verified;
  logic [3:0]            new_report;
  logic [31:0]           new_hash;
  logic                  new_spread;
  logic [6:0]            new_spread_hash;
  logic                  parser_quiescent, records_quiescent, unused_records_ready;

  receive_parser #(
    .LengthBits(LengthBits)
  ) u_parser (
    .clk_i, .rst_i, .hash_types_i, .all_types_i, .hash_key_i, .valid_i, .beat_i,
    .commit_i   (commit),
    .last_i     ({words, upper_q, beat_i.count[2:0] - 3'd1}),
    .valid_o    (new_valid),
    .last_o     (new_last),
    .verified_o (new_verified),
    .report_o   (new_report),
    .hash_o     (new_hash),
    .spread_o   (new_spread),
    .spread_hash_o(new_spread_hash),
    .quiescent_o(parser_quiescent)
  );

  fifo #(
    .Width(RecordBits),
    .Depth(Frames)
  ) u_records (
    .clk_i,
    .rst_i,
    .valid_i    (new_valid),
    .ready_o    (unused_records_ready),
    .data_i     ({new_spread, new_spread_hash, new_hash, new_report, new_verified,
                  new_last}),
    .valid_o    (length_valid),
    .ready_i    ((take && last) || drop_i),
    .data_o     ({spread_o, spread_hash_o, hash_o, report_o, verified_o, length}),
    .quiescent_o(records_quiescent)
  );

  assign valid_o = word_valid_q && length_valid;
  assign take    = valid_o && ready_i;
  assign last    = beat_q == length[LengthBits-1:4];
  assign load    = read_q != commit_q && (take || !word_valid_q);

  assign length_valid_o = length_valid;
  assign length_o       = 16'(length) + 16'd1;
  assign beat_o         = {last, last ? {1'b0, length[3:0]} + 5'd1 : 5'd16, word_q};

  always_ff @(posedge clk_i) begin
    if (rst_i) frames_q <= '0;
    else if (commit != ((take && last) || drop_i)) begin
      frames_q <= commit ? frames_q + 1'b1 : frames_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      read_q       <= '0;
      word_valid_q <= 1'b0;
      beat_q       <= '0;
    end else if (drop_i) begin
      // The first word may have been read already.
      read_q       <= read_q + (AddressBits+1)'(length[LengthBits-1:4])
                    + (AddressBits+1)'(!word_valid_q);
      word_valid_q <= 1'b0;
    end else begin
      if (load)      word_valid_q <= 1'b1;
      else if (take) word_valid_q <= 1'b0;
      if (load) read_q <= read_q + 1'b1;
      if (take) beat_q <= last ? '0 : beat_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (load) word_q <= memory[read_q[AddressBits-1:0]];
  end

  assign quiescent_o = !valid_i && !overrun_o && !take && !load && !drop_i &&
                       parser_quiescent && records_quiescent;

`ifdef NIC_CHECK
  logic                     held_q;
  nic_types_pkg::dma_beat_t held_beat_q;

  initial held_q = 1'b0;

  always_ff @(posedge clk_i) begin
    held_q      <= !rst_i && valid_o && !ready_i && !drop_i;
    held_beat_q <= beat_o;
    if (held_q) begin
      BeatIsHeld:   assert (valid_o);
      DataIsStable: assert (beat_o == held_beat_q);
    end
    if (!rst_i && new_valid) begin
      RecordHasRoom: assert (unused_records_ready);
    end
    if (!rst_i && drop_i) begin
      DropHasAFrame:     assert (length_valid);
      DropComesBefore:   assert (beat_q == '0 && !take);
    end
    if (!rst_i && valid_i) begin
      BeatHasBytes: assert (beat_i.count != 4'd0 && beat_i.count <= 4'd8);
      BeatIsFull:   assert (beat_i.last || beat_i.count == 4'd8);
    end
  end
`endif

endmodule

`default_nettype wire
