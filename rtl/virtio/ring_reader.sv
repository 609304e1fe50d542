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
    input  wire  [                NumQueues*StoreCountBits-1:0] store_count_i,
    output logic                                                error_o,   // of answer_queue_i
    output logic [                               NumQueues-1:0] active_o   // reads or will read
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
  logic [QueueBits-1:0] served_q;
  logic [QueueBits-1:0] chosen;
  logic taken;

  always_comb begin
    wants = '0;
    if (live_i && active_o != '0)
      for (int q = 0; q < NumQueues; q++)
        wants[q] = active_o[q] && (batch_left_q[BatchBits*q+:BatchBits] != '0
            || has_room(ahead_q[CountBits*q+:CountBits], allowed_q[AllowedBits*q+:AllowedBits],
                        size_i[9*q+:9], store_count_i[StoreCountBits*q+:StoreCountBits]));
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (wants),
      .last_i  (served_q),
      .chosen_o(chosen)
  );

  logic [8:0] ring;             // size of the chosen one
  logic [7:0] page_slot;        // of the slot to ask for
  logic [7:0] ask;
  logic [BatchBits-1:0] batch;  // what is left of it, or a new one
  logic [BatchBits-1:0] count;  // to read now: not beyond the ring's end, nor a page's

  always_comb begin
    ring = '0;
    page_slot = '0;
    ask = '0;
    batch = '0;
    count = '0;
    if (wants != '0) begin
      ring = size_i[9*chosen+:9];
      ask = ask_q[8*chosen+:8];
      page_slot = page_slot_i[8*chosen+:8] + ask;
      batch = batch_left_q[BatchBits*chosen+:BatchBits];
      if (batch == '0) batch = (ring < 9'(Batch)) ? BatchBits'(ring) : BatchBits'(Batch);
      count = batch;
      if (ring - 9'(ask) < 9'(count)) count = BatchBits'(ring - 9'(ask));
      if (9'h100 - 9'(page_slot) < 9'(count)) count = BatchBits'(9'h100 - 9'(page_slot));
    end
  end

  // ---- What an answer says of its queue.

  logic consumed;
  logic stopped;
  logic ended;  // the last answer of its read
  logic [8:0] size;
  logic [7:0] head;
  logic [ReadBits-1:0] reads;
  logic [ReadBits-1:0] forgotten;
  logic [ReadBits-1:0] notified;

  always_comb begin
    consumed = 1'b0;
    stopped = 1'b0;
    ended = 1'b0;
    error_o = 1'b0;
    size = '0;
    head = '0;
    reads = '0;
    forgotten = '0;
    notified = '0;
    if (answer_valid_i) begin
      size = size_i[9*answer_queue_i+:9];
      head = head_q[8*answer_queue_i+:8];
      reads = reads_q[ReadBits*answer_queue_i+:ReadBits];
      forgotten = forgotten_q[ReadBits*answer_queue_i+:ReadBits];
      notified = notified_q[ReadBits*answer_queue_i+:ReadBits];
      ended = answer_last_i;
      if (forgotten == '0 && !broken_i[answer_queue_i]) begin
        consumed = !answer_error_i && answer_avail_i == wrap_q[answer_queue_i]
            && answer_used_i != wrap_q[answer_queue_i];
        stopped = !consumed;
        error_o = stopped && (answer_error_i
                              || (in_chain_q[answer_queue_i] && again_q[answer_queue_i]));
      end
    end
  end

  assign available_o = consumed;

  // What stops a queue also outdates the read that it would ask for now.
  assign read_valid_o = wants != '0 && !(stopped && answer_queue_i == chosen);
  assign read_queue_o = chosen;
  assign read_slot_o = ask;
  assign read_slots_o = count;
  assign taken = read_valid_o && read_ready_i;

  // ---- State.

  always_ff @(posedge clk_i)
    if (rst_i) begin
      active_q <= '0;
      wrap_q <= '1;
      in_chain_q <= '0;
      again_q <= '0;
      served_q <= '0;
      head_q <= '0;
      ask_q <= '0;
      ahead_q <= '0;
      batch_left_q <= '0;
      allowed_q <= '0;
      reads_q <= '0;
      forgotten_q <= '0;
      notified_q <= '0;
    end else if (answer_valid_i || taken || notify_i != '0) begin
      if (consumed) begin
        in_chain_q[answer_queue_i] <= answer_next_i;
        again_q[answer_queue_i] <= 1'b0;
        head_q[8*answer_queue_i+:8] <= head + 1'b1;
        if (9'(head) + 9'd1 == size) begin
          head_q[8*answer_queue_i+:8] <= '0;
          wrap_q[answer_queue_i] <= !wrap_q[answer_queue_i];
        end
        if (ended && allowed_q[AllowedBits*answer_queue_i+:AllowedBits]
                     != AllowedBits'(MaxBatches - 1))
          allowed_q[AllowedBits*answer_queue_i+:AllowedBits] <=
              allowed_q[AllowedBits*answer_queue_i+:AllowedBits] + 1'b1;
        ahead_q[CountBits*answer_queue_i+:CountBits] <=
            ahead_q[CountBits*answer_queue_i+:CountBits] - 1'b1;
      end
      if (stopped) begin
        again_q[answer_queue_i] <= in_chain_q[answer_queue_i];
        active_q[answer_queue_i] <= !error_o && (in_chain_q[answer_queue_i] || notified != '0);
        ask_q[8*answer_queue_i+:8] <= head;
        ahead_q[CountBits*answer_queue_i+:CountBits] <= '0;
        batch_left_q[BatchBits*answer_queue_i+:BatchBits] <= '0;
        allowed_q[AllowedBits*answer_queue_i+:AllowedBits] <= '0;
        forgotten_q[ReadBits*answer_queue_i+:ReadBits] <= reads - ReadBits'(ended);
      end else if (ended && forgotten != '0)
        forgotten_q[ReadBits*answer_queue_i+:ReadBits] <= forgotten - 1'b1;
      if (ended) begin
        reads_q[ReadBits*answer_queue_i+:ReadBits] <= reads - 1'b1;
        if (notified != '0) notified_q[ReadBits*answer_queue_i+:ReadBits] <= notified - 1'b1;
      end
      if (taken) begin
        served_q <= chosen;
        ask_q[8*chosen+:8] <= (9'(ask) + 9'(count) == ring) ? '0 : ask + 8'(count);
        batch_left_q[BatchBits*chosen+:BatchBits] <= batch - count;
        ahead_q[CountBits*chosen+:CountBits] <= ahead_q[CountBits*chosen+:CountBits]
            + CountBits'(count) - CountBits'(consumed && answer_queue_i == chosen);
        reads_q[ReadBits*chosen+:ReadBits] <= reads_q[ReadBits*chosen+:ReadBits] + 1'b1
            - ReadBits'(ended && answer_queue_i == chosen);
      end
      for (int q = 0; q < NumQueues; q++)
        if (notify_i[q]) begin
          active_q[q] <= 1'b1;
          notified_q[ReadBits*q+:ReadBits] <= reads_q[ReadBits*q+:ReadBits]
              + ReadBits'(taken && chosen == QueueBits'(q))
              - ReadBits'(ended && answer_queue_i == QueueBits'(q));
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
                                      + 9'(store_count_i[StoreCountBits*q+:StoreCountBits])
                                      <= 9'(StoreDepth));
        AheadFitsTheRing:     assert (9'(ahead_q[CountBits*q+:CountBits])
                                      + 9'(batch_left_q[BatchBits*q+:BatchBits])
                                      <= size_i[9*q+:9]);
      end
`endif

endmodule

`default_nettype wire
