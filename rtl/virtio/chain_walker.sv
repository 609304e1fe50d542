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
    parameter logic [NumQueues-1:0] TransmitQueues = NumQueues'(2),
    // What comes in a wrong order in a control queue is a command to be refused, not a broken ring.
    parameter logic [NumQueues-1:0] ControlQueues = '0
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
    output logic [  NumQueues*StoreCountBits-1:0] tail_o,    // their difference is what is stored
    output logic [  NumQueues*StoreCountBits-1:0] head_o,
    output logic [                 NumQueues-1:0] stored_o,  // they differ
    // Tables.
    output logic                                 table_start_o,
    output logic [                 QueueBits-1:0] table_queue_o,
    output logic [                  LeftBits-1:0] table_entries_o,
    output logic [                          63:0] table_addr_o,
    output logic [                          15:0] table_id_o,
    input  wire  [                 NumQueues-1:0] table_asks_i,
    input  wire  [                 NumQueues-1:0] table_awaits_i,
    // Beats of reads of tables, in the order of the reads.
    input  wire                                  beat_valid_i,
    input  wire nic_types_pkg::read_beat_t       beat_i,
    input  wire  [                 QueueBits-1:0] beat_queue_i,
    input  wire                                  beat_final_i,  // its read is the table's last
    input  wire  [                          15:0] beat_id_i,     // of the buffer
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
  logic [NumQueues-1:0] wrote_q;    // the buffer had an element that the device writes
  logic [NumQueues-1:0] waiting_q;  // the oldest descriptor waits for the tables before it
  logic [NumQueues-1:0] wrong_q;    // judged so; broken_i follows
  logic [9*NumQueues-1:0] slots_q;  // of the chain up to now

  // Tables may lie at any address: then each entry is the end of one beat and the start of the
  // next, and the read has one beat more than it has entries.
  logic inside_q;  // a read of a table has begun
  logic [3:0] offset_q;
  logic [127:0] previous_q;
  logic previous_error_q;
  logic entry_valid;

  assign entry_valid = beat_valid_i && (inside_q || beat_i.offset == '0);

  // ---- Which queue goes on, when no entry of a table comes in.

  logic [NumQueues-1:0] ready;
  logic [QueueBits-1:0] walked_q;
  logic [QueueBits-1:0] chosen;
  logic walk;

  // The place of what is being filled is not counted in free_i yet.
  always_comb begin
    ready = '0;
    if (live_i && stored_o != '0) begin
      ready = stored_o & ~(broken_i | wrong_q | table_asks_i | (waiting_q & table_awaits_i));
      if (table_start_o) ready[table_queue_o] = 1'b0;
      for (int q = 0; q < NumQueues; q++)
        if (ready[q] && free_i[FreeBits*q+:FreeBits] == FreeBits'(fill_o[q] && !fill_reserved_o))
          ready[q] = 1'b0;
    end
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (ready),
      .last_i  (walked_q),
      .chosen_o(chosen)
  );

  assign walk = ready != '0 && !entry_valid;
  assign busy_o = walk || fill_o != '0 || table_start_o || error_o != '0;

  // ---- One descriptor or entry a cycle.

  always_ff @(posedge clk_i) begin : judge
    logic [QueueBits-1:0] queue;
    logic [StoreCountBits-1:0] tail, head;
    logic [8:0] slots;
    logic [127:0] entry;
    logic indirect, write, next, last, blocked, wrong;
    logic [15:0] id;
    logic [31:0] len;
    logic [63:0] addr;
    logic [64:0] ending;
    if (rst_i) begin
      tail_o <= '0;
      head_o <= '0;
      stored_o <= '0;
      inside_q <= 1'b0;
      wrote_q <= '0;
      waiting_q <= '0;
      wrong_q <= '0;
      walked_q <= '0;
      slots_q <= '0;
      fill_o <= '0;
      table_start_o <= 1'b0;
      error_o <= '0;
    end else if (push_i || beat_valid_i || busy_o) begin
      fill_o <= '0;
      table_start_o <= 1'b0;
      error_o <= '0;
      if (walk || entry_valid) begin
        queue = entry_valid ? beat_queue_i : chosen;
        head = head_o[StoreCountBits*chosen+:StoreCountBits];
        tail = tail_o[StoreCountBits*chosen+:StoreCountBits];
        slots = slots_q[9*queue+:9] + 9'd1;
        if (entry_valid) begin
          entry = beat_i.data;
          if (inside_q && offset_q != '0)
            entry = 128'({beat_i.data, previous_q} >> {offset_q, 3'b000});
          {indirect, next, blocked} = 3'b000;
          slots = 9'd1;
          id = beat_id_i;
          {len, addr} = entry[95:0];
          last = beat_i.last && beat_final_i;
          write = entry[113] && !TransmitQueues[beat_queue_i];
          wrong = beat_i.error || (inside_q && offset_q != '0 && previous_error_q);
        end else begin
          {indirect, write, next, id, len, addr} = store_q[{chosen, head[StoreBits-1:0]}];
          blocked = !indirect && table_awaits_i[chosen];
          last = !next;
          // A chain as long as the ring that still goes on has no end.
          wrong = next && slots >= size_i[9*chosen+:9];
          if (indirect)
            wrong = !indirect_desc_i || next || slots != 9'd1 || len == '0 || len[3:0] != '0
                || len > 32'(16 * MaxIndirect);
          walked_q <= chosen;
          waiting_q[chosen] <= blocked;
          if (!blocked) begin
            head_o[StoreCountBits*chosen+:StoreCountBits] <= head + 1'b1;
            stored_o[chosen] <= tail - head != StoreCountBits'(1);
          end
        end
        ending = {1'b0, addr} + 65'(len);
        wrong = wrong || ending[64]
            || (!indirect && wrote_q[queue] && !write && !ControlQueues[queue]);
        if (!blocked && !broken_i[queue] && !wrong_q[queue]) begin
          if (wrong) begin
            error_o[queue] <= 1'b1;
            wrong_q[queue] <= 1'b1;
          end else if (indirect) begin
            table_start_o <= 1'b1;
          end else begin
            fill_o[queue] <= 1'b1;
            wrote_q[queue] <= write && !last;
            if (!entry_valid) slots_q[9*queue+:9] <= next ? slots : '0;
          end
        end
        fill_reserved_o <= entry_valid;
        element_o <= {last, write, slots, id, len, addr};
        table_queue_o <= queue;
      end
      if (beat_valid_i) begin
        if (!inside_q) offset_q <= beat_i.offset;
        previous_q <= beat_i.data;
        previous_error_q <= beat_i.error;
        inside_q <= !beat_i.last;
      end
      if (push_i) begin
        tail = tail_o[StoreCountBits*push_queue_i+:StoreCountBits];
        store_q[{push_queue_i, tail[StoreBits-1:0]}] <= push_data_i[DescriptorBits-1:0];
        tail_o[StoreCountBits*push_queue_i+:StoreCountBits] <= tail + 1'b1;
        stored_o[push_queue_i] <= 1'b1;
      end
    end
  end

  // What is filled is what a table's start needs, too.
  assign table_entries_o = LeftBits'(element_o.len[31:4]);
  assign table_addr_o = element_o.addr;
  assign table_id_o = element_o.id;

endmodule

`default_nettype wire
