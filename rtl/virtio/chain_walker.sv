// Walks the available descriptors of each queue in ring order, judges the rules of chains (virtio
// 1.3, 2.8.5 to 2.8.7, 2.8.19) and fills the windows with elements. Of an indirect table it asks
// for as many entries as the window has room for. Several tables of a queue may be on their way; as
// answers keep the order of the reads their entries are filled in order. A descriptor that is not
// indirect waits for the tables before it.
`default_nettype none

module chain_walker #(
    parameter int NumQueues = 2,
    parameter int QueueBits = 1,
    parameter int Batch = 8,  // entries of a table in one read
    parameter int FreeBits = 7,
    parameter int DescriptorBits = 115,
    parameter int MaxIndirect = 256,
    // Transmit queues carry data to the device only. DPDK leaves garbage in the WRITE flags of
    // their indirect tables, so these are not looked at.
    parameter logic [NumQueues-1:0] TransmitQueues = NumQueues'(2)
) (
    input  wire                                          clk_i,
    input  wire                                          rst_i,
    input  wire                                          live_i,
    input  wire                                          indirect_desc_i,  // the feature
    input  wire  [9*NumQueues-1:0]                       size_i,
    input  wire  [NumQueues-1:0]                         broken_i,
    // Available descriptors: the oldest of store_queue_o.
    input  wire  [NumQueues-1:0]                         store_valid_i,
    output logic [QueueBits-1:0]                         store_queue_o,
    input  wire  [DescriptorBits-1:0]                    store_data_i,
    output logic                                         store_pop_o,
    // Reads of tables.
    output logic                                         read_valid_o,
    output logic [QueueBits-1:0]                         read_queue_o,
    output nic_types_pkg::dma_request_t                  read_o,
    output logic [FreeBits-1:0]                          read_entries_o,
    output logic                                         read_final_o,  // the table's last
    output logic [15:0]                                  read_id_o,
    input  wire                                          read_ready_i,
    // Entries of tables, in the order of the reads.
    input  wire                                          entry_valid_i,
    input  wire  [QueueBits-1:0]                         entry_queue_i,
    input  wire                                          entry_last_i,   // of its read
    input  wire                                          entry_final_i,  // its read is the last
    input  wire                                          entry_error_i,
    input  wire  [15:0]                                  entry_id_i,     // of the buffer
    input  wire  [127:0]                                 entry_i,
    // Windows.
    input  wire  [FreeBits*NumQueues-1:0]                free_i,
    input  wire  [NumQueues-1:0]                         drained_i,  // all that was filled is taken
    output logic                                         fill_o,
    output logic                                         fill_reserved_o,
    output logic [QueueBits-1:0]                         fill_queue_o,
    output nic_types_pkg::element_t                      element_o,
    output logic                                         error_o,  // of fill_queue_o
    output logic [NumQueues-1:0]                         active_o, // tables not yet in the window
    output logic                                         busy_o    // can do something now
);

  localparam int LeftBits = $clog2(MaxIndirect) + 1;
  localparam int PendingBits = 6;  // reads of tables in flight; order_queue's depth bounds them

  // Of each queue.
  logic [NumQueues-1:0] wrote_q;    // the buffer had an element that the device writes
  logic [NumQueues-1:0] waiting_q;  // the oldest descriptor waits for the tables before it
  (* mem2reg *) logic [8:0] slots_q [0:NumQueues-1];  // of the chain up to now
  (* mem2reg *) logic [LeftBits-1:0] left_q [0:NumQueues-1];  // entries not asked for yet
  (* mem2reg *) logic [63:0] table_addr_q [0:NumQueues-1];  // of these
  (* mem2reg *) logic [15:0] table_id_q [0:NumQueues-1];
  (* mem2reg *) logic [PendingBits-1:0] pending_q [0:NumQueues-1];

  // ---- Descriptors of the rings, when no entry of a table comes in.

  logic [NumQueues-1:0] ready;
  logic [QueueBits-1:0] walked_q;
  logic [QueueBits-1:0] chosen;
  logic walk;

  always_comb begin
    ready = '0;
    if (live_i && store_valid_i != '0)
      for (int q = 0; q < NumQueues; q++)
        ready[q] = store_valid_i[q] && !broken_i[q] && !waiting_q[q] && left_q[q] == '0
            && free_i[FreeBits*q+:FreeBits] != '0;
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_walk (
      .wants_i (ready),
      .last_i  (walked_q),
      .chosen_o(chosen)
  );

  logic indirect;
  logic next;
  logic write;
  logic [15:0] id;
  logic [31:0] len;
  logic [63:0] addr;
  logic blocked;

  assign walk = ready != '0 && !entry_valid_i;
  assign store_queue_o = chosen;
  assign {indirect, write, next, id, len, addr} = store_data_i;
  assign blocked = walk && !indirect && pending_q[chosen] != '0;
  assign store_pop_o = walk && !blocked;

  // ---- One element a cycle, of a table or of a ring.

  nic_pkg::packed_descriptor_t entry;
  assign entry = entry_i;

  logic [8:0] chosen_size;
  logic accept;  // there is something to judge
  logic fills;   // and it is an element, not a pointer to a table
  logic [64:0] ending;
  logic bad_element;
  logic bad_chain;
  logic bad_indirect;

  always_comb begin
    chosen_size = '0;
    element_o = '0;
    ending = '0;
    bad_element = 1'b0;
    bad_chain = 1'b0;
    bad_indirect = 1'b0;
    fill_queue_o = entry_valid_i ? entry_queue_i : chosen;
    accept = entry_valid_i ? !broken_i[entry_queue_i] : store_pop_o;
    fills = entry_valid_i || !indirect;
    if (accept) begin
      if (entry_valid_i) begin
        element_o.last = entry_last_i && entry_final_i;
        element_o.write = entry.flags[1] && !TransmitQueues[entry_queue_i];
        element_o.slots = 9'd1;
        element_o.id = entry_id_i;
        element_o.len = entry.len;
        element_o.addr = entry.addr;
      end else begin
        for (int q = 0; q < NumQueues; q++)
          if (chosen == QueueBits'(q)) chosen_size = size_i[9*q+:9];
        element_o.last = !next;
        element_o.write = write;
        element_o.slots = slots_q[chosen] + 9'd1;
        element_o.id = id;
        element_o.len = len;
        element_o.addr = addr;
        // A chain as long as the ring that still goes on has no end.
        bad_chain = next && element_o.slots >= chosen_size;
        bad_indirect = indirect && (!indirect_desc_i || next || slots_q[chosen] != '0 || len == '0
            || len[3:0] != '0 || len > 32'(16 * MaxIndirect));
      end
      ending = {1'b0, element_o.addr} + 65'(element_o.len);
      bad_element = ending[64] || (entry_valid_i && entry_error_i)
          || (fills && wrote_q[fill_queue_o] && !element_o.write);
    end
  end

  assign error_o = bad_element || bad_chain || bad_indirect;
  assign fill_o = accept && !error_o && fills;
  assign fill_reserved_o = entry_valid_i;

  // ---- Reads of tables.

  logic [NumQueues-1:0] wants;
  logic [QueueBits-1:0] asked_q;
  logic [QueueBits-1:0] asking;
  logic [LeftBits-1:0] count;
  logic [LeftBits-1:0] asking_free;
  logic taken;

  // Full batches, unless the consumer has nothing left to take and may need them to go on.
  always_comb begin
    wants = '0;
    active_o = '0;
    for (int q = 0; q < NumQueues; q++)
      if (left_q[q] != '0 || pending_q[q] != '0) begin
        active_o[q] = 1'b1;
        wants[q] = live_i && !broken_i[q] && left_q[q] != '0
            && free_i[FreeBits*q+:FreeBits] != '0
            && (free_i[FreeBits*q+:FreeBits] >= FreeBits'(Batch)
                || LeftBits'(free_i[FreeBits*q+:FreeBits]) >= left_q[q]
                || (drained_i[q] && pending_q[q] == '0));
      end
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_ask (
      .wants_i (wants),
      .last_i  (asked_q),
      .chosen_o(asking)
  );

  always_comb begin
    count = '0;
    asking_free = '0;
    read_o = '0;
    if (wants != '0) begin
      for (int q = 0; q < NumQueues; q++)
        if (asking == QueueBits'(q)) asking_free = LeftBits'(free_i[FreeBits*q+:FreeBits]);
      count = LeftBits'(Batch);
      if (asking_free < count) count = asking_free;
      if (left_q[asking] < count) count = left_q[asking];
      read_o.addr = table_addr_q[asking];
      read_o.len = 16'({count, 4'b0});
    end
  end

  assign read_valid_o = wants != '0;
  assign read_queue_o = asking;
  assign read_entries_o = FreeBits'(count);
  assign read_final_o = left_q[asking] == count;
  assign read_id_o = table_id_q[asking];
  assign taken = read_valid_o && read_ready_i;
  assign busy_o = ready != '0;

  // ---- State.

  logic answered;  // a whole read of a table
  assign answered = entry_valid_i && entry_last_i;

  always_ff @(posedge clk_i) begin
    if (walk) walked_q <= chosen;
    if (blocked) waiting_q[chosen] <= 1'b1;
    if (fill_o) begin
      wrote_q[fill_queue_o] <= element_o.write && !element_o.last;
      if (!entry_valid_i) slots_q[fill_queue_o] <= next ? element_o.slots : '0;
    end
    if (store_pop_o && indirect && !error_o) begin
      left_q[chosen] <= LeftBits'(len[31:4]);
      table_addr_q[chosen] <= addr;
      table_id_q[chosen] <= id;
    end
    if (answered) begin
      pending_q[entry_queue_i] <= pending_q[entry_queue_i] - 1'b1;
      if (pending_q[entry_queue_i] == PendingBits'(1)) waiting_q[entry_queue_i] <= 1'b0;
    end
    if (taken) begin
      asked_q <= asking;
      left_q[asking] <= left_q[asking] - count;
      table_addr_q[asking] <= table_addr_q[asking] + 64'({count, 4'b0});
      pending_q[asking] <= pending_q[asking] + 1'b1
          - PendingBits'(answered && entry_queue_i == asking);
    end

    if (rst_i) begin
      wrote_q <= '0;
      waiting_q <= '0;
      walked_q <= '0;
      asked_q <= '0;
      for (int q = 0; q < NumQueues; q++) begin
        slots_q[q] <= '0;
        left_q[q] <= '0;
        pending_q[q] <= '0;
      end
    end
  end

endmodule

`default_nettype wire
