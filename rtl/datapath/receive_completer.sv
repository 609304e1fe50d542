// Gives receive buffers back: in order, and a frame's buffers when the last byte of the frame is in
// memory. Frames whose writing failed come back as buffers with nothing in them.
`default_nettype none

module receive_completer #(
    parameter int Buffers = 128,  // in work at most
    parameter int Frames = 32,    // in work at most
    parameter int PlanBuffers = 64
) (
    input  logic                       clk_i,
    input  logic                       rst_i,
    input  logic                       flush_i,
    output logic                       ready_o,      // room for a frame of PlanBuffers
    output logic                       empty_o,
    output logic                       quiescent_o,
    // Buffers: provisional until accepted or taken back.
    input  logic                       buffer_skip_i,
    input  logic                       buffer_more_i,
    input  logic [8:0]                 buffer_slots_i,
    input  logic [15:0]                buffer_id_i,
    input  logic [15:0]                buffer_len_i,
    input  logic                       buffer_put_i,
    input  logic                       accept_i,     // pulse
    input  logic                       take_back_i,  // pulse
    input  logic                       frame_put_i,  // pulse with accept: they hold a frame
    input  logic [6:0]                 frame_writes_i,
    // dma_write, client WriteReceive: one pulse for each segment.
    input  logic                       done_i,
    input  logic                       error_i,
    output nic_types_pkg::completion_t completion_o,
    output logic                       completion_valid_o,
    input  logic                       completion_ready_i,
    output logic                       packet_o,     // pulse: a frame was given to the driver
    output logic                       skipped_o,    // pulse: a buffer was given back unused
    output logic                       error_o       // pulse: a frame was lost in writing
);

  localparam int BufferBits = $clog2(Buffers);
  localparam int FrameBits = $clog2(Frames);
  localparam int RecordBits = 43;

  // Buffers: {skip, more, slots, id, len}.
  logic [RecordBits-1:0] buffer_q [0:Buffers-1];
  logic [BufferBits:0]   write_q, accepted_q, read_q, used_buffers;

  // Frames: how many writes each takes, and whether one failed.
  logic [6:0]           writes_q [0:Frames-1];
  logic                 failed_q [0:Frames-1];
  logic [FrameBits:0]   frame_write_q, frame_done_q, frame_read_q, used_frames;
  logic [6:0]           done_q;        // writes of the frame at frame_done_q that are done
  logic                 earlier_failed_q, frame_done, awake;

  assign used_buffers = write_q - read_q;
  assign used_frames  = frame_write_q - frame_read_q;
  assign ready_o      = used_buffers <= (BufferBits + 1)'(Buffers - PlanBuffers) &&
                        used_frames != (FrameBits + 1)'(Frames);

  always_comb begin
    frame_done = 1'b0;
    if (done_i) frame_done = done_q + 7'd1 == writes_q[frame_done_q[FrameBits-1:0]];
  end

  // The oldest buffer leaves when its frame is done. A skipped one waits for nothing.
  logic        skip, more, lost, leave, ends;
  logic [8:0]  slots;
  logic [15:0] id, len;
  logic        valid_q;
  nic_types_pkg::completion_t completion_q;

  always_comb begin
    {skip, more, slots, id, len} = '0;
    lost  = 1'b0;
    leave = 1'b0;
    if (accepted_q != read_q && (!valid_q || completion_ready_i) && !flush_i) begin
      {skip, more, slots, id, len} = buffer_q[read_q[BufferBits-1:0]];
      lost  = !skip && failed_q[frame_read_q[FrameBits-1:0]];
      leave = skip || frame_done_q != frame_read_q;
    end
  end

  assign ends = leave && !skip && !more;  // a frame's last buffer

  // No register here changes without one of these: what quiescent_o says is so by construction.
  assign awake       = leave || valid_q || done_i || buffer_put_i || accept_i || take_back_i;
  assign quiescent_o = !awake;

  always_ff @(posedge clk_i) begin
    if (awake) begin
      if (buffer_put_i) begin
        buffer_q[write_q[BufferBits-1:0]] <= {buffer_skip_i, buffer_more_i, buffer_slots_i,
                                              buffer_id_i, buffer_len_i};
        write_q <= write_q + (BufferBits + 1)'(1);
      end
      if (take_back_i) write_q <= accepted_q;
      if (accept_i) accepted_q <= write_q;
      if (frame_put_i) begin
        writes_q[frame_write_q[FrameBits-1:0]] <= frame_writes_i;
        frame_write_q <= frame_write_q + (FrameBits + 1)'(1);
      end
      if (done_i) begin
        done_q           <= frame_done ? 7'd0 : done_q + 7'd1;
        earlier_failed_q <= !frame_done && (earlier_failed_q || error_i);
      end
      if (frame_done) begin
        failed_q[frame_done_q[FrameBits-1:0]] <= earlier_failed_q || error_i;
        frame_done_q <= frame_done_q + (FrameBits + 1)'(1);
      end
      if (leave) begin
        read_q               <= read_q + (BufferBits + 1)'(1);
        completion_q.more    <= more;
        completion_q.written <= !lost && len != 16'd0;
        completion_q.slots   <= slots;
        completion_q.id      <= id;
        completion_q.len     <= lost ? 32'd0 : {16'd0, len};
      end
      if (ends) frame_read_q <= frame_read_q + (FrameBits + 1)'(1);
      if (leave) valid_q <= 1'b1;
      else if (completion_ready_i) valid_q <= 1'b0;
    end
    if (rst_i || flush_i) begin
      write_q          <= '0;
      accepted_q       <= '0;
      read_q           <= '0;
      frame_write_q    <= '0;
      frame_done_q     <= '0;
      frame_read_q     <= '0;
      done_q           <= '0;
      earlier_failed_q <= 1'b0;
      valid_q          <= 1'b0;
    end
  end

  assign completion_o       = completion_q;
  assign completion_valid_o = valid_q;
  assign packet_o           = ends && !lost;
  assign skipped_o          = leave && skip;
  assign error_o            = ends && lost;
  assign empty_o            = write_q == read_q && !valid_q;

  if (2 ** BufferBits != Buffers || 2 ** FrameBits != Frames) begin : gen_check
    $error("receive_completer: Buffers and Frames must be powers of two");
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) begin
    if (!rst_i && !flush_i && done_i) begin
      DoneHasItsFrame: assert (frame_write_q != frame_done_q);
    end
    if (!rst_i && buffer_put_i) begin
      BufferHasRoom: assert (used_buffers != (BufferBits + 1)'(Buffers));
    end
  end
`endif

endmodule

`default_nettype wire
