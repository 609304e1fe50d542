// Reads the packed rings in batches and keeps what is available, in ring order (virtio 1.3, 2.8.1).
//
// A queue wakes by a notification and reads one batch; each batch that comes back available to its
// end allows one more in flight, so a single buffer costs one read and a long run keeps the latency
// covered. At the first descriptor that is not available the rest, and all that is in flight behind
// it, is forgotten: the driver may write it at any moment. The queue then sleeps, unless a
// notification came after the read was asked for, or a chain is cut. A chain's later element may
// have been sampled before its head was published, so it is read once more; then the ring is
// broken.
`default_nettype none

module ring_reader #(
    parameter int NumQueues = 2,
    parameter int QueueBits = 1,
    parameter int Batch = 8,        // descriptors
    parameter int MaxBatches = 4,   // in flight for each queue
    parameter int StoreDepth = 32,  // descriptors of each queue that the store holds
    parameter int StoreCountBits = 6,
    parameter int BatchBits = 4
) (
    input  wire                                                 clk_i,
    input  wire                                                 rst_i,
    input  wire                                                 live_i,
    input  wire  [                               NumQueues-1:0] started_i,
    input  wire  [                             9*NumQueues-1:0] size_i,
    input  wire  [                             8*NumQueues-1:0] page_slot_i,  // of the first slot
    input  wire  [                               NumQueues-1:0] notify_i,
    input  wire  [                               NumQueues-1:0] broken_i,
    // The next read, offered until it is taken or outdated.
    output logic                                                read_valid_o,
    output logic [                               QueueBits-1:0] read_queue_o,
    output logic [                                         7:0] read_slot_o,
    output logic [                               BatchBits-1:0] read_slots_o,
    input  wire                                                 read_ready_i,
    // Answers, in the order of the reads, a descriptor each.
    input  wire                                                 answer_valid_i,
    input  wire  [                               QueueBits-1:0] answer_queue_i,
    input  wire                                                 answer_last_i,
    input  wire                                                 answer_error_i,
    input  wire                                                 answer_avail_i,
    input  wire                                                 answer_used_i,
    input  wire                                                 answer_next_i,
    output logic                                                available_o,  // keep it
    input  wire  [                NumQueues*StoreCountBits-1:0] store_tail_i,
    input  wire  [                NumQueues*StoreCountBits-1:0] store_head_i,
    output logic                                                error_o,   // of answer_queue_i
    output logic [                               NumQueues-1:0] active_o,  // reads or will read
    output logic                                                busy_o     // something changes now
);

  localparam int CountBits = $clog2(Batch * MaxBatches) + 1;  // descriptors in flight
  localparam int ReadBits = CountBits;  // reads in flight: each has a descriptor at least
  localparam int AllowedBits = $clog2(MaxBatches) + 1;

  if (StoreDepth < Batch * MaxBatches) begin : gen_bad_depth
    $error("the store must take all that may be in flight");
  end

  // Of each queue. `head` is the next slot to judge, `ask` the next to read. Counts of reads run
  // from the oldest one: the first `forgotten` of those in flight are void, and the first
  // `notified` were asked for before the last notification.
  logic [NumQueues-1:0] active_q;
  logic [NumQueues-1:0] wrap_q;      // of head
  logic [NumQueues-1:0] in_chain_q;  // head is a later element of a chain
  logic [NumQueues-1:0] again_q;     // and is being read once more
  logic [8*NumQueues-1:0] head_q;
  logic [8*NumQueues-1:0] ask_q;
  logic [CountBits*NumQueues-1:0] ahead_q;  // asked for and not judged
  logic [BatchBits*NumQueues-1:0] batch_left_q;
  logic [AllowedBits*NumQueues-1:0] allowed_q;  // batches in flight, less one
  logic [ReadBits*NumQueues-1:0] reads_q;
  logic [ReadBits*NumQueues-1:0] forgotten_q;
  logic [ReadBits*NumQueues-1:0] notified_q;
  // Of the read on offer: `ask` and what is left of the batch when it is taken.
  logic [7:0] after_slot_q;
  logic [BatchBits-1:0] after_left_q;

  assign active_o = active_q & started_i & ~broken_i;

  // ---- Which queue reads next, and what.

  // Room for one more batch. Never more than the ring holds: the read of a slot's next lap would
  // find the lap before it, with the same wrap as the lap after it.
  function logic has_room(input logic [CountBits-1:0] ahead, input logic [AllowedBits-1:0] allowed,
                          input logic [8:0] ring, input logic [StoreCountBits-1:0] stored);
    if (ahead == '0) has_room = 9'(stored) + 9'(Batch) <= 9'(StoreDepth);
    else
      has_room = 9'(ahead) + 9'(Batch) <= ring
          && ahead <= CountBits'(Batch) * CountBits'(allowed)
          && 9'(stored) + 9'(ahead) + 9'(Batch) <= 9'(StoreDepth);
  endfunction

  logic [NumQueues-1:0] wants;
  logic [QueueBits-1:0] chosen;

  always_comb begin
    wants = '0;
    if (live_i && !read_valid_o && active_o != '0)
      for (int q = 0; q < NumQueues; q++)
        wants[q] = active_o[q] && (batch_left_q[BatchBits*q+:BatchBits] != '0
            || has_room(ahead_q[CountBits*q+:CountBits], allowed_q[AllowedBits*q+:AllowedBits],
                        size_i[9*q+:9], store_tail_i[StoreCountBits*q+:StoreCountBits]
                        - store_head_i[StoreCountBits*q+:StoreCountBits]));
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (wants),
      .last_i  (read_queue_o),
      .chosen_o(chosen)
  );

  // ---- What an answer says of its queue.

  logic consumed;
  logic stopped;

  always_comb begin
    consumed = 1'b0;
    stopped = 1'b0;
    if (answer_valid_i && forgotten_q[ReadBits*answer_queue_i+:ReadBits] == '0
        && !broken_i[answer_queue_i]) begin
      consumed = !answer_error_i && answer_avail_i == wrap_q[answer_queue_i]
          && answer_used_i != wrap_q[answer_queue_i];
      stopped = !consumed;
    end
  end

  assign available_o = consumed;
  assign error_o = stopped && (answer_error_i
                               || (in_chain_q[answer_queue_i] && again_q[answer_queue_i]));
  assign busy_o = wants != '0;

  // ---- The next read. What stops its queue outdates it.

  always_ff @(posedge clk_i) begin : offer
    logic [8:0] ring;
    logic [7:0] ask, page_slot;
    logic [BatchBits-1:0] batch, count;
    if (rst_i) begin
      read_valid_o <= 1'b0;
      read_queue_o <= '0;
    end else if (wants != '0 && !(stopped && answer_queue_i == chosen)) begin
      ring = size_i[9*chosen+:9];
      ask = ask_q[8*chosen+:8];
      page_slot = page_slot_i[8*chosen+:8] + ask;
      batch = batch_left_q[BatchBits*chosen+:BatchBits];
      if (batch == '0) batch = (ring < 9'(Batch)) ? BatchBits'(ring) : BatchBits'(Batch);
      // Not beyond the ring's end, nor a page's.
      count = batch;
      if (ring - 9'(ask) < 9'(count)) count = BatchBits'(ring - 9'(ask));
      if (9'h100 - 9'(page_slot) < 9'(count)) count = BatchBits'(9'h100 - 9'(page_slot));
      read_valid_o <= 1'b1;
      read_queue_o <= chosen;
      read_slot_o <= ask;
      read_slots_o <= count;
      after_slot_q <= (9'(ask) + 9'(count) == ring) ? '0 : ask + 8'(count);
      after_left_q <= batch - count;
    end else if (read_ready_i || (stopped && answer_queue_i == read_queue_o)) read_valid_o <= 1'b0;
  end

  // ---- State.

  always_ff @(posedge clk_i) begin : account
    logic [8:0] ring;
    logic [7:0] head;
    logic [ReadBits-1:0] reads, forgotten, notified, asked;
    logic [CountBits-1:0] ahead, ahead_asked;
    logic [AllowedBits-1:0] allowed;
    logic [NumQueues-1:0] active;
    logic taken, ended, same;
    if (rst_i) begin
      active_q <= '0;
      wrap_q <= '1;
      in_chain_q <= '0;
      again_q <= '0;
      head_q <= '0;
      ask_q <= '0;
      ahead_q <= '0;
      batch_left_q <= '0;
      allowed_q <= '0;
      reads_q <= '0;
      forgotten_q <= '0;
      notified_q <= '0;
    end else if (answer_valid_i || read_valid_o || notify_i != '0) begin
      active = active_q;
      taken = read_valid_o && read_ready_i;
      ended = answer_valid_i && answer_last_i;
      same = answer_queue_i == read_queue_o;
      ring = size_i[9*answer_queue_i+:9];
      head = head_q[8*answer_queue_i+:8];
      ahead = ahead_q[CountBits*answer_queue_i+:CountBits];
      allowed = allowed_q[AllowedBits*answer_queue_i+:AllowedBits];
      reads = reads_q[ReadBits*answer_queue_i+:ReadBits];
      forgotten = forgotten_q[ReadBits*answer_queue_i+:ReadBits];
      notified = notified_q[ReadBits*answer_queue_i+:ReadBits];
      asked = reads_q[ReadBits*read_queue_o+:ReadBits];
      ahead_asked = ahead_q[CountBits*read_queue_o+:CountBits];

      if (notify_i != '0)
        for (int q = 0; q < NumQueues; q++)
          if (notify_i[q])
            notified_q[ReadBits*q+:ReadBits] <= reads_q[ReadBits*q+:ReadBits]
                + ReadBits'(taken && read_queue_o == QueueBits'(q))
                - ReadBits'(ended && answer_queue_i == QueueBits'(q));
      if (ended && notified != '0 && !notify_i[answer_queue_i])
        notified_q[ReadBits*answer_queue_i+:ReadBits] <= notified - 1'b1;

      if (taken) begin
        ask_q[8*read_queue_o+:8] <= after_slot_q;
        batch_left_q[BatchBits*read_queue_o+:BatchBits] <= after_left_q;
        ahead_q[CountBits*read_queue_o+:CountBits] <=
            ahead_asked + CountBits'(read_slots_o) - CountBits'(consumed && same);
        reads_q[ReadBits*read_queue_o+:ReadBits] <= asked + 1'b1 - ReadBits'(ended && same);
      end
      if (ended && !(taken && same)) reads_q[ReadBits*answer_queue_i+:ReadBits] <= reads - 1'b1;
      if (consumed) begin
        in_chain_q[answer_queue_i] <= answer_next_i;
        again_q[answer_queue_i] <= 1'b0;
        head_q[8*answer_queue_i+:8] <= (9'(head) + 9'd1 == ring) ? '0 : head + 1'b1;
        if (9'(head) + 9'd1 == ring) wrap_q[answer_queue_i] <= !wrap_q[answer_queue_i];
        if (!(taken && same)) ahead_q[CountBits*answer_queue_i+:CountBits] <= ahead - 1'b1;
        if (ended && allowed != AllowedBits'(MaxBatches - 1))
          allowed_q[AllowedBits*answer_queue_i+:AllowedBits] <= allowed + 1'b1;
      end
      if (ended && forgotten != '0)
        forgotten_q[ReadBits*answer_queue_i+:ReadBits] <= forgotten - 1'b1;
      if (stopped) begin
        again_q[answer_queue_i] <= in_chain_q[answer_queue_i];
        active[answer_queue_i] = !error_o && (in_chain_q[answer_queue_i] || notified != '0);
        ask_q[8*answer_queue_i+:8] <= head;
        ahead_q[CountBits*answer_queue_i+:CountBits] <= '0;
        batch_left_q[BatchBits*answer_queue_i+:BatchBits] <= '0;
        allowed_q[AllowedBits*answer_queue_i+:AllowedBits] <= '0;
        // One that is taken in this cycle comes too late to be of use.
        forgotten_q[ReadBits*answer_queue_i+:ReadBits] <=
            reads - ReadBits'(ended) + ReadBits'(taken && same);
      end
      active_q <= active | notify_i;
    end
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i)
    if (!rst_i)
      for (int q = 0; q < NumQueues; q++) begin
        ForgottenAreInFlight: assert (forgotten_q[ReadBits*q+:ReadBits]
                                      <= reads_q[ReadBits*q+:ReadBits]);
        NotifiedAreInFlight:  assert (notified_q[ReadBits*q+:ReadBits]
                                      <= reads_q[ReadBits*q+:ReadBits]);
        AheadFitsTheStore:    assert (9'(ahead_q[CountBits*q+:CountBits])
                                      + 9'(batch_left_q[BatchBits*q+:BatchBits])
                                      + 9'(StoreCountBits'(
                                          store_tail_i[StoreCountBits*q+:StoreCountBits]
                                          - store_head_i[StoreCountBits*q+:StoreCountBits]))
                                      <= 9'(StoreDepth));
        AheadFitsTheRing:     assert (9'(ahead_q[CountBits*q+:CountBits])
                                      + 9'(batch_left_q[BatchBits*q+:BatchBits])
                                      <= size_i[9*q+:9]);
      end
`endif

endmodule

`default_nettype wire
