// Keeps the available descriptors of each queue, walks them in ring order, judges the rules of
// chains (virtio 1.3, 2.8.5 to 2.8.7, 2.8.19) and fills the windows with elements. Tables are left
// to table_reader; as answers keep the order of the reads, the entries of several tables of a queue
// are filled in order. A descriptor that is not indirect waits for the tables before it.
`default_nettype none

module chain_walker #(
    parameter int NumQueues = 2,
    parameter int QueueBits = 1,
    parameter int StoreDepth = 32,  // descriptors of each queue, a power of two
    parameter int StoreCountBits = 6,
    parameter int FreeBits = 7,
    parameter int MaxIndirect = 256,
    parameter int LeftBits = 9,  // of a number of a table's entries
    // Transmit queues carry data to the device only. DPDK leaves garbage in the WRITE flags of
    // their indirect tables, so these are not looked at.
    parameter logic [NumQueues-1:0] TransmitQueues = NumQueues'(2)
) (
    input  wire                                  clk_i,
    input  wire                                  rst_i,
    input  wire                                  live_i,
    input  wire                                  indirect_desc_i,  // the feature
    input  wire  [               9*NumQueues-1:0] size_i,
    input  wire  [                 NumQueues-1:0] broken_i,
    // Available descriptors; who gives them has asked only for what fits.
    input  wire                                  push_i,
    input  wire  [                 QueueBits-1:0] push_queue_i,
    input  wire  [                         127:0] push_data_i,
    output logic [  NumQueues*StoreCountBits-1:0] count_o,
    // Tables.
    output logic                                 table_start_o,
    output logic [                 QueueBits-1:0] table_queue_o,
    output logic [                  LeftBits-1:0] table_entries_o,
    output logic [                          63:0] table_addr_o,
    output logic [                          15:0] table_id_o,
    input  wire  [                 NumQueues-1:0] table_asks_i,
    input  wire  [                 NumQueues-1:0] table_awaits_i,
    // Entries of tables, in the order of the reads.
    input  wire                                  entry_valid_i,
    input  wire  [                 QueueBits-1:0] entry_queue_i,
    input  wire                                  entry_last_i,   // of its read
    input  wire                                  entry_final_i,  // its read is the last
    input  wire                                  entry_error_i,
    input  wire  [                          15:0] entry_id_i,   // of the buffer
    input  wire  [                         127:0] entry_i,
    // Windows: a place is free for what is filled, or was reserved for it.
    input  wire  [        FreeBits*NumQueues-1:0] free_i,
    output logic [                 NumQueues-1:0] fill_o,
    output logic                                 fill_reserved_o,
    output nic_types_pkg::element_t              element_o,
    output logic [                 NumQueues-1:0] error_o,
    output logic                                 busy_o
);

  localparam int StoreBits = StoreCountBits - 1;  // of an index
  localparam int DescriptorBits = 115;  // without the flags that only the ring reader judges
  if (StoreDepth != (1 << StoreBits)) begin : gen_bad_depth
    $error("StoreDepth must be a power of two, StoreCountBits one more than its index");
  end

  logic [DescriptorBits-1:0] store_q [0:(StoreDepth<<QueueBits)-1];

  // Of each queue.
  logic [NumQueues*StoreCountBits-1:0] tail_q;
  logic [NumQueues*StoreCountBits-1:0] head_q;
  logic [NumQueues-1:0] stored_q;   // tail and head differ
  logic [NumQueues-1:0] wrote_q;    // the buffer had an element that the device writes
  logic [NumQueues-1:0] waiting_q;  // the oldest descriptor waits for the tables before it
  logic [NumQueues-1:0] wrong_q;    // judged so; broken_i follows
  logic [9*NumQueues-1:0] slots_q;  // of the chain up to now

  for (genvar q = 0; q < NumQueues; q++) begin : gen_count
    assign count_o[StoreCountBits*q+:StoreCountBits] =
        tail_q[StoreCountBits*q+:StoreCountBits] - head_q[StoreCountBits*q+:StoreCountBits];
  end

  // ---- Which queue goes on, when no entry of a table comes in.

  logic [NumQueues-1:0] ready;
  logic [QueueBits-1:0] walked_q;
  logic [QueueBits-1:0] chosen;
  logic walk;

  // The place of what is being filled is not counted in free_i yet.
  always_comb begin
    ready = '0;
    if (live_i && stored_q != '0)
      for (int q = 0; q < NumQueues; q++)
        ready[q] = stored_q[q] && !broken_i[q] && !wrong_q[q] && !table_asks_i[q]
            && !(table_start_o && table_queue_o == QueueBits'(q))
            && !(waiting_q[q] && table_awaits_i[q])
            && free_i[FreeBits*q+:FreeBits] != FreeBits'(fill_o[q] && !fill_reserved_o);
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (ready),
      .last_i  (walked_q),
      .chosen_o(chosen)
  );

  assign walk = ready != '0 && !entry_valid_i;
  assign busy_o = walk || fill_o != '0 || table_start_o || error_o != '0;

  // ---- One descriptor or entry a cycle.

  always_ff @(posedge clk_i) begin : keep
    logic [StoreCountBits-1:0] tail;
    if (push_i) begin
      tail = tail_q[StoreCountBits*push_queue_i+:StoreCountBits];
      store_q[{push_queue_i, tail[StoreBits-1:0]}] <= push_data_i[DescriptorBits-1:0];
    end
  end

  always_ff @(posedge clk_i) begin : judge
    logic [QueueBits-1:0] queue;
    logic [StoreCountBits-1:0] head;
    logic [StoreCountBits-1:0] left;
    logic [8:0] slots;
    logic indirect, write, next, last, blocked, wrong;
    logic [15:0] id;
    logic [31:0] len;
    logic [63:0] addr;
    logic [64:0] ending;
    if (rst_i) begin
      tail_q <= '0;
      head_q <= '0;
      stored_q <= '0;
      wrote_q <= '0;
      waiting_q <= '0;
      wrong_q <= '0;
      walked_q <= '0;
      slots_q <= '0;
      fill_o <= '0;
      table_start_o <= 1'b0;
      error_o <= '0;
    end else if (push_i || walk || entry_valid_i || busy_o) begin
      fill_o <= '0;
      table_start_o <= 1'b0;
      error_o <= '0;
      if (walk || entry_valid_i) begin
        queue = entry_valid_i ? entry_queue_i : chosen;
        head = head_q[StoreCountBits*chosen+:StoreCountBits];
        slots = slots_q[9*queue+:9] + 9'd1;
        if (entry_valid_i) begin
          {indirect, next} = 2'b00;
          blocked = 1'b0;
          slots = 9'd1;
          id = entry_id_i;
          {len, addr} = entry_i[95:0];
          last = entry_last_i && entry_final_i;
          write = entry_i[113] && !TransmitQueues[entry_queue_i];
          wrong = entry_error_i;
        end else begin
          {indirect, write, next, id, len, addr} = store_q[{chosen, head[StoreBits-1:0]}];
          blocked = !indirect && table_awaits_i[chosen];
          last = !next;
          // A chain as long as the ring that still goes on has no end.
          wrong = next && slots >= size_i[9*chosen+:9];
          if (indirect)
            wrong = !indirect_desc_i || next || slots != 9'd1 || len == '0 || len[3:0] != '0
                || len > 32'(16 * MaxIndirect);
        end
        ending = {1'b0, addr} + 65'(len);
        wrong = wrong || ending[64] || (!indirect && wrote_q[queue] && !write);
        if (walk) begin
          walked_q <= chosen;
          waiting_q[chosen] <= blocked;
          left = tail_q[StoreCountBits*chosen+:StoreCountBits] - head;
          if (!blocked) begin
            head_q[StoreCountBits*chosen+:StoreCountBits] <= head + 1'b1;
            stored_q[chosen] <= left != StoreCountBits'(1);
          end
        end
        if (!blocked && !broken_i[queue] && !wrong_q[queue]) begin
          if (wrong) begin
            error_o[queue] <= 1'b1;
            wrong_q[queue] <= 1'b1;
          end else if (indirect) begin
            table_start_o <= 1'b1;
          end else begin
            fill_o[queue] <= 1'b1;
            wrote_q[queue] <= write && !last;
            if (!entry_valid_i) slots_q[9*queue+:9] <= next ? slots : '0;
          end
        end
        fill_reserved_o <= entry_valid_i;
        element_o <= {last, write, slots, id, len, addr};
        table_queue_o <= queue;
      end
      if (push_i) begin
        tail_q[StoreCountBits*push_queue_i+:StoreCountBits] <=
            tail_q[StoreCountBits*push_queue_i+:StoreCountBits] + 1'b1;
        stored_q[push_queue_i] <= 1'b1;
      end
    end
  end

  // What is filled is what a table's start needs, too.
  assign table_entries_o = LeftBits'(element_o.len[31:4]);
  assign table_addr_o = element_o.addr;
  assign table_id_o = element_o.id;

endmodule

`default_nettype wire
