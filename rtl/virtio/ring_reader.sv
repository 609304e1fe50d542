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
    parameter int DescriptorBits = 115
) (
    input  wire                                                 clk_i,
    input  wire                                                 rst_i,
    input  wire                                                 live_i,
    input  wire  [                               NumQueues-1:0] enable_i,
    input  wire  [                             9*NumQueues-1:0] size_i,
    input  wire  [                            64*NumQueues-1:0] base_i,  // of the rings
    input  wire  [                               NumQueues-1:0] notify_i,
    input  wire  [                               NumQueues-1:0] broken_i,
    // The next read, offered until it is taken or outdated.
    output logic                                                read_valid_o,
    output logic [                               QueueBits-1:0] read_queue_o,
    output nic_types_pkg::dma_request_t                         read_o,
    input  wire                                                 read_ready_i,
    // Answers, in the order of the reads, a descriptor each.
    input  wire                                                 answer_valid_i,
    input  wire  [                               QueueBits-1:0] answer_queue_i,
    input  wire                                                 answer_last_i,
    input  wire                                                 answer_error_i,
    input  wire  [                                       127:0] answer_i,
    // Available descriptors: INDIRECT, WRITE, NEXT, id, len, addr.
    output logic                                                store_push_o,
    output logic [                          DescriptorBits-1:0] store_data_o,
    input  wire  [                NumQueues*StoreCountBits-1:0] store_count_i,
    output logic                                                error_o,   // of answer_queue_i
    output logic [                               NumQueues-1:0] active_o   // reads or will read
);

  localparam int CountBits = $clog2(Batch * MaxBatches) + 1;  // descriptors in flight
  localparam int ReadBits = CountBits;  // reads in flight: each has a descriptor at least
  localparam int BatchBits = $clog2(Batch) + 1;
  localparam int AllowedBits = $clog2(MaxBatches) + 1;

  if (StoreDepth < Batch * MaxBatches) begin : gen_bad_depth
    $error("the store must take all that may be in flight");
  end

  // Of each queue. `head` is the next slot to judge, `ask` the next to read. Counts of reads run
  // from the oldest one: the first `forgotten` of those in flight are void, and the first
  // `notified` were asked for before the last notification. (mem2reg: registers, not a memory.)
  logic [NumQueues-1:0] active_q;
  logic [NumQueues-1:0] wrap_q;      // of head
  logic [NumQueues-1:0] in_chain_q;  // head is a later element of a chain
  logic [NumQueues-1:0] again_q;     // and is being read once more
  (* mem2reg *) logic [7:0] head_q [0:NumQueues-1];
  (* mem2reg *) logic [7:0] ask_q [0:NumQueues-1];
  (* mem2reg *) logic [CountBits-1:0] ahead_q [0:NumQueues-1];  // asked for and not judged
  (* mem2reg *) logic [BatchBits-1:0] batch_left_q [0:NumQueues-1];
  (* mem2reg *) logic [AllowedBits-1:0] allowed_q [0:NumQueues-1];  // batches in flight, less one
  (* mem2reg *) logic [ReadBits-1:0] reads_q [0:NumQueues-1];
  (* mem2reg *) logic [ReadBits-1:0] forgotten_q [0:NumQueues-1];
  (* mem2reg *) logic [ReadBits-1:0] notified_q [0:NumQueues-1];

  assign active_o = active_q & enable_i & ~broken_i;

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
        wants[q] = active_o[q] && (batch_left_q[q] != '0
            || has_room(ahead_q[q], allowed_q[q], size_i[9*q+:9],
                        store_count_i[StoreCountBits*q+:StoreCountBits]));
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (wants),
      .last_i  (served_q),
      .chosen_o(chosen)
  );

  logic [63:0] base;
  logic [8:0] size;
  logic [11:0] ask_offset;
  logic [63:0] ask_addr;
  logic [BatchBits-1:0] batch;  // what is left of it, or a new one
  logic [BatchBits-1:0] count;  // to read now: not beyond the ring's end, nor a page's

  always_comb begin
    base = '0;
    size = '0;
    ask_offset = '0;
    ask_addr = '0;
    batch = '0;
    count = '0;
    if (wants != '0) begin
      for (int q = 0; q < NumQueues; q++)
        if (chosen == QueueBits'(q)) begin
          base = base_i[64*q+:64];
          size = size_i[9*q+:9];
        end
      ask_offset = {ask_q[chosen], 4'b0};
      ask_addr = base + 64'(ask_offset);
      batch = batch_left_q[chosen];
      if (batch == '0)
        batch = (size < 9'(Batch)) ? BatchBits'(size) : BatchBits'(Batch);
      count = batch;
      if (size - 9'(ask_q[chosen]) < 9'(count))
        count = BatchBits'(size - 9'(ask_q[chosen]));
      if (9'h100 - 9'(ask_addr[11:4]) < 9'(count))
        count = BatchBits'(9'h100 - 9'(ask_addr[11:4]));
    end
  end

  // ---- What an answer says.

  nic_pkg::packed_descriptor_t found;
  logic [8:0] found_size;
  logic current;  // not void
  logic available;
  logic consumed;
  logic stopped;
  logic ended;  // the last answer of its read

  assign found = answer_i;

  always_comb begin
    current = 1'b0;
    available = 1'b0;
    found_size = '0;
    if (answer_valid_i) begin
      for (int q = 0; q < NumQueues; q++)
        if (answer_queue_i == QueueBits'(q)) found_size = size_i[9*q+:9];
      current = forgotten_q[answer_queue_i] == '0 && !broken_i[answer_queue_i];
      available = !answer_error_i && found.flags[7] == wrap_q[answer_queue_i]
          && found.flags[15] != wrap_q[answer_queue_i];
    end
  end

  assign consumed = current && available;
  assign stopped = current && !available;
  assign ended = answer_valid_i && answer_last_i;
  assign error_o = stopped && (answer_error_i
                               || (in_chain_q[answer_queue_i] && again_q[answer_queue_i]));
  assign store_push_o = consumed;
  assign store_data_o = {found.flags[2], found.flags[1], found.flags[0], found.id, found.len,
                         found.addr};

  // What stops a queue also outdates the read that it would ask for now.
  assign read_valid_o = wants != '0 && !(stopped && answer_queue_i == chosen);
  assign read_queue_o = chosen;
  assign read_o = {ask_addr, 16'({count, 4'b0})};
  assign taken = read_valid_o && read_ready_i;

  // ---- State.

  always_ff @(posedge clk_i) begin
    if (consumed) begin
      in_chain_q[answer_queue_i] <= found.flags[0];
      again_q[answer_queue_i] <= 1'b0;
      head_q[answer_queue_i] <= head_q[answer_queue_i] + 1'b1;
      if (9'(head_q[answer_queue_i]) + 9'd1 == found_size) begin
        head_q[answer_queue_i] <= '0;
        wrap_q[answer_queue_i] <= !wrap_q[answer_queue_i];
      end
      if (answer_last_i && allowed_q[answer_queue_i] != AllowedBits'(MaxBatches - 1))
        allowed_q[answer_queue_i] <= allowed_q[answer_queue_i] + 1'b1;
      ahead_q[answer_queue_i] <= ahead_q[answer_queue_i] - 1'b1;
    end
    if (stopped) begin
      again_q[answer_queue_i] <= in_chain_q[answer_queue_i];
      active_q[answer_queue_i] <= !error_o
          && (in_chain_q[answer_queue_i] || notified_q[answer_queue_i] != '0);
      ask_q[answer_queue_i] <= head_q[answer_queue_i];
      ahead_q[answer_queue_i] <= '0;
      batch_left_q[answer_queue_i] <= '0;
      allowed_q[answer_queue_i] <= '0;
      forgotten_q[answer_queue_i] <= reads_q[answer_queue_i] - ReadBits'(ended);
    end else if (ended && forgotten_q[answer_queue_i] != '0)
      forgotten_q[answer_queue_i] <= forgotten_q[answer_queue_i] - 1'b1;

    if (ended) begin
      if (notified_q[answer_queue_i] != '0)
        notified_q[answer_queue_i] <= notified_q[answer_queue_i] - 1'b1;
      reads_q[answer_queue_i] <= reads_q[answer_queue_i] - 1'b1;
    end
    if (taken) begin
      served_q <= chosen;
      ask_q[chosen] <= ask_q[chosen] + 8'(count);
      if (9'(ask_q[chosen]) + 9'(count) == size) ask_q[chosen] <= '0;
      batch_left_q[chosen] <= batch - count;
      ahead_q[chosen] <= ahead_q[chosen] + CountBits'(count)
          - CountBits'(consumed && answer_queue_i == chosen);
      reads_q[chosen] <= reads_q[chosen] + 1'b1 - ReadBits'(ended && answer_queue_i == chosen);
    end
    if (notify_i != '0)
      for (int q = 0; q < NumQueues; q++)
        if (notify_i[q]) begin
          active_q[q] <= 1'b1;
          notified_q[q] <= reads_q[q] + ReadBits'(taken && chosen == QueueBits'(q))
              - ReadBits'(ended && answer_queue_i == QueueBits'(q));
        end

    if (rst_i) begin
      active_q <= '0;
      wrap_q <= '1;
      in_chain_q <= '0;
      again_q <= '0;
      served_q <= '0;
      for (int q = 0; q < NumQueues; q++) begin
        head_q[q] <= '0;
        ask_q[q] <= '0;
        ahead_q[q] <= '0;
        batch_left_q[q] <= '0;
        allowed_q[q] <= '0;
        reads_q[q] <= '0;
        forgotten_q[q] <= '0;
        notified_q[q] <= '0;
      end
    end
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i)
    if (!rst_i)
      for (int q = 0; q < NumQueues; q++) begin
        ForgottenAreInFlight: assert (forgotten_q[q] <= reads_q[q]);
        NotifiedAreInFlight:  assert (notified_q[q] <= reads_q[q]);
        AheadFitsTheStore:    assert (9'(ahead_q[q]) + 9'(batch_left_q[q])
            + 9'(store_count_i[StoreCountBits*q+:StoreCountBits]) <= 9'(StoreDepth));
        AheadFitsTheRing:     assert (9'(ahead_q[q]) + 9'(batch_left_q[q]) <= size_i[9*q+:9]);
      end
`endif

endmodule

`default_nettype wire
