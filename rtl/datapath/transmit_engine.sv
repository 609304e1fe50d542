// From the transmit queue to the frame buffer: reads buffers ahead, makes frames of them, cuts
// those that ask for it into segments, gives every buffer back in order. What is not a frame is
// dropped, its buffer given back all the same.
`default_nettype none

module transmit_engine (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        live_i,
    input  logic                        flush_i,
    input  logic                        checksum_i,         // CSUM was negotiated
    input  logic                        hash_report_i,      // HASH_REPORT was negotiated
    input  logic [2:0]                  segment_i,          // HOST_ECN, HOST_TSO6, HOST_TSO4 were
    output logic                        drained_o,
    output logic                        quiescent_o,
    // The transmit queue's elements. Every taken element is committed, sooner or later.
    input  nic_types_pkg::element_t     element_i,
    input  logic                        element_valid_i,
    output logic                        element_take_o,
    output logic                        element_commit_o,
    output logic                        element_rewind_o,
    // dma_read, client ReadTransmit.
    output nic_types_pkg::dma_request_t read_request_o,
    output logic                        read_valid_o,
    input  logic                        read_ready_i,
    input  nic_types_pkg::read_beat_t   read_beat_i,
    input  logic                        read_beat_valid_i,
    // tx_frame_buffer.
    output nic_types_pkg::dma_beat_t    beat_o,
    output nic_types_pkg::checksum_t    checksum_o,         // the same with all beats of a frame
    output logic                        beat_valid_o,
    output logic                        drop_o,             // with the last beat
    input  logic                        beat_ready_i,
    output logic                        abort_o,            // forget the frame that is not complete
    // used_writer.
    output nic_types_pkg::completion_t  completion_o,
    output logic                        completion_valid_o,
    input  logic                        completion_ready_i,
    // Pulses for the counters.
    output logic                        packet_o,            // a buffer was taken from the driver
    output logic                        dropped_malformed_o,
    output logic                        data_error_o         // counted as dropped_error
);

  localparam int AnswerBeats = 512;
  localparam int AnswerBits = 139;

  nic_types_pkg::read_beat_t answer;
  logic       answer_valid, answer_take, answers_quiescent, unused_answers_ready;
  logic       part_data, part_last, part_drop, part_valid, part_take, parts_empty;
  logic [8:0]  part_slots;
  logic [15:0] part_id;
  logic [16:0] part_length;
  logic       fetch_quiescent, packer_quiescent, segmenter_quiescent;

  nic_types_pkg::dma_beat_t     packed_beat;
  nic_types_pkg::segmentation_t segmentation;
  logic packed_valid, packed_ready, packed_drop, packed_cut, segmenter_busy, segmenter_refused;

  transmit_fetch #(.AnswerBeats(AnswerBeats)) u_fetch (
      .clk_i, .rst_i, .live_i, .flush_i, .hash_report_i, .segment_i(segment_i[1:0] != 2'b00),
      .empty_o(parts_empty), .quiescent_o(fetch_quiescent),
      .element_i, .element_valid_i, .element_take_o, .element_commit_o, .element_rewind_o,
      .read_request_o, .read_valid_o, .read_ready_i,
      .part_data_o(part_data), .part_last_o(part_last), .part_drop_o(part_drop),
      .part_slots_o(part_slots), .part_id_o(part_id), .part_length_o(part_length),
      .part_valid_o(part_valid),
      .part_take_i(part_take), .beat_take_i(answer_take)
  );

  fifo #(.Width(AnswerBits), .Depth(AnswerBeats)) u_answers (
      .clk_i, .rst_i(rst_i || flush_i),
      .valid_i(read_beat_valid_i), .ready_o(unused_answers_ready), .data_i(read_beat_i),
      .valid_o(answer_valid), .ready_i(answer_take), .data_o(answer),
      .quiescent_o(answers_quiescent)
  );

  transmit_packer u_packer (
      .clk_i, .rst_i, .flush_i, .checksum_i, .hash_report_i, .segment_i,
      .quiescent_o(packer_quiescent),
      .part_data_i(part_data), .part_last_i(part_last), .part_drop_i(part_drop),
      .part_slots_i(part_slots), .part_id_i(part_id), .part_length_i(part_length),
      .part_valid_i(part_valid),
      .part_take_o(part_take),
      .answer_i(answer), .answer_valid_i(answer_valid), .answer_take_o(answer_take),
      .beat_o(packed_beat), .checksum_o, .segmentation_o(segmentation), .cut_o(packed_cut),
      .beat_valid_o(packed_valid), .drop_o(packed_drop), .beat_ready_i(packed_ready),
      .segmenter_busy_i(segmenter_busy), .segmenter_refused_i(segmenter_refused),
      .completion_o, .completion_valid_o, .completion_ready_i,
      .packet_o, .malformed_o(dropped_malformed_o), .error_o(data_error_o)
  );

  transmit_segmenter u_segmenter (
      .clk_i, .rst_i(rst_i || flush_i), .quiescent_o(segmenter_quiescent),
      .beat_i(packed_beat), .drop_i(packed_drop), .cut_i(packed_cut),
      .segmentation_i(segmentation), .start_i(checksum_o.start),
      .valid_i(packed_valid), .ready_o(packed_ready),
      .beat_o, .drop_o, .valid_o(beat_valid_o), .ready_i(beat_ready_i),
      .busy_o(segmenter_busy), .refused_o(segmenter_refused)
  );

  // A flush empties everything at once; the frame buffer is told to forget what it had begun. An
  // answer always has its part, so without parts there are no answers either.
  assign abort_o     = flush_i;
  assign drained_o   = parts_empty && packer_quiescent && !read_valid_o;
  assign quiescent_o = fetch_quiescent && packer_quiescent && answers_quiescent &&
                       segmenter_quiescent && !flush_i;

endmodule

`default_nettype wire
