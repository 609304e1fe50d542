// Asks for the entries of indirect tables, as many as the window of their queue has room for, and
// counts the reads that are on their way. A queue has one table half asked for at most, and then
// several in flight.
`default_nettype none

module table_reader #(
    parameter int NumQueues = 2,
    parameter int QueueBits = 1,
    parameter int Batch = 8,  // entries in one read
    parameter int FreeBits = 7,
    parameter int LeftBits = 9  // of a number of entries
) (
    input  wire                                     clk_i,
    input  wire                                     rst_i,
    input  wire                                     live_i,
    input  wire  [NumQueues-1:0]                    broken_i,
    // A table to read, for a queue that does not ask.
    input  wire                                     start_i,
    input  wire  [QueueBits-1:0]                    start_queue_i,
    input  wire  [LeftBits-1:0]                     start_entries_i,
    input  wire  [63:0]                             start_addr_i,
    input  wire  [15:0]                             start_id_i,
    // The next read, offered until it is taken.
    output logic                                    read_valid_o,
    output logic [QueueBits-1:0]                    read_queue_o,
    output logic [63:0]                             read_addr_o,
    output logic [FreeBits-1:0]                     read_entries_o,
    output logic                                    read_final_o,  // the table's last
    output logic [15:0]                             read_id_o,
    input  wire                                     read_ready_i,
    input  wire                                     answered_i,  // a whole read
    input  wire  [QueueBits-1:0]                    answered_queue_i,
    // Windows.
    input  wire  [NumQueues*FreeBits-1:0]           free_i,
    input  wire  [NumQueues-1:0]                    drained_i,  // all that was filled is taken
    output logic [NumQueues-1:0]                    asks_o,     // for entries yet
    output logic [NumQueues-1:0]                    awaits_o,   // entries that it asked for
    output logic                                    busy_o      // something changes now
);

  localparam int PendingBits = 6;  // reads in flight; order_queue's depth bounds them

  // Of each queue.
  logic [NumQueues*LeftBits-1:0] left_q;  // entries not asked for yet
  logic [NumQueues*64-1:0] addr_q;        // of the first of them
  logic [NumQueues*16-1:0] id_q;
  logic [NumQueues*PendingBits-1:0] pending_q;

  // ---- Whose table is next: full batches, unless the consumer has nothing left to take and may
  // need the entries to go on.

  logic choose;
  logic [NumQueues-1:0] wants;
  logic [QueueBits-1:0] chosen;

  assign choose = live_i && !read_valid_o && asks_o != '0;

  always_comb begin
    wants = '0;
    if (choose)
      for (int q = 0; q < NumQueues; q++)
        wants[q] = !broken_i[q] && asks_o[q] && free_i[FreeBits*q+:FreeBits] != '0
            && (free_i[FreeBits*q+:FreeBits] >= FreeBits'(Batch)
                || LeftBits'(free_i[FreeBits*q+:FreeBits]) >= left_q[LeftBits*q+:LeftBits]
                || (drained_i[q] && !awaits_o[q]));
  end

  round_robin #(
      .Count(NumQueues),
      .Bits (QueueBits)
  ) u_choice (
      .wants_i (wants),
      .last_i  (read_queue_o),
      .chosen_o(chosen)
  );

  assign busy_o = wants != '0 || start_i;

  always_ff @(posedge clk_i) begin : offer
    logic [LeftBits-1:0] free, left, count;
    if (rst_i) begin
      read_valid_o <= 1'b0;
      read_queue_o <= '0;
    end else if (wants != '0) begin
      free = LeftBits'(free_i[FreeBits*chosen+:FreeBits]);
      left = left_q[LeftBits*chosen+:LeftBits];
      count = LeftBits'(Batch);
      if (free < count) count = free;
      if (left < count) count = left;
      read_valid_o <= 1'b1;
      read_queue_o <= chosen;
      read_addr_o <= addr_q[64*chosen+:64];
      read_entries_o <= FreeBits'(count);
      read_final_o <= left == count;
      read_id_o <= id_q[16*chosen+:16];
    end else if (read_ready_i) read_valid_o <= 1'b0;
  end

  // ---- State. `start_i` and a read taken never meet at one queue.

  always_ff @(posedge clk_i) begin : account
    logic taken, both;
    logic [PendingBits-1:0] pending, done;
    if (rst_i) begin
      left_q <= '0;
      pending_q <= '0;
      asks_o <= '0;
      awaits_o <= '0;
    end else if (start_i || answered_i || read_valid_o) begin
      taken = read_valid_o && read_ready_i;
      both = taken && answered_i && answered_queue_i == read_queue_o;
      pending = pending_q[PendingBits*read_queue_o+:PendingBits];
      done = pending_q[PendingBits*answered_queue_i+:PendingBits];
      if (answered_i && !both) begin
        pending_q[PendingBits*answered_queue_i+:PendingBits] <= done - 1'b1;
        awaits_o[answered_queue_i] <= done != PendingBits'(1);
      end
      if (taken) begin
        addr_q[64*read_queue_o+:64] <= read_addr_o + 64'({read_entries_o, 4'b0});
        left_q[LeftBits*read_queue_o+:LeftBits] <=
            left_q[LeftBits*read_queue_o+:LeftBits] - LeftBits'(read_entries_o);
        asks_o[read_queue_o] <= !read_final_o;
      end
      if (taken && !both) begin
        pending_q[PendingBits*read_queue_o+:PendingBits] <= pending + 1'b1;
        awaits_o[read_queue_o] <= 1'b1;
      end
      if (start_i) begin
        left_q[LeftBits*start_queue_i+:LeftBits] <= start_entries_i;
        addr_q[64*start_queue_i+:64] <= start_addr_i;
        id_q[16*start_queue_i+:16] <= start_id_i;
        asks_o[start_queue_i] <= 1'b1;
      end
    end
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i)
    if (!rst_i) begin
      OneTableAtATime: assert (!start_i || !asks_o[start_queue_i]);
      AnswersWereAsked: assert (!answered_i || awaits_o[answered_queue_i]);
    end
`endif

endmodule

`default_nettype wire
