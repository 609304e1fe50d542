// Writes one planned frame: a request for each piece of memory, and the header and the frame cut to
// fit them. Data goes ahead of the DMA engine through a small FIFO, so that the next frame can be
// planned while this one is still being written.
`default_nettype none

module receive_writer #(
    parameter int Segments = 64
) (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        flush_i,
    output logic                        ready_o,      // no frame in work: plan the next
    output logic                        quiescent_o,
    output logic                        begun_o,      // pulse: a frame leaves the frame buffer
    // The plan.
    input  logic [63:0]                 segment_addr_i,
    input  logic [15:0]                 segment_len_i,
    input  logic                        segment_put_i,
    input  logic [5:0]                  segment_index_i,
    input  logic                        plan_i,       // pulse: the frame may be written
    input  logic [6:0]                  plan_buffers_i,
    input  logic                        data_valid_i, // of the frame: its checksum is right
    input  logic                        hash_report_i, // the header has a hash
    input  logic [3:0]                  report_i,     // of the frame: which, or none
    input  logic [31:0]                 hash_i,
    // The frame.
    input  nic_types_pkg::dma_beat_t    frame_i,
    input  logic                        frame_valid_i,
    output logic                        frame_ready_o,
    // dma_write, client WriteReceive.
    output nic_types_pkg::dma_request_t request_o,
    output logic                        request_valid_o,
    input  logic                        request_ready_i,
    output nic_types_pkg::dma_beat_t    beat_o,
    output logic [3:0]                  lane_o,       // of the beat's first byte
    output logic                        beat_valid_o,
    input  logic                        beat_ready_i
);

  localparam int IndexBits = $clog2(Segments);
  localparam int SegmentBits = 80;
  localparam int PieceBits = 138;
  localparam int Pieces = 16;

  typedef enum logic [2:0] {Idle, Header, Hash, Frame, Discard} state_e;

  state_e                 state_q;
  logic [SegmentBits-1:0] segment_q [0:Segments-1];
  logic [IndexBits-1:0]   index_q;
  logic                   open_q;             // the segment's request has been made
  logic                   begun_q;            // the frame buffer has given a beat of the frame
  logic [15:0]            left_q, left;       // bytes of the segment without data
  logic [4:0]             done_q;             // bytes of the source beat already used
  logic [6:0]             buffers_q;
  logic                   request_valid_q;

  nic_types_pkg::dma_request_t segment, request_q;
  nic_types_pkg::dma_beat_t    source, piece;
  logic [4:0] unused, count;
  logic       writing, source_valid, pieces_ready, pieces_quiescent;
  logic       step, source_ends, segment_ends, awake;

  assign writing = plan_i || state_q == Header || state_q == Hash || state_q == Frame;

  always_comb begin
    source       = '0;
    source_valid = 1'b0;
    segment      = '0;
    left         = '0;
    unused       = '0;
    count        = '0;
    segment_ends = 1'b0;
    source_ends  = 1'b0;
    step         = 1'b0;
    if (writing) begin
      // The header is the first source beat, all zero but for DATA_VALID and num_buffers; the hash
      // is a beat of its own. The plan's own cycle counts.
      if (state_q == Frame) begin
        source       = frame_i;
        source_valid = frame_valid_i;
      end else if (state_q == Hash) begin
        source.count       = 5'(nic_pkg::NetHeaderHashBytes);
        source.data[31:0]  = hash_i;
        source.data[35:32] = report_i;
        source_valid       = 1'b1;
      end else begin
        source.count       = 5'(nic_pkg::NetHeaderBytes);
        source.data[7:0]   = data_valid_i ? nic_pkg::HeaderDataValid : 8'd0;
        source.data[86:80] = plan_i ? plan_buffers_i : buffers_q;
        source_valid       = 1'b1;
      end
      // A piece is what source beat and segment have in common. It keeps its place in the beat; the
      // DMA engine shifts it to its address.
      segment      = segment_q[index_q];
      left         = open_q ? left_q : segment.len;
      unused       = source.count - done_q;
      segment_ends = left <= {11'd0, unused};
      count        = segment_ends ? left[4:0] : unused;
      source_ends  = count == unused;
      step         = source_valid && pieces_ready && !flush_i &&
                     (open_q || !request_valid_q || request_ready_i);
    end
  end

  assign piece.last    = segment_ends;
  assign piece.count   = count;
  assign piece.data    = source.data;
  assign frame_ready_o = (state_q == Frame && step && source_ends) || state_q == Discard;

  // No register here changes without one of these: what quiescent_o says is so by construction.
  assign awake       = step || plan_i || segment_put_i || request_valid_q || state_q == Discard;
  assign quiescent_o = pieces_quiescent && !awake;

  always_ff @(posedge clk_i) begin
    if (awake) begin
      if (segment_put_i) segment_q[segment_index_i] <= {segment_addr_i, segment_len_i};
      if (plan_i) begin
        buffers_q <= plan_buffers_i;
        state_q   <= Header;
      end
      if (step) begin
        left_q  <= left - {11'd0, count};
        open_q  <= !segment_ends;
        done_q  <= source_ends ? 5'd0 : done_q + count;
        index_q <= (source_ends && source.last) ? '0 : index_q + IndexBits'(segment_ends);
        if (!open_q) request_q <= segment;
        if (source_ends) begin
          state_q <= source.last                                        ? Idle
                   : hash_report_i && state_q != Hash && state_q != Frame ? Hash : Frame;
        end
      end
      if (step && !open_q) request_valid_q <= 1'b1;
      else if (request_ready_i) request_valid_q <= 1'b0;
      if (frame_valid_i && frame_ready_o) begun_q <= !frame_i.last;
      if (state_q == Discard && frame_valid_i && frame_i.last) state_q <= Idle;
    end
    if (rst_i || flush_i) begin
      index_q         <= '0;
      open_q          <= 1'b0;
      done_q          <= '0;
      request_valid_q <= 1'b0;
      // The rest of a frame that has been begun has to leave the frame buffer.
      state_q <= (begun_q && !(frame_valid_i && frame_ready_o && frame_i.last)) ? Discard : Idle;
    end
    if (rst_i) begin
      state_q <= Idle;
      begun_q <= 1'b0;
    end
  end

  fifo #(.Width(PieceBits), .Depth(Pieces)) u_pieces (
      .clk_i, .rst_i(rst_i || flush_i),
      .valid_i(step), .ready_o(pieces_ready), .data_i({done_q[3:0], piece}),
      .valid_o(beat_valid_o), .ready_i(beat_ready_i), .data_o({lane_o, beat_o}),
      .quiescent_o(pieces_quiescent)
  );

  assign begun_o         = frame_valid_i && frame_ready_o && !begun_q;
  assign request_o       = request_q;
  assign request_valid_o = request_valid_q;
  assign ready_o         = state_q == Idle && !plan_i;

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) begin
    if (!rst_i && step && source_ends && source.last) begin
      FrameEndsWithItsPlan: assert (segment_ends);
    end
  end
`endif

endmodule

`default_nettype wire
