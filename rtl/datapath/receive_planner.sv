// Finds the buffers for the oldest received frame. It walks the receive queue until header and
// frame fit, and only then commits: a frame that does not fit goes, the buffers stay.
`default_nettype none

module receive_planner #(
    parameter int Segments = 64  // pieces of memory that one frame may go to
) (
    input  logic                     clk_i,
    input  logic                     rst_i,
    input  logic                     live_i,
    input  logic                     flush_i,
    input  logic                     mergeable_i,     // MRG_RXBUF: a frame may take many buffers
    input  logic [4:0]               header_bytes_i,
    output logic                     idle_o,          // no element of an uncommitted plan is held
    output logic                     quiescent_o,
    // The oldest frame; it may be planned for while `ready_i` is up.
    input  logic [15:0]              length_i,
    input  logic                     length_valid_i,
    input  logic                     ready_i,
    output logic                     drop_o,          // pulse: forget the frame
    // The receive queue's elements.
    input  nic_types_pkg::element_t  element_i,
    input  logic                     element_valid_i,
    output logic                     element_take_o,
    output logic                     element_commit_o,
    output logic                     element_rewind_o,
    input  logic                     element_empty_i,
    input  logic                     element_full_i,
    // Pieces of memory to write, numbered from 0 in each plan.
    output logic [63:0]              segment_addr_o,
    output logic [15:0]              segment_len_o,
    output logic                     segment_put_o,
    output logic [5:0]               segment_index_o,
    // Buffers, as they go back to the driver: provisional until `plan_o` or `skip_o` pulses.
    output logic                     buffer_skip_o,   // not part of a frame
    output logic                     buffer_more_o,
    output logic [8:0]               buffer_slots_o,
    output logic [15:0]              buffer_id_o,
    output logic [15:0]              buffer_len_o,
    output logic                     buffer_put_o,
    // Pulses in the cycle after the last element was taken.
    output logic                     plan_o,          // write the frame
    output logic [6:0]               plan_segments_o,
    output logic [6:0]               plan_buffers_o,
    output logic                     skip_o,          // give the buffer back, nothing fits in it
    output logic                     fail_o,          // take the provisional buffers back
    output logic                     no_buffer_o      // pulse: a frame was dropped for it
);

  typedef enum logic [1:0] {Walk, Plan, Skip, Fail} state_e;

  state_e      state_q, state_d;
  logic        fresh_q;                  // nothing is taken since the last commit
  logic [15:0] need_q, need, need_next;  // bytes of header and frame without a place
  logic [15:0] use_bytes;                // of this element
  logic [15:0] buffer_len_q, buffer_len; // in this buffer
  logic [6:0]  segments_q, buffers_q;
  logic        usable, take, too_small, fits, awake;

  always_comb begin
    need       = '0;
    usable     = 1'b0;
    use_bytes  = '0;
    need_next  = '0;
    buffer_len = '0;
    too_small  = 1'b0;
    fits       = 1'b0;
    take       = 1'b0;
    state_d    = Walk;
    if (length_valid_i && state_q == Walk) if (ready_i && !flush_i) begin
      need   = fresh_q ? length_i + {11'd0, header_bytes_i} : need_q;
      usable = element_i.write && element_i.len != 32'd0 && need != 16'd0;
      if (usable) use_bytes = element_i.len < {16'd0, need} ? element_i.len[15:0] : need;
      need_next  = need - use_bytes;
      buffer_len = buffer_len_q + use_bytes;
      fits       = need_next == 16'd0;
      // A buffer in which a frame can not even begin is given back unused: one that the device may
      // not write, or, where frames may spread, one too small for the header (virtio 1.3,
      // 5.1.6.3.1).
      too_small = buffers_q == 7'd0 &&
                  buffer_len < (mergeable_i ? {11'd0, header_bytes_i} : 16'd1);
      if (!live_i) state_d = Fail;
      else if (!element_valid_i) begin
        if (element_empty_i || element_full_i) state_d = Fail;
      end else if (usable && segments_q == 7'(Segments)) state_d = Fail;
      else begin
        take = 1'b1;
        if (element_i.last) begin
          if (too_small) state_d = Skip;
          else if (fits) state_d = Plan;
          else if (!mergeable_i || buffers_q == 7'(nic_pkg::MaxReceiveBuffers - 1)) state_d = Fail;
        end
      end
    end
  end

  // No register here changes without one of these: what quiescent_o says is so by construction.
  assign awake       = take || state_d != Walk || state_q != Walk;
  assign quiescent_o = !awake;

  always_ff @(posedge clk_i) begin
    if (awake) begin
      state_q <= state_d;
      if (take) begin
        need_q       <= need_next;
        fresh_q      <= 1'b0;
        segments_q   <= segments_q + 7'(usable);
        buffers_q    <= buffers_q + 7'(element_i.last);
        buffer_len_q <= element_i.last ? 16'd0 : buffer_len;
      end
      if (state_q != Walk) begin
        fresh_q      <= 1'b1;
        segments_q   <= '0;
        buffers_q    <= '0;
        buffer_len_q <= '0;
      end
    end
    if (rst_i || flush_i) begin
      state_q      <= Walk;
      fresh_q      <= 1'b1;
      segments_q   <= '0;
      buffers_q    <= '0;
      buffer_len_q <= '0;
    end
  end

  assign element_take_o   = take;
  assign element_commit_o = state_q == Plan || state_q == Skip;
  assign element_rewind_o = state_q == Fail;
  assign drop_o           = state_q == Fail;
  assign no_buffer_o      = state_q == Fail;

  assign segment_addr_o  = element_i.addr;
  assign segment_len_o   = use_bytes;
  assign segment_put_o   = take && usable;
  assign segment_index_o = segments_q[5:0];

  assign buffer_skip_o  = too_small;
  assign buffer_more_o  = !too_small && !fits;
  assign buffer_slots_o = element_i.slots;
  assign buffer_id_o    = element_i.id;
  assign buffer_len_o   = too_small ? 16'd0 : buffer_len;
  assign buffer_put_o   = take && element_i.last;

  assign plan_o          = state_q == Plan;
  assign plan_segments_o = segments_q;
  assign plan_buffers_o  = buffers_q;
  assign skip_o          = state_q == Skip;
  assign fail_o          = state_q == Fail;

  assign idle_o      = fresh_q && state_q == Walk;

endmodule

`default_nettype wire
