// Stores frames for transmission, and offers one to the MAC only when it is whole, so that the wire
// never starves in its middle. Takes 16 bytes a cycle and gives 8.
//
// A frame enters for good with its last beat; `drop_i` with that beat throws it away instead, and
// `abort_i` throws away a frame whose last beat has not come, with the beat offered beside it.
// Frames that are in for good leave whatever happens to the session that wrote them.
//
// A checksum goes into its frame as that leaves: by then all of the frame has been summed, and the
// memory needs no second write.
`default_nettype none

module tx_frame_buffer #(
  parameter int Words = 1024,  // 16 bytes each; a power of two
  parameter int Frames = 256   // a power of two
) (
  input  wire logic                     clk_i,
  input  wire logic                     rst_i,
  input  wire logic                     valid_i,
  output logic                          ready_o,
  input  wire nic_types_pkg::dma_beat_t beat_i,
  input  wire nic_types_pkg::checksum_t checksum_i,
  input  wire logic                     drop_i,   // meant with beat_i.last
  input  wire logic                     abort_i,
  output logic                          valid_o,
  input  wire logic                     ready_i,
  output nic_types_pkg::mac_beat_t      beat_o,
  output logic                          drained_o,  // no part of a frame waits for the rest
  output logic                          quiescent_o
);

  localparam int AddressBits = $clog2(Words);
  // A frame's length is kept as the number of its last byte: words before the last in the upper
  // bits, bytes before the last in the lower four.
  localparam int WordBits = $clog2(nic_pkg::MaxFrameBytes) - 4;
  localparam int LengthBits = WordBits + 4;
  localparam int FrameBits = $clog2(Frames);
  localparam int RecordBits = 2 * LengthBits + 17;

  if (Words != (1 << AddressBits) || Frames != (1 << FrameBits) ||
      16 * Words < 2 * nic_pkg::MaxFrameBytes) begin : gen_check
    $error("tx_frame_buffer: powers of two, and Words must hold two frames");
  end

  logic [127:0] memory [0:Words-1];

  // Word addresses with a lap bit above. What lies from read to commit belongs to whole frames,
  // from there to write to the frame that is coming in.
  logic [AddressBits:0] write_q;
  logic [AddressBits:0] commit_q;
  logic [AddressBits:0] read_q;

  logic                  write;
  logic                  commit;
  logic [WordBits-1:0]   words;  // of the coming frame, without the present beat
  logic [FrameBits:0]    frames_q;  // for good and not yet gone

  assign ready_o = frames_q != (FrameBits+1)'(Frames) &&
                   (write_q ^ read_q) != {1'b1, {AddressBits{1'b0}}};
  assign write   = valid_i && ready_o && !abort_i;
  assign commit  = write && beat_i.last && !drop_i;
  assign words   = write_q[WordBits-1:0] - commit_q[WordBits-1:0];

  logic                 word_valid_q;
  logic [127:0]         word_q;
  logic [LengthBits-4:0] beat_q;  // of the frame, the next to leave
  logic                 take;
  logic                 last;
  logic                 word_done;
  logic                 load;

  // The record of a frame comes two cycles after its end. It has room: frames are counted when they
  // enter.
  logic [LengthBits-1:0] new_last, new_field;
  logic                  new_valid, new_wanted;
  logic [15:0]           new_value;
  logic [LengthBits-1:0] length, field;
  logic                  length_valid, wanted;
  logic [15:0]           value;
  logic                  checksum_quiescent, records_quiescent, unused_records_ready;

  transmit_checksum #(
    .LengthBits(LengthBits)
  ) u_checksum (
    .clk_i, .rst_i,
    .valid_i    (write),
    .data_i     (beat_i.data),
    .count_i    (beat_i.count),
    .checksum_i,
    .commit_i   (commit),
    .last_i     ({words, beat_i.count[3:0] - 4'd1}),
    .valid_o    (new_valid),
    .last_o     (new_last),
    .wanted_o   (new_wanted),
    .field_o    (new_field),
    .value_o    (new_value),
    .quiescent_o(checksum_quiescent)
  );

  fifo #(
    .Width(RecordBits),
    .Depth(Frames)
  ) u_records (
    .clk_i,
    .rst_i,
    .valid_i    (new_valid),
    .ready_o    (unused_records_ready),
    .data_i     ({new_last, new_wanted, new_field, new_value}),
    .valid_o    (length_valid),
    .ready_i    (take && last),
    .data_o     ({length, wanted, field, value}),
    .quiescent_o(records_quiescent)
  );

  assign valid_o   = word_valid_q && length_valid;
  assign take      = valid_o && ready_i;
  assign last      = beat_q == length[LengthBits-1:3];
  assign word_done = take && (last || beat_q[0]);
  assign load      = read_q != commit_q && (word_done || !word_valid_q);

  // The checksum may lie anywhere, and across two beats.
  logic [63:0] data;
  logic        patch;
  logic        spill_q;  // the beat before had its first byte only

  always_comb begin
    data  = beat_q[0] ? word_q[127:64] : word_q[63:0];
    patch = 1'b0;
    if (wanted && length_valid) begin
      patch = beat_q == field[LengthBits-1:3];
      if (patch) begin
        data = (data & ~(64'hFFFF << {field[2:0], 3'b000})) | (64'(value) << {field[2:0], 3'b000});
      end
      if (spill_q) data[7:0] = value[15:8];
    end
  end

  assign beat_o = {last, last ? {1'b0, length[2:0]} + 4'd1 : 4'd8, data};

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      write_q      <= '0;
      commit_q     <= '0;
      read_q       <= '0;
      word_valid_q <= 1'b0;
      beat_q       <= '0;
      frames_q     <= '0;
      spill_q      <= 1'b0;
    end else begin
      if (abort_i || (write && beat_i.last && drop_i)) write_q <= commit_q;
      else if (write)                                  write_q <= write_q + 1'b1;
      if (commit) commit_q <= write_q + 1'b1;
      if (load)           word_valid_q <= 1'b1;
      else if (word_done) word_valid_q <= 1'b0;
      if (load) read_q <= read_q + 1'b1;
      if (take) beat_q <= last ? '0 : beat_q + 1'b1;
      if (take) spill_q <= patch && field[2:0] == 3'd7 && !last;
      if (commit != (take && last)) frames_q <= commit ? frames_q + 1'b1 : frames_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (write) memory[write_q[AddressBits-1:0]] <= beat_i.data;
  end

  always_ff @(posedge clk_i) begin
    if (load) word_q <= memory[read_q[AddressBits-1:0]];
  end

  assign drained_o   = write_q == commit_q;
  assign quiescent_o = !(valid_i && ready_o) && !(abort_i && !drained_o) && !take && !load
                    && checksum_quiescent && records_quiescent;

`ifdef NIC_CHECK
  logic                         held_q;
  nic_types_pkg::mac_beat_t     held_beat_q;

  initial held_q = 1'b0;

  always_ff @(posedge clk_i) begin
    held_q      <= !rst_i && valid_o && !ready_i;
    held_beat_q <= beat_o;
    if (held_q) begin
      BeatIsHeld:   assert (valid_o);
      DataIsStable: assert (beat_o == held_beat_q);
    end
    if (!rst_i && new_valid) begin
      RecordHasRoom: assert (unused_records_ready);
    end
    if (!rst_i && write) begin
      BeatHasBytes:   assert (beat_i.count != 5'd0 && beat_i.count <= 5'd16);
      BeatIsFull:     assert (beat_i.last || beat_i.count == 5'd16);
      FrameIsBounded: assert (32'({words, 4'd0}) + 32'(beat_i.count) <= nic_pkg::MaxFrameBytes);
    end
  end
`endif

endmodule

`default_nettype wire
