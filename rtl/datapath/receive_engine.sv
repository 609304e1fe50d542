// From the frame buffer to the receive queue: plans a frame's buffers, writes header and frame to
// them, and gives them back when all of it is in memory. Several frames may be on their way.
`default_nettype none

module receive_engine (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        live_i,
    input  logic                        flush_i,
    input  logic                        mergeable_i,         // MRG_RXBUF was negotiated
    input  logic                        checksum_i,          // GUEST_CSUM is in use
    input  logic                        hash_report_i,       // HASH_REPORT was negotiated
    output logic                        drained_o,
    output logic                        quiescent_o,
    // rx_frame_buffer.
    input  logic [15:0]                 length_i,
    input  logic                        length_valid_i,
    input  logic                        verified_i,          // its transport checksum is right
    input  logic [3:0]                  report_i,            // what it was hashed by, or none,
    input  logic [31:0]                 hash_i,              // and its hash
    input  nic_types_pkg::dma_beat_t    frame_i,
    input  logic                        frame_valid_i,
    output logic                        frame_ready_o,
    output logic                        drop_o,              // pulse: forget the oldest frame
    // The receive queue's elements.
    input  nic_types_pkg::element_t     element_i,
    input  logic                        element_valid_i,
    output logic                        element_take_o,
    output logic                        element_commit_o,
    output logic                        element_rewind_o,
    input  logic                        element_empty_i,
    input  logic                        element_full_i,
    // dma_write, client WriteReceive.
    output nic_types_pkg::dma_request_t write_request_o,
    output logic                        write_request_valid_o,
    input  logic                        write_request_ready_i,
    output nic_types_pkg::dma_beat_t    write_beat_o,
    output logic [3:0]                  write_lane_o,
    output logic                        write_beat_valid_o,
    input  logic                        write_beat_ready_i,
    input  logic                        write_done_i,
    input  logic                        write_error_i,
    // used_writer.
    output nic_types_pkg::completion_t  completion_o,
    output logic                        completion_valid_o,
    input  logic                        completion_ready_i,
    // Pulses for the counters.
    output logic                        packet_o,            // a frame was given to the driver
    output logic                        dropped_no_buffer_o,
    output logic                        skipped_o,           // a buffer came back unused
    output logic                        data_error_o         // counted as dropped_error
);

  logic [63:0] segment_addr;
  logic [15:0] segment_len;
  logic [5:0]  segment_index;
  logic [6:0]  plan_segments, plan_buffers;
  logic        segment_put, plan, skip, fail;
  logic        buffer_skip, buffer_more, buffer_put;
  logic [8:0]  buffer_slots;
  logic [15:0] buffer_id, buffer_len;
  logic        planner_idle, planner_quiescent, writer_ready, writer_quiescent;
  logic        completer_ready, completer_empty, completer_quiescent;
  logic        begun, ended, no_buffer, lost;
  logic [5:0]  in_work_q;  // frames that left the frame buffer and are in no counter yet

  logic [4:0] header_bytes;
  assign header_bytes = hash_report_i ? 5'(nic_pkg::NetHeaderBytes + nic_pkg::NetHeaderHashBytes)
                                      : 5'(nic_pkg::NetHeaderBytes);

  receive_planner #(.Segments(64)) u_planner (
      .clk_i, .rst_i, .live_i, .flush_i, .mergeable_i, .header_bytes_i(header_bytes),
      .idle_o(planner_idle), .quiescent_o(planner_quiescent),
      .length_i, .length_valid_i,
      // A plan once begun goes on; its buffers were part of the room when it began.
      .ready_i(writer_ready && (completer_ready || !planner_idle)), .drop_o,
      .element_i, .element_valid_i, .element_take_o, .element_commit_o, .element_rewind_o,
      .element_empty_i, .element_full_i,
      .segment_addr_o(segment_addr), .segment_len_o(segment_len), .segment_put_o(segment_put),
      .segment_index_o(segment_index),
      .buffer_skip_o(buffer_skip), .buffer_more_o(buffer_more), .buffer_slots_o(buffer_slots),
      .buffer_id_o(buffer_id), .buffer_len_o(buffer_len), .buffer_put_o(buffer_put),
      .plan_o(plan), .plan_segments_o(plan_segments), .plan_buffers_o(plan_buffers),
      .skip_o(skip), .fail_o(fail), .no_buffer_o(no_buffer)
  );

  receive_writer #(.Segments(64)) u_writer (
      .clk_i, .rst_i, .flush_i, .ready_o(writer_ready), .quiescent_o(writer_quiescent),
      .begun_o(begun),
      .segment_addr_i(segment_addr), .segment_len_i(segment_len), .segment_put_i(segment_put),
      .segment_index_i(segment_index), .plan_i(plan), .plan_buffers_i(plan_buffers),
      .data_valid_i(checksum_i && verified_i), .hash_report_i, .report_i, .hash_i,
      .frame_i, .frame_valid_i, .frame_ready_o,
      .request_o(write_request_o), .request_valid_o(write_request_valid_o),
      .request_ready_i(write_request_ready_i),
      .beat_o(write_beat_o), .lane_o(write_lane_o), .beat_valid_o(write_beat_valid_o),
      .beat_ready_i(write_beat_ready_i)
  );

  receive_completer #(.PlanBuffers(nic_pkg::MaxReceiveBuffers)) u_completer (
      .clk_i, .rst_i, .flush_i, .ready_o(completer_ready), .empty_o(completer_empty),
      .quiescent_o(completer_quiescent),
      .buffer_skip_i(buffer_skip), .buffer_more_i(buffer_more), .buffer_slots_i(buffer_slots),
      .buffer_id_i(buffer_id), .buffer_len_i(buffer_len), .buffer_put_i(buffer_put),
      .accept_i(plan || skip), .take_back_i(fail),
      .frame_put_i(plan), .frame_writes_i(plan_segments),
      .done_i(write_done_i), .error_i(write_error_i),
      .completion_o, .completion_valid_o, .completion_ready_i,
      .packet_o, .skipped_o, .error_o(data_error_o)
  );

  // A flush forgets what is on its way. Those frames are counted here, one a cycle: the device is
  // not live any more, as for the frames that still wait.
  assign ended               = packet_o || data_error_o;
  assign lost                = flush_i && in_work_q != 6'd0 && !no_buffer;
  assign dropped_no_buffer_o = no_buffer || lost;

  always_ff @(posedge clk_i) begin
    if (rst_i) in_work_q <= '0;
    else if (begun || ended || lost) in_work_q <= in_work_q + 6'(begun) - 6'(ended || lost);
  end

  assign drained_o   = planner_idle && writer_ready && completer_empty && !write_request_valid_o &&
                       in_work_q == 6'd0;
  assign quiescent_o = planner_quiescent && writer_quiescent && completer_quiescent &&
                       !flush_i;

endmodule

`default_nettype wire
