// Turns used packets into interrupts: moderation says when to look, the driver's event suppression
// area, read once the used descriptors are visible, says whether to interrupt. One look of a queue
// is on its way at a time; packets that come meanwhile are counted for the next.
`default_nettype none

module notifier #(
    parameter int NumQueues = nic_pkg::NumQueues
) (
    input  wire                                                      clk_i,
    input  wire                                                      rst_i,
    // Session.
    input  wire                                                      live_i,
    input  wire                                                      flush_i,
    output logic                                                     drained_o,
    output logic                                                     quiescent_o,
    input  wire                                                      event_idx_i,  // negotiated
    input  wire  [     NumQueues*nic_types_pkg::QueueConfigBits-1:0] config_i,
    input  wire  [NumQueues*nic_types_pkg::ModerationConfigBits-1:0] moderation_i,
    input  wire  [                                             63:0] time_ps_i,
    output logic [                                             63:0] deadline_ps_o,
    output logic [                                    NumQueues-1:0] error_o,
    // From the used writer.
    input  wire  [                                    NumQueues-1:0] used_packet_i,
    input  wire  [                                  8*NumQueues-1:0] used_slot_i,
    input  wire  [                                    NumQueues-1:0] used_wrap_i,
    // Read client ReadEvents.
    output logic                                                     request_valid_o,
    output nic_types_pkg::dma_request_t                              request_o,
    input  wire                                                      request_ready_i,
    input  wire                                                      answer_valid_i,
    input  wire nic_types_pkg::read_beat_t                           answer_i,
    // To MSI-X: the driver is to be interrupted.
    output logic [                                    NumQueues-1:0] interrupt_valid_o,
    input  wire  [                                    NumQueues-1:0] interrupt_ready_i
);

  localparam int QueueBits = (NumQueues > 1) ? $clog2(NumQueues) : 1;

  logic clear;
  assign clear = rst_i || flush_i;

  logic [NumQueues-1:0] looking_q;  // the driver's area is being read

  // ---- Moderation.

  logic [NumQueues-1:0] take;
  logic [NumQueues-1:0] met;
  logic [NumQueues-1:0] armed;
  logic [64*NumQueues-1:0] deadline;

  for (genvar q = 0; q < NumQueues; q++) begin : gen_queue
    moderation u_moderation (
        .clk_i,
        .rst_i(clear),
        .config_i(moderation_i[nic_types_pkg::ModerationConfigBits*q
                               +:nic_types_pkg::ModerationConfigBits]),
        .time_ps_i,
        .packet_i(used_packet_i[q]),
        .met_o(met[q]),
        .take_i(take[q]),
        .armed_o(armed[q]),
        .deadline_ps_o(deadline[64*q+:64])
    );
  end

  // A queue that looks waits for the answer, not for the time.
  always_comb begin
    deadline_ps_o = '1;
    if (live_i && armed != '0)
      for (int q = 0; q < NumQueues; q++)
        if (armed[q] && !looking_q[q] && deadline[64*q+:64] < deadline_ps_o)
          deadline_ps_o = deadline[64*q+:64];
  end

  // ---- Slots used since the last look. At most one packet a cycle comes from the used writer.

  logic [10*NumQueues-1:0] position_q;  // modulo two laps, as event_decision counts
  logic [10*NumQueues-1:0] slots_q;     // two laps at most

  // ---- Look at the driver's area.

  logic [NumQueues-1:0] looked_q;               // at least once
  logic [10*NumQueues-1:0] look_position_q;  // when the look was taken
  logic [10*NumQueues-1:0] look_slots_q;
  logic [NumQueues-1:0] wants;
  logic [QueueBits-1:0] served_q;
  logic [QueueBits-1:0] chosen;
  logic order_full;

  always_comb begin
    wants = '0;
    if ((armed & ~looking_q) != '0 && live_i && !clear && !order_full
        && (!request_valid_o || request_ready_i))
      wants = met & ~looking_q;
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (wants),
      .last_i  (served_q),
      .chosen_o(chosen)
  );

  always_comb begin
    take = '0;
    if (wants != '0) take[chosen] = 1'b1;
  end

  // The area is aligned to 4 bytes, or the queue had never started.
  always_ff @(posedge clk_i)
    if (rst_i) request_valid_o <= 1'b0;
    else if (wants != '0) begin
      request_valid_o <= 1'b1;
      for (int q = 0; q < NumQueues; q++)
        if (take[q])
          request_o <= {config_i[nic_types_pkg::QueueConfigBits*q
                                 +nic_types_pkg::QueueDriverLsb+:64], 16'd4};
    end else if (request_ready_i) request_valid_o <= 1'b0;

  // ---- Answers, registered, and the decision.

  logic answer_valid_q;
  logic answer_error_q;
  logic [31:0] answer_q;
  logic order_empty;
  logic [QueueBits-1:0] of_queue;
  logic [8:0] of_size;
  logic fire;

  order_queue #(
      .Width(QueueBits),
      .Depth(2 << QueueBits)
  ) u_order (
      .clk_i,
      .rst_i,
      .push_i (wants != '0),
      .data_i (chosen),
      .full_o (order_full),
      .pop_i  (answer_valid_q),
      .data_o (of_queue),
      .empty_o(order_empty)
  );

  always_comb begin
    of_size = '0;
    if (answer_valid_q)
      for (int q = 0; q < NumQueues; q++)
        if (of_queue == QueueBits'(q))
          of_size = config_i[nic_types_pkg::QueueConfigBits*q+nic_types_pkg::QueueSizeLsb+:9];
  end

  event_decision u_decision (
      .valid_i(answer_valid_q),
      .event_idx_i,
      .first_i(!looked_q[of_queue]),
      .size_i(of_size),
      .position_i(look_position_q[10*of_queue+:10]),
      .slots_i(look_slots_q[10*of_queue+:10]),
      .event_i(answer_q),
      .fire_o(fire)
  );

  // ---- State.

  always_ff @(posedge clk_i) begin
    answer_valid_q <= answer_valid_i && !rst_i;
    if (answer_valid_i) begin
      answer_error_q <= answer_i.error;
      answer_q <= answer_i.data[32*answer_i.offset[3:2]+:32];
    end
  end

  always_ff @(posedge clk_i) begin : count
    logic [8:0] size;
    logic [9:0] position, from, moved;
    logic [10:0] sum;
    if (clear) begin
      looking_q <= '0;
      looked_q <= '0;
      served_q <= '0;
      position_q <= '0;
      slots_q <= '0;
    end else if (wants != '0 || used_packet_i != '0 || answer_valid_q) begin
      for (int q = 0; q < NumQueues; q++) begin
        if (take[q]) begin
          looking_q[q] <= 1'b1;
          look_position_q[10*q+:10] <= position_q[10*q+:10];
          look_slots_q[10*q+:10] <= slots_q[10*q+:10];
        end
        if (used_packet_i[q]) begin
          size = config_i[nic_types_pkg::QueueConfigBits*q+nic_types_pkg::QueueSizeLsb+:9];
          position = 10'(used_slot_i[8*q+:8]) + (used_wrap_i[q] ? '0 : 10'(size));
          from = position_q[10*q+:10];
          moved = position - from;
          if (position < from) moved = moved + {size, 1'b0};
          sum = 11'(moved) + (take[q] ? '0 : 11'(slots_q[10*q+:10]));
          slots_q[10*q+:10] <= (sum > {1'b0, size, 1'b0}) ? {size, 1'b0} : sum[9:0];
          position_q[10*q+:10] <= position;
        end else if (take[q]) slots_q[10*q+:10] <= '0;
      end
      if (wants != '0) served_q <= chosen;
      if (answer_valid_q) begin
        looking_q[of_queue] <= 1'b0;
        looked_q[of_queue] <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i)
    if (clear) begin
      interrupt_valid_o <= '0;
      error_o <= '0;
    end else if (answer_valid_q || interrupt_valid_o != '0 || error_o != '0) begin
      interrupt_valid_o <= interrupt_valid_o & ~interrupt_ready_i;
      error_o <= '0;
      if (answer_valid_q && answer_error_q) error_o[of_queue] <= 1'b1;
      if (answer_valid_q && !answer_error_q && fire) interrupt_valid_o[of_queue] <= 1'b1;
    end

  assign drained_o = order_empty && !request_valid_o && !answer_valid_q;
  always_comb begin
    quiescent_o = 1'b0;
    if (!answer_valid_q && !flush_i && used_packet_i == '0 && wants == '0)
      quiescent_o = !answer_valid_i && error_o == '0 && !(request_valid_o && request_ready_i)
          && (interrupt_valid_o & interrupt_ready_i) == '0;
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i)
    if (!clear) begin
      OnePacketACycle: assert ((used_packet_i & (used_packet_i - 1'b1)) == '0);
    end
`endif

endmodule

`default_nettype wire
