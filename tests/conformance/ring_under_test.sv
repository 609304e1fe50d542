// The virtqueues of the NIC with plain ports, for a kit that must not know how bundles are packed.
// Queue 0 is the one under test; the others are never enabled.
`default_nettype none

module ring_under_test (
    input  wire          clk_i,
    input  wire          rst_i,
    input  wire          live_i,
    input  wire          flush_i,
    output logic         drained_o,
    output logic         quiescent_o,
    input  wire          indirect_desc_i,
    input  wire          event_idx_i,
    input  wire  [  8:0] size_i,
    input  wire  [ 63:0] desc_i,
    input  wire  [ 63:0] driver_i,
    input  wire  [ 63:0] device_i,
    input  wire          notify_i,
    output logic         interrupt_o,
    output logic         error_o,
    // Reads: client 0 is of descriptors, 1 of event structures.
    output logic [  1:0] read_valid_o,
    output logic [ 63:0] read_addr_o [0:1],
    output logic [ 15:0] read_len_o  [0:1],
    input  wire  [  1:0] answer_valid_i,
    input  wire          answer_last_i,
    input  wire  [  3:0] answer_offset_i,
    input  wire  [  4:0] answer_count_i,
    input  wire  [127:0] answer_data_i,
    // Writes of used descriptors.
    output logic         write_valid_o,
    output logic [ 63:0] write_addr_o,
    output logic [ 15:0] write_len_o,
    output logic         write_beat_valid_o,
    output logic         write_beat_last_o,
    output logic [  4:0] write_count_o,
    output logic [127:0] write_data_o,
    input  wire          write_ready_i,
    input  wire          write_done_i,
    // Elements and completions.
    output logic         element_valid_o,
    output logic         element_last_o,
    output logic         element_write_o,
    output logic [  8:0] element_slots_o,
    output logic [ 15:0] element_id_o,
    output logic [ 31:0] element_len_o,
    output logic [ 63:0] element_addr_o,
    input  wire          element_take_i,
    input  wire          element_commit_i,
    input  wire          completion_valid_i,
    output logic         completion_ready_o,
    input  wire          completion_more_i,
    input  wire          completion_written_i,
    input  wire  [  8:0] completion_slots_i,
    input  wire  [ 15:0] completion_id_i,
    input  wire  [ 31:0] completion_len_i
);

  localparam int NumQueues = nic_pkg::NumQueues;

  nic_types_pkg::queue_config_t queue;
  nic_types_pkg::read_beat_t answer;
  nic_types_pkg::completion_t completion;
  nic_types_pkg::element_t element;
  nic_types_pkg::dma_request_t descriptors_request, events_request, used_request;
  nic_types_pkg::dma_beat_t used_beat;

  always_comb begin
    queue = '0;
    answer = '0;
    completion = '0;
    queue.enable = 1'b1;
    queue.size = size_i;
    queue.desc = desc_i;
    queue.driver = driver_i;
    queue.device = device_i;
    answer.last = answer_last_i;
    answer.offset = answer_offset_i;
    answer.count = answer_count_i;
    answer.data = answer_data_i;
    completion.more = completion_more_i;
    completion.written = completion_written_i;
    completion.slots = completion_slots_i;
    completion.id = completion_id_i;
    completion.len = completion_len_i;
  end

  logic [NumQueues-1:0] interrupt, error, element_valid, completion_ready, unused_empty,
      unused_full;
  logic [NumQueues*nic_types_pkg::ElementBits-1:0] elements;
  logic [63:0] unused_deadline;

  virtqueues u_virtqueues (
      .clk_i, .rst_i, .live_i, .flush_i, .drained_o, .quiescent_o,
      .indirect_desc_i, .event_idx_i,
      .config_i((NumQueues * nic_types_pkg::QueueConfigBits)'(queue)),
      .moderation_i('0),
      .time_ps_i('0),
      .deadline_ps_o(unused_deadline),
      .notify_i(NumQueues'(notify_i)),
      .interrupt_o(interrupt),
      .error_o(error),
      .descriptors_request_o(descriptors_request),
      .descriptors_valid_o(read_valid_o[0]),
      .descriptors_ready_i(1'b1),
      .descriptors_answer_i(answer_valid_i[0]),
      .events_request_o(events_request),
      .events_valid_o(read_valid_o[1]),
      .events_ready_i(1'b1),
      .events_answer_i(answer_valid_i[1]),
      .answer_i(answer),
      .used_request_o(used_request),
      .used_valid_o(write_valid_o),
      .used_ready_i(write_ready_i),
      .used_beat_o(used_beat),
      .used_beat_valid_o(write_beat_valid_o),
      .used_beat_ready_i(write_ready_i),
      .used_done_i(write_done_i),
      .used_error_i(1'b0),
      .element_valid_o(element_valid),
      .element_o(elements),
      .element_take_i(NumQueues'(element_take_i)),
      .element_commit_i(NumQueues'(element_commit_i)),
      .element_rewind_i('0),
      .empty_o(unused_empty),
      .full_o(unused_full),
      .completion_valid_i(NumQueues'(completion_valid_i)),
      .completion_i((3 * nic_types_pkg::CompletionBits)'(completion)),
      .completion_ready_o(completion_ready)
  );

  assign interrupt_o = interrupt[0];
  assign error_o = error[0];
  assign {read_addr_o[0], read_len_o[0]} = {descriptors_request.addr, descriptors_request.len};
  assign {read_addr_o[1], read_len_o[1]} = {events_request.addr, events_request.len};
  assign {write_addr_o, write_len_o} = {used_request.addr, used_request.len};
  assign write_beat_last_o = used_beat.last;
  assign write_count_o = used_beat.count;
  assign write_data_o = used_beat.data;
  assign element = elements[nic_types_pkg::ElementBits-1:0];
  assign element_valid_o = element_valid[0];
  assign element_last_o = element.last;
  assign element_write_o = element.write;
  assign element_slots_o = element.slots;
  assign element_id_o = element.id;
  assign element_len_o = element.len;
  assign element_addr_o = element.addr;
  assign completion_ready_o = completion_ready[0];

endmodule

`default_nettype wire
