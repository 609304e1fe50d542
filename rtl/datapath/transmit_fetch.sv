// Walks the transmit queue and asks for the bytes of its buffers, several buffers ahead of their
// answers. What it asks for, and where each buffer ends, it tells the packer in parts.
//
// A packet may be cut into segments only if its length is known before its first byte leaves. So
// where that was negotiated, the elements of a buffer are looked at twice: to add up their lengths,
// and then to read them. Of a buffer of more elements than the window holds the length stays
// unknown; it is read as far as the longest frame, like all buffers without segmentation.
`default_nettype none

module transmit_fetch #(
    parameter int AnswerBeats = 512,  // room of the answer FIFO
    parameter int Parts = 64          // parts that may wait for the packer
) (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        live_i,
    input  logic                        flush_i,
    input  logic                        hash_report_i,  // headers are the long ones
    input  logic                        segment_i,    // a kind of segmentation was negotiated
    output logic                        empty_o,      // no part waits
    output logic                        quiescent_o,
    input  nic_types_pkg::element_t     element_i,
    input  logic                        element_valid_i,
    output logic                        element_take_o,
    output logic                        element_commit_o,
    output logic                        element_rewind_o,
    output nic_types_pkg::dma_request_t read_request_o,
    output logic                        read_valid_o,
    input  logic                        read_ready_i,
    // The oldest part: an answer (`part_data_o`), a buffer's end (`part_last_o`), or both.
    output logic                        part_data_o,
    output logic                        part_last_o,
    output logic                        part_drop_o,  // with last: the buffer holds no good frame
    output logic [8:0]                  part_slots_o,
    output logic [15:0]                 part_id_o,
    output logic [16:0]                 part_length_o,  // of the whole buffer; 0: not known
    output logic                        part_valid_o,
    input  logic                        part_take_i,
    input  logic                        beat_take_i   // the packer took a beat out of the FIFO
);

  // Header and frame, in bytes.
  localparam logic [16:0] MinBytes = 17'(nic_pkg::NetHeaderBytes) + 17'd14;  // Ethernet's, too
  localparam logic [16:0] MaxBytes = 17'(nic_pkg::NetHeaderBytes + nic_pkg::MaxFrameBytes);
  localparam logic [16:0] MaxLong = 17'(nic_pkg::NetHeaderBytes + nic_pkg::MaxSegmentedBytes);
  localparam logic [16:0] HashBytes = 17'(nic_pkg::NetHeaderHashBytes);
  localparam logic [12:0] MaxRead = 13'd4096;   // what is asked for at once
  localparam int ScanBits = $clog2(nic_pkg::MaxGsoElements);
  localparam logic [ScanBits-1:0] LastScanned = ScanBits'(nic_pkg::MaxGsoElements - 1);
  localparam int RoomBits = $clog2(AnswerBeats) + 1;
  localparam int IndexBits = $clog2(Parts);
  localparam int PartBits = 28;

  logic [PartBits-1:0]  part_q [0:Parts-1];
  logic [16:0]          part_length_q [0:Parts-1];
  logic [IndexBits:0]   write_q, read_q;
  logic [ScanBits-1:0]  scanned_q;        // elements looked at for their length
  logic                 settled_q;        // the buffer has been looked at
  logic [16:0]          length_q;         // and is so long; 0: not known
  logic                 short_q;          // which is so: it is read as far as a frame may go
  logic [16:0]          limit, sum_q, sum;  // bytes of this buffer so far, at most the limit
  logic [16:0]          min_bytes;
  logic                 over_q, over;     // the buffer is longer than that: it is read no further
  logic                 scan, look, rewind;
  logic                 readable, wanted, step, take, put, commit_q, read_valid_q, awake;
  logic                 cut_q, whole;     // in the middle of an element; up to its end
  logic [63:0]          at_q, from;
  logic [16:0]          left_q, left;
  logic [12:0]          bytes;
  logic [8:0]           beats;
  logic [RoomBits-1:0]  room_q;
  logic [4:0]           edges;            // lanes of the answer beyond its full rows
  nic_types_pkg::dma_request_t request_q;

  // The sum stops at the first element that does not fit, so it never outgrows its bits, whatever
  // lengths the driver states.
  assign min_bytes = hash_report_i ? MinBytes + HashBytes : MinBytes;

  always_comb begin
    readable = 1'b0;
    scan     = 1'b0;
    limit    = MaxBytes;
    over     = 1'b0;
    wanted   = 1'b0;
    sum      = '0;
    look     = 1'b0;
    rewind   = 1'b0;
    if (element_valid_i && live_i && !flush_i) begin
      sum = sum_q;
      if (cut_q) wanted = 1'b1;
      else begin
        readable = !element_i.write && element_i.len != 32'd0;
        if (segment_i && !short_q) limit = MaxLong;
        if (hash_report_i) limit = limit + HashBytes;
        over   = over_q || (readable && element_i.len > {15'd0, limit - sum_q});
        wanted = readable && !over;
        if (wanted) sum = sum_q + element_i.len[16:0];
        // The window gives an element again after a rewind; a commit in the same cycle would keep
        // it.
        if (segment_i && !settled_q && (scanned_q != '0 || !element_i.last)) begin
          scan   = 1'b1;
          look   = !commit_q;
          rewind = look && (element_i.last || scanned_q == LastScanned);
        end
      end
    end
  end

  // Answers can not be refused: their room is taken before they are asked for. What is asked for at
  // once leaves room for more, and ends where a burst ends in any case.
  always_comb begin
    from  = '0;
    left  = '0;
    whole = 1'b1;
    bytes = '0;
    edges = '0;
    beats = '0;
    step  = 1'b0;
    if (element_valid_i && live_i && !flush_i && !scan) begin
      if (wanted) begin
        from  = element_i.addr;
        bytes = element_i.len[12:0];
        if (cut_q || element_i.len[16:0] > {4'd0, MaxRead}) begin
          if (cut_q) from = at_q;
          left  = cut_q ? left_q : element_i.len[16:0];
          whole = left <= {4'd0, MaxRead};
          bytes = whole ? left[12:0] : MaxRead - {1'b0, from[11:0]};
        end
        edges = {1'b0, from[3:0]} + {1'b0, bytes[3:0]};
        beats = bytes[12:4] + (edges > 5'd16 ? 9'd2 : edges != 5'd0 ? 9'd1 : 9'd0);
      end
      step = write_q != {~read_q[IndexBits], read_q[IndexBits-1:0]} &&
             (!wanted || ((!read_valid_q || read_ready_i) && room_q >= RoomBits'(beats)));
    end
  end

  assign take = step && whole;
  assign put  = step && (wanted || element_i.last);

  assign element_take_o   = take || (look && !rewind);
  assign element_commit_o = commit_q;
  assign element_rewind_o = rewind;
  assign read_request_o   = request_q;
  assign read_valid_o     = read_valid_q;

  // No register here changes without one of these: what quiescent_o says is so by construction.
  assign awake       = step || look || commit_q || read_valid_q || part_take_i || beat_take_i;
  assign quiescent_o = !awake;

  always_ff @(posedge clk_i) begin
    if (look) begin
      scanned_q <= scanned_q + ScanBits'(1);
      sum_q     <= rewind ? 17'd0 : sum;
      over_q    <= over && (!rewind || element_i.last);
      if (rewind) begin
        settled_q <= 1'b1;
        length_q  <= element_i.last ? sum : 17'd0;
        short_q   <= !element_i.last;
      end
    end else if (step) begin
      sum_q  <= sum;
      over_q <= over;
      cut_q  <= !whole;
      if (!whole) begin
        at_q   <= {from[63:12] + 52'd1, 12'd0};
        left_q <= left - {4'd0, bytes};
      end
    end
    if (rst_i || flush_i || (take && element_i.last)) begin
      scanned_q <= '0;
      settled_q <= 1'b0;
      short_q   <= 1'b0;
      sum_q     <= '0;
      over_q    <= 1'b0;
      cut_q     <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (awake) begin
      commit_q <= take;
      if (step && wanted) request_q <= {from, 3'd0, bytes};
      if (put) begin
        part_q[write_q[IndexBits-1:0]] <= {wanted, whole && element_i.last,
                                           over || sum < min_bytes,
                                           element_i.slots, element_i.id};
        if (segment_i) part_length_q[write_q[IndexBits-1:0]] <= settled_q ? length_q : sum;
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
      commit_q     <= 1'b0;
      read_valid_q <= 1'b0;
    end
  end

  assign part_valid_o = write_q != read_q;

  always_comb begin
    {part_data_o, part_last_o, part_drop_o, part_slots_o, part_id_o} = '0;
    part_length_o = '0;
    if (part_valid_o) begin
      {part_data_o, part_last_o, part_drop_o, part_slots_o, part_id_o} =
          part_q[read_q[IndexBits-1:0]];
      if (segment_i) part_length_o = part_length_q[read_q[IndexBits-1:0]];
    end
  end

  assign empty_o = !part_valid_o;

  if (AnswerBeats < 2 * 98 || AnswerBeats < 257 || 2 ** IndexBits != Parts ||
      2 ** ScanBits != nic_pkg::MaxGsoElements) begin : gen_check
    $error("transmit_fetch: AnswerBeats must hold two frames, Parts must be a power of two");
  end

endmodule

`default_nettype wire
