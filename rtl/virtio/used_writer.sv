// Writes used descriptors: id, len and flags, the upper 8 bytes of a slot, in one write, so that
// they become visible together. The data that they tell of is in memory already.
//
// Writes of one queue and of several are in flight together. Only a packet of several buffers makes
// its queue wait: the driver must find all of them once it finds the first (virtio 1.3, 5.1.6.4),
// so the first is held back until the others are acknowledged.
`default_nettype none

module used_writer #(
    parameter int NumQueues = nic_pkg::NumQueues,
    // All that receive have one engine, all that transmit another, and control, the last, its own.
    parameter int Engines = NumQueues < 3 ? NumQueues : 3
) (
    input  wire                                                 clk_i,
    input  wire                                                 rst_i,
    // Session.
    input  wire                                                 live_i,
    input  wire                                                 flush_i,
    output logic                                                drained_o,
    output logic                                                quiescent_o,
    input  wire  [NumQueues*nic_types_pkg::QueueConfigBits-1:0] config_i,
    output logic [                               NumQueues-1:0] error_o,
    // Buffers of each queue that go back, in ring order.
    input  wire  [                               NumQueues-1:0] completion_valid_i,
    input  wire  [  Engines*nic_types_pkg::CompletionBits-1:0]  completion_i,  // by engine
    output logic [                               NumQueues-1:0] completion_ready_o,
    // Write client WriteUsed.
    output logic                                                request_valid_o,
    output nic_types_pkg::dma_request_t                         request_o,
    input  wire                                                 request_ready_i,
    output logic                                                beat_valid_o,
    output nic_types_pkg::dma_beat_t                            beat_o,
    input  wire                                                 beat_ready_i,
    input  wire                                                 done_i,
    input  wire                                                 done_error_i,
    // A packet's used descriptors are visible; the position of its queue after them.
    output logic [                               NumQueues-1:0] used_packet_o,
    output logic [                             8*NumQueues-1:0] used_slot_o,
    output logic [                               NumQueues-1:0] used_wrap_o
);

  localparam int QueueBits = (NumQueues > 1) ? $clog2(NumQueues) : 1;
  localparam int LaterBits = 5;  // u_order's depth bounds what is in flight

  logic clear;
  assign clear = rst_i || flush_i;

  // Of each queue. `slot` and `wrap` are the position of the next buffer.
  logic [NumQueues-1:0] wrap_q;
  logic [NumQueues-1:0] broken_q;
  logic [NumQueues-1:0] holds_q;    // the first buffer of a packet
  logic [NumQueues-1:0] closing_q;  // and all others are written
  logic [8*NumQueues-1:0] slot_q;
  logic [LaterBits*NumQueues-1:0] later_q;  // writes of others not acknowledged
  logic [NumQueues-1:0] first_wrap_q;             // of what is held
  logic [8*NumQueues-1:0] first_slot_q;
  logic [49*NumQueues-1:0] first_q;  // written, id, len

  // ---- Which queue writes next.

  logic order_full;
  logic value_ready;
  logic act;
  logic [NumQueues-1:0] wants;
  logic [QueueBits-1:0] served_q;
  logic [QueueBits-1:0] chosen;

  always_comb begin
    wants = '0;
    if (live_i && !clear && !order_full && (!request_valid_o || request_ready_i)
        && value_ready) begin
      wants = completion_valid_i & ~closing_q & ~broken_q;
      if (closing_q != '0)
        for (int q = 0; q < NumQueues; q++)
          if (closing_q[q] && !broken_q[q] && later_q[LaterBits*q+:LaterBits] == '0)
            wants[q] = 1'b1;
    end
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (wants),
      .last_i  (served_q),
      .chosen_o(chosen)
  );

  assign act = wants != '0;

  // ---- What it writes.

  nic_types_pkg::completion_t completion;
  logic [8:0] size;
  logic [7:0] position;  // of the next buffer
  logic last_step;       // the held first buffer
  logic first_step;      // hold it
  logic publish;         // the packet is visible after this write
  logic [7:0] next_slot;
  logic next_wrap;

  always_comb begin
    completion = '0;
    size = '0;
    position = '0;
    last_step = 1'b0;
    first_step = 1'b0;
    publish = 1'b0;
    completion_ready_o = '0;
    if (act) begin
      for (int q = 0; q < NumQueues; q++)
        if (chosen == QueueBits'(q)) begin
          completion = completion_i[nic_types_pkg::CompletionBits*
                                    (Engines == 3 && q == NumQueues - 1 ? 2 : q % 2)
                                    +:nic_types_pkg::CompletionBits];
          size = config_i[nic_types_pkg::QueueConfigBits*q+nic_types_pkg::QueueSizeLsb+:9];
        end
      position = slot_q[8*chosen+:8];
      last_step = closing_q[chosen];
      first_step = !holds_q[chosen] && completion.more;
      publish = last_step || !holds_q[chosen];
      completion_ready_o[chosen] = !last_step;
    end
  end

  used_position u_position (
      .valid_i(act),
      .size_i (size),
      .slot_i (position),
      .wrap_i (wrap_q[chosen]),
      .slots_i(last_step ? '0 : completion.slots),
      .slot_o (next_slot),
      .wrap_o (next_wrap)
  );

  // AVAIL and USED equal the wrap counter; without WRITE the length says nothing.
  logic [63:0] ring;
  logic [ 7:0] slot;
  logic [63:0] value, value_out;

  always_comb begin : compose
    logic wrap, written;
    logic [15:0] id;
    logic [31:0] len;
    ring = '0;
    slot = '0;
    {wrap, written, id, len} = '0;
    value = '0;
    if (act) begin
      for (int q = 0; q < NumQueues; q++)
        if (chosen == QueueBits'(q))
          ring = config_i[nic_types_pkg::QueueConfigBits*q+nic_types_pkg::QueueDescLsb+:64];
      slot = last_step ? first_slot_q[8*chosen+:8] : position;
      wrap = last_step ? first_wrap_q[chosen] : wrap_q[chosen];
      {written, id, len} = last_step ? first_q[49*chosen+:49]
                                     : {completion.written, completion.id, completion.len};
      value = {wrap, 7'b0, wrap, 5'b0, written, 1'b0, id, written ? len : 32'b0};
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) request_valid_o <= 1'b0;
    else if (act && !first_step) begin
      request_valid_o <= 1'b1;
      request_o <= {ring + 64'({slot, 4'h8}), 16'd8};
    end else if (request_ready_i) request_valid_o <= 1'b0;
  end

  // Several requests wait for their turn on the bus together, each with its value: with one at a
  // time a packet's bytes before it would cost its queue all of their cycles.
  skid_buffer #(
      .Width(64)
  ) u_value (
      .clk_i,
      .rst_i,
      .valid_i(act && !first_step),
      .ready_o(value_ready),
      .data_i (value),
      .valid_o(beat_valid_o),
      .ready_i(beat_ready_i),
      .data_o (value_out)
  );

  assign beat_o = {1'b1, 5'd8, 64'b0, value_out};

  // ---- What is in flight.

  logic order_empty;
  logic of_publish;
  logic of_wrap;
  logic [7:0] of_slot;
  logic [QueueBits-1:0] of_queue;
  logic later_done;

  order_queue #(
      .Width(QueueBits + 10),
      .Depth(16)
  ) u_order (
      .clk_i,
      .rst_i,
      .push_i (act && !first_step),
      .data_i ({chosen, publish, next_wrap, next_slot}),
      .full_o (order_full),
      .pop_i  (done_i),
      .data_o ({of_queue, of_publish, of_wrap, of_slot}),
      .empty_o(order_empty)
  );

  assign later_done = done_i && !of_publish;

  // ---- State.

  always_ff @(posedge clk_i)
    if (clear) begin
      wrap_q <= '1;
      broken_q <= '0;
      holds_q <= '0;
      closing_q <= '0;
      served_q <= '0;
      slot_q <= '0;
      later_q <= '0;
    end else if (act || done_i) begin
      if (act) begin
        served_q <= chosen;
        if (first_step) begin
          holds_q[chosen] <= 1'b1;
          first_slot_q[8*chosen+:8] <= position;
          first_wrap_q[chosen] <= wrap_q[chosen];
          first_q[49*chosen+:49] <= {completion.written, completion.id, completion.len};
        end else if (last_step) begin
          holds_q[chosen] <= 1'b0;
          closing_q[chosen] <= 1'b0;
        end else if (holds_q[chosen]) closing_q[chosen] <= !completion.more;
        slot_q[8*chosen+:8] <= next_slot;
        wrap_q[chosen] <= next_wrap;
      end
      // One less, one more, or both.
      if (later_done)
        later_q[LaterBits*of_queue+:LaterBits] <= later_q[LaterBits*of_queue+:LaterBits] - 1'b1;
      if (act && !publish && !first_step)
        later_q[LaterBits*chosen+:LaterBits] <= later_q[LaterBits*chosen+:LaterBits] + 1'b1
            - LaterBits'(later_done && of_queue == chosen);
      if (done_i && done_error_i) broken_q[of_queue] <= 1'b1;
    end

  always_ff @(posedge clk_i)
    if (clear) begin
      used_packet_o <= '0;
      error_o <= '0;
      used_slot_o <= '0;
      used_wrap_o <= '1;
    end else if (done_i || (used_packet_o | error_o) != '0) begin
      used_packet_o <= '0;
      error_o <= '0;
      if (done_i && done_error_i) error_o[of_queue] <= 1'b1;
      if (done_i && of_publish && !done_error_i) begin
        used_packet_o[of_queue] <= 1'b1;
        used_slot_o[8*of_queue+:8] <= of_slot;
        used_wrap_o[of_queue] <= of_wrap;
      end
    end

  assign drained_o = order_empty && !request_valid_o && !beat_valid_o;
  // The value that waits behind another never waits alone.
  always_comb begin
    quiescent_o = 1'b0;
    if (!act && !done_i && !flush_i && used_packet_o == '0)
      quiescent_o = (value_ready || beat_valid_o) && error_o == '0
          && !(request_valid_o && request_ready_i) && !(beat_valid_o && beat_ready_i);
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i)
    if (!clear && act && !last_step) begin
      BufferFitsTheRing: assert (completion.slots != '0 && completion.slots <= size);
    end
`endif

endmodule

`default_nettype wire
