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
    // The next read.
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
    output logic [NumQueues-1:0]                    awaits_o    // entries that it asked for
);

  localparam int PendingBits = 6;  // reads in flight; order_queue's depth bounds them

  // Of each queue.
  logic [NumQueues*LeftBits-1:0] left_q;  // entries not asked for yet
  logic [NumQueues*64-1:0] addr_q;        // of the first of them
  logic [NumQueues*16-1:0] id_q;
  logic [NumQueues*PendingBits-1:0] pending_q;

  logic [NumQueues-1:0] wants;
  logic [QueueBits-1:0] served_q;
  logic [QueueBits-1:0] chosen;
  logic [LeftBits-1:0] free;
  logic [LeftBits-1:0] left;
  logic [LeftBits-1:0] count;
  logic taken;

  // Full batches, unless the consumer has nothing left to take and may need the entries to go on.
  always_comb begin
    wants = '0;
    asks_o = '0;
    awaits_o = '0;
    if (left_q != '0 || pending_q != '0)
      for (int q = 0; q < NumQueues; q++) begin
        asks_o[q] = left_q[LeftBits*q+:LeftBits] != '0;
        awaits_o[q] = pending_q[PendingBits*q+:PendingBits] != '0;
        wants[q] = live_i && !broken_i[q] && asks_o[q] && free_i[FreeBits*q+:FreeBits] != '0
            && (free_i[FreeBits*q+:FreeBits] >= FreeBits'(Batch)
                || LeftBits'(free_i[FreeBits*q+:FreeBits]) >= left_q[LeftBits*q+:LeftBits]
                || (drained_i[q] && !awaits_o[q]));
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

  always_comb begin
    free = '0;
    left = '0;
    count = '0;
    read_addr_o = '0;
    read_id_o = '0;
    if (wants != '0) begin
      free = LeftBits'(free_i[FreeBits*chosen+:FreeBits]);
      left = left_q[LeftBits*chosen+:LeftBits];
      count = LeftBits'(Batch);
      if (free < count) count = free;
      if (left < count) count = left;
      read_addr_o = addr_q[64*chosen+:64];
      read_id_o = id_q[16*chosen+:16];
    end
  end

  assign read_valid_o = wants != '0;
  assign read_queue_o = chosen;
  assign read_entries_o = FreeBits'(count);
  assign read_final_o = left == count;
  assign taken = read_valid_o && read_ready_i;

  always_ff @(posedge clk_i)
    if (rst_i) begin
      served_q <= '0;
      left_q <= '0;
      pending_q <= '0;
    end else if (start_i || answered_i || taken) begin
      if (start_i) begin
        left_q[LeftBits*start_queue_i+:LeftBits] <= start_entries_i;
        addr_q[64*start_queue_i+:64] <= start_addr_i;
        id_q[16*start_queue_i+:16] <= start_id_i;
      end
      if (answered_i)
        pending_q[PendingBits*answered_queue_i+:PendingBits] <=
            pending_q[PendingBits*answered_queue_i+:PendingBits] - 1'b1;
      if (taken) begin
        served_q <= chosen;
        left_q[LeftBits*chosen+:LeftBits] <= left - count;
        addr_q[64*chosen+:64] <= read_addr_o + 64'({count, 4'b0});
        pending_q[PendingBits*chosen+:PendingBits] <= pending_q[PendingBits*chosen+:PendingBits]
            + 1'b1 - PendingBits'(answered_i && answered_queue_i == chosen);
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
