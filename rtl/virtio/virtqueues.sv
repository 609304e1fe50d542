// Everything of the virtqueues: fetch of descriptors, write-back of used ones, interrupts.
//
// While a reset drains, the DMA engines swallow what is on its way and take nothing new, so the
// blocks in here may forget what they asked for: they are held in reset.
`default_nettype none

module virtqueues #(
    parameter int NumQueues = nic_pkg::NumQueues,
    parameter int Engines = NumQueues < 3 ? NumQueues : 3,  // used_writer says whose
    parameter logic [NumQueues-1:0] TransmitQueues = NumQueues'(2),
    parameter logic [NumQueues-1:0] ControlQueues = '0
) (
    input  wire                                                      clk_i,
    input  wire                                                      rst_i,
    // Session.
    input  wire                                                      live_i,
    input  wire                                                      flush_i,
    output logic                                                     drained_o,
    output logic                                                     quiescent_o,
    input  wire                                                      indirect_desc_i,  // negotiated
    input  wire                                                      event_idx_i,      // negotiated
    input  wire  [     NumQueues*nic_types_pkg::QueueConfigBits-1:0] config_i,
    input  wire  [NumQueues*nic_types_pkg::ModerationConfigBits-1:0] moderation_i,
    input  wire  [                                             63:0] time_ps_i,
    output logic [                                             63:0] deadline_ps_o,
    input  wire  [                                    NumQueues-1:0] notify_i,
    output logic [                                    NumQueues-1:0] interrupt_o,
    output logic [                                    NumQueues-1:0] error_o,
    // Read clients ReadDescriptors and ReadEvents.
    output nic_types_pkg::dma_request_t                              descriptors_request_o,
    output logic                                                     descriptors_valid_o,
    input  wire                                                      descriptors_ready_i,
    input  wire                                                      descriptors_answer_i,
    output nic_types_pkg::dma_request_t                              events_request_o,
    output logic                                                     events_valid_o,
    input  wire                                                      events_ready_i,
    input  wire                                                      events_answer_i,
    input  wire nic_types_pkg::read_beat_t                           answer_i,
    // Write client WriteUsed.
    output nic_types_pkg::dma_request_t                              used_request_o,
    output logic                                                     used_valid_o,
    input  wire                                                      used_ready_i,
    output nic_types_pkg::dma_beat_t                                 used_beat_o,
    output logic                                                     used_beat_valid_o,
    input  wire                                                      used_beat_ready_i,
    input  wire                                                      used_done_i,
    input  wire                                                      used_error_i,
    // Buffers of each queue, to its engine and back.
    output logic [                                    NumQueues-1:0] element_valid_o,
    output logic [         NumQueues*nic_types_pkg::ElementBits-1:0] element_o,
    input  wire  [                                    NumQueues-1:0] element_take_i,
    input  wire  [                                    NumQueues-1:0] element_commit_i,
    input  wire  [                                    NumQueues-1:0] element_rewind_i,
    output logic [                                    NumQueues-1:0] empty_o,
    output logic [                                    NumQueues-1:0] full_o,
    input  wire  [                                    NumQueues-1:0] completion_valid_i,
    input  wire  [        Engines*nic_types_pkg::CompletionBits-1:0] completion_i,
    output logic [                                    NumQueues-1:0] completion_ready_o
);

  logic fetch_drained, used_drained, notifier_drained;
  logic fetch_quiescent, used_quiescent, notifier_quiescent;
  logic [NumQueues-1:0] fetch_error, used_error, notifier_error;
  logic [NumQueues-1:0] used_packet, used_wrap;
  logic [8*NumQueues-1:0] used_slot;

  logic rst_q;
  always_ff @(posedge clk_i) rst_q <= rst_i || flush_i;

  assign error_o = fetch_error | used_error | notifier_error;
  assign drained_o = fetch_drained && used_drained && notifier_drained;

  // Under load one of them is busy, and simulation asks no further.
  always_comb begin
    quiescent_o = 1'b0;
    if (fetch_quiescent && used_quiescent) quiescent_o = notifier_quiescent && rst_q == flush_i;
  end

  descriptor_fetch #(
      .NumQueues(NumQueues),
      .TransmitQueues(TransmitQueues),
      .ControlQueues(ControlQueues)
  ) u_fetch (
      .clk_i, .rst_i(rst_q), .live_i, .flush_i,
      .drained_o(fetch_drained), .quiescent_o(fetch_quiescent),
      .indirect_desc_i, .config_i, .notify_i, .error_o(fetch_error),
      .request_valid_o(descriptors_valid_o), .request_o(descriptors_request_o),
      .request_ready_i(descriptors_ready_i),
      .answer_valid_i(descriptors_answer_i), .answer_i,
      .element_valid_o, .element_o, .element_take_i, .element_commit_i, .element_rewind_i,
      .empty_o, .full_o
  );

  used_writer #(
      .NumQueues(NumQueues),
      .Engines(Engines)
  ) u_used (
      .clk_i, .rst_i(rst_q), .live_i, .flush_i,
      .drained_o(used_drained), .quiescent_o(used_quiescent),
      .config_i, .error_o(used_error),
      .completion_valid_i, .completion_i, .completion_ready_o,
      .request_valid_o(used_valid_o), .request_o(used_request_o), .request_ready_i(used_ready_i),
      .beat_valid_o(used_beat_valid_o), .beat_o(used_beat_o), .beat_ready_i(used_beat_ready_i),
      .done_i(used_done_i), .done_error_i(used_error_i),
      .used_packet_o(used_packet), .used_slot_o(used_slot), .used_wrap_o(used_wrap)
  );

  notifier #(
      .NumQueues(NumQueues)
  ) u_notifier (
      .clk_i, .rst_i(rst_q), .live_i, .flush_i,
      .drained_o(notifier_drained), .quiescent_o(notifier_quiescent),
      .event_idx_i, .config_i, .moderation_i, .time_ps_i, .deadline_ps_o,
      .error_o(notifier_error),
      .used_packet_i(used_packet), .used_slot_i(used_slot), .used_wrap_i(used_wrap),
      .request_valid_o(events_valid_o), .request_o(events_request_o),
      .request_ready_i(events_ready_i), .answer_valid_i(events_answer_i), .answer_i,
      .interrupt_valid_o(interrupt_o), .interrupt_ready_i('1)
  );

endmodule

`default_nettype wire
