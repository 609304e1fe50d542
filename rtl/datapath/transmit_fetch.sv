// Walks the transmit queue and asks for the bytes of its buffers, several buffers ahead of their
// answers. What it asks for, and where each buffer ends, it tells the packer in parts.
`default_nettype none

module transmit_fetch #(
    parameter int AnswerBeats = 512,  // room of the answer FIFO
    parameter int Parts = 64          // parts that may wait for the packer
) (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        live_i,
    input  logic                        flush_i,
    input  logic                        hash_report_i, // headers are the long ones
    output logic                        empty_o,      // no part waits
    output logic                        quiescent_o,
    input  nic_types_pkg::element_t     element_i,
    input  logic                        element_valid_i,
    output logic                        element_take_o,
    output logic                        element_commit_o,
    output nic_types_pkg::dma_request_t read_request_o,
    output logic                        read_valid_o,
    input  logic                        read_ready_i,
    // The oldest part: an element's answer (`part_data_o`), a buffer's end (`part_last_o`), or
    // both.
    output logic                        part_data_o,
    output logic                        part_last_o,
    output logic                        part_drop_o,  // with last: the buffer holds no good frame
    output logic [8:0]                  part_slots_o,
    output logic [15:0]                 part_id_o,
    output logic                        part_valid_o,
    input  logic                        part_take_i,
    input  logic                        beat_take_i   // the packer took a beat out of the FIFO
);

  // Header and frame, in bytes.
  localparam logic [15:0] MinBytes = 16'(nic_pkg::NetHeaderBytes) + 16'd14;  // Ethernet's, too
  localparam logic [15:0] MaxBytes = 16'(nic_pkg::NetHeaderBytes + nic_pkg::MaxFrameBytes);
  localparam logic [15:0] HashBytes = 16'(nic_pkg::NetHeaderHashBytes);
  localparam int RoomBits = $clog2(AnswerBeats) + 1;
  localparam int IndexBits = $clog2(Parts);
  localparam int PartBits = 28;

  logic [PartBits-1:0]  part_q [0:Parts-1];
  logic [IndexBits:0]   write_q, read_q;
  logic [15:0]          sum_q, sum;       // bytes asked for in this buffer, at most max_bytes
  logic [15:0]          min_bytes, max_bytes;
  logic                 over_q, over;     // the buffer is longer than that: it is read no further
  logic                 readable, wanted, step, put, commit_q, read_valid_q, awake;
  logic [6:0]           beats;
  logic [RoomBits-1:0]  room_q;
  logic [4:0]           edges;            // lanes of the answer beyond its full rows
  nic_types_pkg::dma_request_t request_q;

  // The sum stops at the first element that does not fit, so it never outgrows its 16 bits,
  // whatever lengths the driver states. Answers can not be refused: their room is taken before they
  // are asked for.
  assign min_bytes = hash_report_i ? MinBytes + HashBytes : MinBytes;
  assign max_bytes = hash_report_i ? MaxBytes + HashBytes : MaxBytes;

  always_comb begin
    readable = 1'b0;
    over     = 1'b0;
    wanted   = 1'b0;
    sum      = '0;
    edges    = '0;
    beats    = '0;
    step     = 1'b0;
    if (element_valid_i && live_i && !flush_i) begin
      readable = !element_i.write && element_i.len != 32'd0;
      over     = over_q || (readable && element_i.len > {16'd0, max_bytes - sum_q});
      wanted   = readable && !over;
      sum      = wanted ? sum_q + element_i.len[15:0] : sum_q;
      edges    = {1'b0, element_i.addr[3:0]} + {1'b0, element_i.len[3:0]};
      beats    = element_i.len[10:4] + (edges > 5'd16 ? 7'd2 : edges != 5'd0 ? 7'd1 : 7'd0);
      step     = write_q != {~read_q[IndexBits], read_q[IndexBits-1:0]} &&
                 (!wanted || ((!read_valid_q || read_ready_i) && room_q >= RoomBits'(beats)));
    end
  end

  assign put = step && (wanted || element_i.last);

  assign element_take_o   = step;
  assign element_commit_o = commit_q;
  assign read_request_o   = request_q;
  assign read_valid_o     = read_valid_q;

  // No register here changes without one of these: what quiescent_o says is so by construction.
  assign awake       = step || commit_q || read_valid_q || part_take_i || beat_take_i;
  assign quiescent_o = !awake;

  always_ff @(posedge clk_i) begin
    if (awake) begin
      commit_q <= step;
      if (step) begin
        sum_q  <= element_i.last ? 16'd0 : sum;
        over_q <= !element_i.last && over;
        if (wanted) request_q <= {element_i.addr, element_i.len[15:0]};
      end
      if (put) begin
        part_q[write_q[IndexBits-1:0]] <= {wanted, element_i.last, over || sum < min_bytes,
                                           element_i.slots, element_i.id};
        write_q <= write_q + (IndexBits + 1)'(1);
      end
      if (step && wanted) read_valid_q <= 1'b1;
      else if (read_ready_i) read_valid_q <= 1'b0;
      if (part_take_i) read_q <= read_q + (IndexBits + 1)'(1);
      room_q <= room_q - ((step && wanted) ? RoomBits'(beats) : '0) + RoomBits'(beat_take_i);
    end
    if (rst_i || flush_i) begin
      write_q      <= '0;
      read_q       <= '0;
      room_q       <= RoomBits'(AnswerBeats);
      sum_q        <= '0;
      over_q       <= 1'b0;
      commit_q     <= 1'b0;
      read_valid_q <= 1'b0;
    end
  end

  assign part_valid_o = write_q != read_q;

  always_comb begin
    {part_data_o, part_last_o, part_drop_o, part_slots_o, part_id_o} = '0;
    if (part_valid_o) begin
      {part_data_o, part_last_o, part_drop_o, part_slots_o, part_id_o} =
          part_q[read_q[IndexBits-1:0]];
    end
  end

  assign empty_o = !part_valid_o;

  if (AnswerBeats < 2 * 98 || 2 ** IndexBits != Parts) begin : gen_check
    $error("transmit_fetch: AnswerBeats must hold two frames, Parts must be a power of two");
  end

endmodule

`default_nettype wire
