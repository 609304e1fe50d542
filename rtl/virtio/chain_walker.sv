// Walks the available descriptors of each queue in ring order, judges the rules of chains (virtio
// 1.3, 2.8.5 to 2.8.7, 2.8.19) and fills the windows with elements. Tables are left to
// table_reader; as answers keep the order of the reads, the entries of several tables of a queue
// are filled in order. A descriptor that is not indirect waits for the tables before it.
`default_nettype none

module chain_walker #(
    parameter int NumQueues = 2,
    parameter int QueueBits = 1,
    parameter int FreeBits = 7,
    parameter int DescriptorBits = 115,
    parameter int MaxIndirect = 256,
    parameter int LeftBits = 9,  // of a number of a table's entries
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
    output logic                                         store_look_o,
    output logic [QueueBits-1:0]                         store_queue_o,
    input  wire  [DescriptorBits-1:0]                    store_data_i,
    output logic                                         store_pop_o,
    // Tables.
    output logic                                         table_start_o,  // of store_queue_o
    output logic [LeftBits-1:0]                          table_entries_o,
    output logic [63:0]                                  table_addr_o,
    output logic [15:0]                                  table_id_o,
    input  wire  [NumQueues-1:0]                         table_asks_i,
    input  wire  [NumQueues-1:0]                         table_awaits_i,
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
    output logic                                         fill_o,
    output logic                                         fill_reserved_o,
    output logic [QueueBits-1:0]                         fill_queue_o,
    output nic_types_pkg::element_t                      element_o,
    output logic                                         error_o  // of fill_queue_o
);

  // Of each queue.
  logic [NumQueues-1:0] wrote_q;    // the buffer had an element that the device writes
  logic [NumQueues-1:0] waiting_q;  // the oldest descriptor waits for the tables before it
  logic [9*NumQueues-1:0] slots_q;  // of the chain up to now

  // ---- Descriptors of the rings, when no entry of a table comes in.

  logic [NumQueues-1:0] ready;
  logic [QueueBits-1:0] walked_q;
  logic [QueueBits-1:0] chosen;
  logic walk;

  always_comb begin
    ready = '0;
    if (live_i && store_valid_i != '0)
      for (int q = 0; q < NumQueues; q++)
        ready[q] = store_valid_i[q] && !broken_i[q] && !table_asks_i[q]
            && !(waiting_q[q] && table_awaits_i[q]) && free_i[FreeBits*q+:FreeBits] != '0;
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
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
  assign store_look_o = walk;
  assign store_queue_o = chosen;
  assign {indirect, write, next, id, len, addr} = store_data_i;
  assign blocked = walk && !indirect && table_awaits_i[chosen];
  assign store_pop_o = walk && !blocked;

  // ---- One element a cycle, of a table or of a ring.

  logic [8:0] chosen_size;
  logic accept;  // there is something to judge
  logic fills;   // and it is an element, not a pointer to a table
  nic_pkg::packed_descriptor_t entry;
  logic [8:0] slots;
  logic [64:0] ending;
  logic bad_element;
  logic bad_chain;
  logic bad_indirect;

  always_comb begin
    chosen_size = '0;
    entry = entry_i;
    slots = '0;
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
        slots = slots_q[9*chosen+:9];
        element_o.slots = slots + 9'd1;
        element_o.id = id;
        element_o.len = len;
        element_o.addr = addr;
        // A chain as long as the ring that still goes on has no end.
        bad_chain = next && element_o.slots >= chosen_size;
        bad_indirect = indirect && (!indirect_desc_i || next || slots != '0 || len == '0
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

  assign table_start_o = accept && !error_o && !fills;
  assign table_entries_o = LeftBits'(len[31:4]);
  assign table_addr_o = addr;
  assign table_id_o = id;

  always_ff @(posedge clk_i)
    if (rst_i) begin
      wrote_q <= '0;
      waiting_q <= '0;
      walked_q <= '0;
      slots_q <= '0;
    end else if (walk || entry_valid_i) begin
      if (walk) begin
        walked_q <= chosen;
        waiting_q[chosen] <= blocked;
      end
      if (fill_o) wrote_q[fill_queue_o] <= element_o.write && !element_o.last;
      if (fill_o && !entry_valid_i) slots_q[9*chosen+:9] <= next ? element_o.slots : '0;
    end

endmodule

`default_nettype wire
