// Fetches the buffers that the driver made available, for all queues with one engine: descriptors
// from the rings, entries from indirect tables, and of these a window of elements for each queue's
// consumer, who takes them one by one and then commits or goes back (rtl/README.md).
`default_nettype none

module descriptor_fetch #(
    parameter int NumQueues = nic_pkg::NumQueues,
    parameter int Batch = 8,
    parameter int MaxBatches = 4,
    parameter int WindowDepth = 64,
    parameter logic [NumQueues-1:0] TransmitQueues = NumQueues'(2),
    parameter logic [NumQueues-1:0] ControlQueues = '0
) (
    input  wire                                                 clk_i,
    input  wire                                                 rst_i,
    // Session.
    input  wire                                                 live_i,
    input  wire                                                 flush_i,
    output logic                                                drained_o,
    output logic                                                quiescent_o,
    input  wire                                                 indirect_desc_i,  // negotiated
    input  wire  [NumQueues*nic_types_pkg::QueueConfigBits-1:0] config_i,
    input  wire  [                               NumQueues-1:0] notify_i,
    output logic [                               NumQueues-1:0] error_o,
    // Read client ReadDescriptors.
    output logic                                                request_valid_o,
    output nic_types_pkg::dma_request_t                         request_o,
    input  wire                                                 request_ready_i,
    input  wire                                                 answer_valid_i,
    input  wire nic_types_pkg::read_beat_t                      answer_i,
    // Windows.
    output logic [                               NumQueues-1:0] element_valid_o,
    output logic [    NumQueues*nic_types_pkg::ElementBits-1:0] element_o,
    input  wire  [                               NumQueues-1:0] element_take_i,
    input  wire  [                               NumQueues-1:0] element_commit_i,
    input  wire  [                               NumQueues-1:0] element_rewind_i,
    output logic [                               NumQueues-1:0] empty_o,
    output logic [                               NumQueues-1:0] full_o
);

  localparam int QueueBits = (NumQueues > 1) ? $clog2(NumQueues) : 1;
  localparam int StoreDepth = Batch * MaxBatches;
  localparam int StoreCountBits = $clog2(StoreDepth) + 1;
  localparam int FreeBits = $clog2(WindowDepth) + 1;
  localparam int BatchBits = $clog2(Batch) + 1;
  localparam int LeftBits = $clog2(nic_pkg::MaxIndirect) + 1;
  localparam int OrderBits = 2 + QueueBits + 16;

  // A flush resets everything but what is on its way to or from memory.
  logic clear;
  assign clear = rst_i || flush_i;

  logic [NumQueues-1:0] started;
  logic [9*NumQueues-1:0] size;
  logic [8*NumQueues-1:0] page_slot;
  logic [NumQueues-1:0] starting;
  logic [NumQueues-1:0] misplaced;
  logic starter_busy;

  queue_starter #(
      .NumQueues(NumQueues)
  ) u_starter (
      .clk_i, .rst_i(clear), .live_i,
      .config_i,
      .busy_o(starter_busy),
      .start_o(starting),
      .misplaced_o(misplaced),
      .started_o(started),
      .size_o(size),
      .page_slot_o(page_slot)
  );

  // ---- Answers, registered; what they answer is at the head of u_order.

  logic beat_valid_q;
  nic_types_pkg::read_beat_t beat_q;

  logic order_full;
  logic order_empty;
  logic of_table;
  logic of_final;
  logic [QueueBits-1:0] of_queue;
  logic [15:0] of_id;
  logic ring_beat;
  logic table_beat;

  always_comb begin
    ring_beat = 1'b0;
    table_beat = 1'b0;
    if (beat_valid_q) {table_beat, ring_beat} = flush_i ? 2'b00 : {of_table, !of_table};
  end

  always_ff @(posedge clk_i) begin
    beat_valid_q <= answer_valid_i && !rst_i;
    if (answer_valid_i) beat_q <= answer_i;
  end

  // ---- Requests, registered. Rings and tables take turns, so neither starves the other.

  logic ring_valid;
  logic [QueueBits-1:0] ring_queue;
  logic [7:0] ring_slot;
  logic [BatchBits-1:0] ring_slots;
  logic table_valid;
  logic [QueueBits-1:0] table_queue;
  logic [63:0] table_addr;
  logic [FreeBits-1:0] table_entries;
  logic table_final;
  logic [15:0] table_id;

  logic table_turn_q;
  logic ask_ring;
  logic ask_table;
  logic [NumQueues-1:0] reserve;  // places for what is asked for

  always_comb begin
    ask_table = 1'b0;
    ask_ring = 1'b0;
    reserve = '0;
    if ((ring_valid || table_valid) && live_i && !flush_i && !order_full
        && (!request_valid_o || request_ready_i)) begin
      ask_table = table_valid && (table_turn_q || !ring_valid);
      ask_ring = !ask_table;
      if (ask_table) reserve[table_queue] = 1'b1;
    end
  end

  always_ff @(posedge clk_i)
    if (rst_i) begin
      request_valid_o <= 1'b0;
      table_turn_q <= 1'b0;
    end else if (ask_table) begin
      request_valid_o <= 1'b1;
      request_o <= {table_addr, 16'({table_entries, 4'b0})};
      table_turn_q <= 1'b0;
    end else if (ask_ring) begin
      request_valid_o <= 1'b1;
      for (int q = 0; q < NumQueues; q++)
        if (ring_queue == QueueBits'(q))
          request_o <= {config_i[nic_types_pkg::QueueConfigBits*q+nic_types_pkg::QueueDescLsb+:64]
                        + 64'({ring_slot, 4'b0}), 16'({ring_slots, 4'b0})};
      table_turn_q <= 1'b1;
    end else if (request_ready_i) request_valid_o <= 1'b0;

  order_queue #(
      .Width(OrderBits),
      .Depth(16)
  ) u_order (
      .clk_i,
      .rst_i,
      .push_i (ask_ring || ask_table),
      .data_i ({ask_table, table_final, ask_table ? table_queue : ring_queue, table_id}),
      .full_o (order_full),
      .pop_i  (beat_valid_q && beat_q.last),
      .data_o ({of_table, of_final, of_queue, of_id}),
      .empty_o(order_empty)
  );

  // ---- From rings and tables to elements.

  logic [NumQueues-1:0] broken_q;
  logic ring_error;
  logic [NumQueues-1:0] walk_error;
  logic [NumQueues-1:0] ring_active;
  logic walk_busy;
  logic available;
  logic [NumQueues*StoreCountBits-1:0] store_tail;
  logic [NumQueues*StoreCountBits-1:0] store_head;
  logic [NumQueues-1:0] stored;
  logic ring_busy;
  logic table_busy;

  ring_reader #(
      .NumQueues(NumQueues),
      .QueueBits(QueueBits),
      .Batch(Batch),
      .MaxBatches(MaxBatches),
      .StoreDepth(StoreDepth),
      .StoreCountBits(StoreCountBits),
      .BatchBits(BatchBits)
  ) u_ring_reader (
      .clk_i, .rst_i(clear), .live_i,
      .started_i(started),
      .size_i(size),
      .page_slot_i(page_slot),
      .notify_i(notify_i | starting),
      .broken_i(broken_q),
      .read_valid_o(ring_valid),
      .read_queue_o(ring_queue),
      .read_slot_o(ring_slot),
      .read_slots_o(ring_slots),
      .read_ready_i(ask_ring),
      .answer_valid_i(ring_beat),
      .answer_queue_i(of_queue),
      .answer_last_i(beat_q.last),
      .answer_error_i(beat_q.error),
      .answer_avail_i(beat_q.data[119]),  // flags are bits 127:112
      .answer_used_i(beat_q.data[127]),
      .answer_next_i(beat_q.data[112]),
      .available_o(available),
      .store_tail_i(store_tail),
      .store_head_i(store_head),
      .error_o(ring_error),
      .active_o(ring_active),
      .busy_o(ring_busy)
  );

  logic [NumQueues-1:0] fill;
  logic fill_reserved;
  nic_types_pkg::element_t element;
  logic [FreeBits*NumQueues-1:0] free;

  logic table_start;
  logic [QueueBits-1:0] start_queue;
  logic [LeftBits-1:0] start_entries;
  logic [63:0] start_addr;
  logic [15:0] start_id;
  logic [NumQueues-1:0] table_asks;
  logic [NumQueues-1:0] table_awaits;

  chain_walker #(
      .NumQueues(NumQueues),
      .QueueBits(QueueBits),
      .StoreDepth(StoreDepth),
      .StoreCountBits(StoreCountBits),
      .FreeBits(FreeBits),
      .MaxIndirect(nic_pkg::MaxIndirect),
      .LeftBits(LeftBits),
      .TransmitQueues(TransmitQueues),
      .ControlQueues(ControlQueues)
  ) u_walker (
      .clk_i, .rst_i(clear), .live_i,
      .indirect_desc_i,
      .size_i(size),
      .broken_i(broken_q),
      .push_i(available),
      .push_queue_i(of_queue),
      .push_data_i(beat_q.data),
      .tail_o(store_tail),
      .head_o(store_head),
      .stored_o(stored),
      .table_start_o(table_start),
      .table_queue_o(start_queue),
      .table_entries_o(start_entries),
      .table_addr_o(start_addr),
      .table_id_o(start_id),
      .table_asks_i(table_asks),
      .table_awaits_i(table_awaits),
      .beat_valid_i(table_beat),
      .beat_i(beat_q),
      .beat_queue_i(of_queue),
      .beat_final_i(of_final),
      .beat_id_i(of_id),
      .free_i(free),
      .fill_o(fill),
      .fill_reserved_o(fill_reserved),
      .element_o(element),
      .error_o(walk_error),
      .busy_o(walk_busy)
  );

  table_reader #(
      .NumQueues(NumQueues),
      .QueueBits(QueueBits),
      .Batch(Batch),
      .FreeBits(FreeBits),
      .LeftBits(LeftBits)
  ) u_table_reader (
      .clk_i, .rst_i(clear), .live_i,
      .broken_i(broken_q),
      .start_i(table_start),
      .start_queue_i(start_queue),
      .start_entries_i(start_entries),
      .start_addr_i(start_addr),
      .start_id_i(start_id),
      .read_valid_o(table_valid),
      .read_queue_o(table_queue),
      .read_addr_o(table_addr),
      .read_entries_o(table_entries),
      .read_final_o(table_final),
      .read_id_o(table_id),
      .read_ready_i(ask_table),
      .answered_i(table_beat && beat_q.last),
      .answered_queue_i(of_queue),
      .free_i(free),
      .drained_i(~element_valid_o),
      .asks_o(table_asks),
      .awaits_o(table_awaits),
      .busy_o(table_busy)
  );

  assign empty_o = ~(element_valid_o | fill | {NumQueues{table_start}} | table_asks | table_awaits
                     | stored | ring_active | starting);

  for (genvar q = 0; q < NumQueues; q++) begin : gen_queue
    element_window #(
        .Depth(WindowDepth),
        .CountBits(FreeBits)
    ) u_window (
        .clk_i, .rst_i(clear),
        .reserve_i(reserve[q]),
        .reserved_i(table_entries),
        .fill_i(fill[q]),
        .fill_reserved_i(fill_reserved),
        .fill_data_i(element),
        .free_o(free[FreeBits*q+:FreeBits]),
        .valid_o(element_valid_o[q]),
        .element_o(element_o[nic_types_pkg::ElementBits*q+:nic_types_pkg::ElementBits]),
        .take_i(element_take_i[q]),
        .commit_i(element_commit_i[q]),
        .rewind_i(element_rewind_i[q]),
        .full_o(full_o[q])
    );
  end

  // A broken queue is left alone until the flush that follows.
  always_ff @(posedge clk_i)
    if (clear) begin
      error_o <= '0;
      broken_q <= '0;
    end else if (ring_error || (walk_error | misplaced | error_o) != '0) begin
      error_o <= walk_error | misplaced;
      broken_q <= broken_q | walk_error | misplaced;
      if (ring_error) begin
        error_o[of_queue] <= 1'b1;
        broken_q[of_queue] <= 1'b1;
      end
    end

  assign drained_o = order_empty && !request_valid_o && !beat_valid_q;
  always_comb begin
    quiescent_o = 1'b0;
    if (!beat_valid_q && !flush_i && !answer_valid_i && !ring_busy && !walk_busy)
      quiescent_o = notify_i == '0 && !starter_busy && !table_busy && error_o == '0
          && (element_take_i | element_commit_i | element_rewind_i) == '0
          && !(request_valid_o && request_ready_i) && !ask_ring && !ask_table;
  end

endmodule

`default_nettype wire
