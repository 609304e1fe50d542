// Available descriptors of all queues between the reader of the rings and the walker of the chains:
// a FIFO per queue in one memory. Who writes has asked only for what fits (`count_o`).
`default_nettype none

module descriptor_store #(
    parameter int NumQueues = 2,
    parameter int QueueBits = 1,
    parameter int Width = 115,
    parameter int Depth = 32,     // of each queue, a power of two
    parameter int CountBits = 6
) (
    input  wire                            clk_i,
    input  wire                            rst_i,
    input  wire                            push_i,
    input  wire  [          QueueBits-1:0] push_queue_i,
    input  wire  [              Width-1:0] data_i,
    input  wire                            look_i,
    input  wire  [          QueueBits-1:0] queue_i,
    output logic [              Width-1:0] data_o,  // the oldest of queue_i, while looked at
    input  wire                            pop_i,   // it, while looked at
    output logic [NumQueues*CountBits-1:0] count_o
);

  localparam int IndexBits = $clog2(Depth);
  if (Depth != (1 << IndexBits) || CountBits != IndexBits + 1) begin : gen_bad_depth
    $error("Depth must be a power of two, CountBits one more than its index");
  end

  logic [Width-1:0] entries_q [0:(Depth<<QueueBits)-1];
  logic [NumQueues*CountBits-1:0] tail_q;
  logic [NumQueues*CountBits-1:0] head_q;
  logic [CountBits-1:0] tail;
  logic [CountBits-1:0] head;

  always_comb begin
    tail = '0;
    head = '0;
    data_o = '0;
    if (push_i) tail = tail_q[CountBits*push_queue_i+:CountBits];
    if (look_i) begin
      head = head_q[CountBits*queue_i+:CountBits];
      data_o = entries_q[{queue_i, head[IndexBits-1:0]}];
    end
  end

  for (genvar q = 0; q < NumQueues; q++) begin : gen_count
    assign count_o[CountBits*q+:CountBits] =
        tail_q[CountBits*q+:CountBits] - head_q[CountBits*q+:CountBits];
  end

  always_ff @(posedge clk_i) begin
    if (push_i) entries_q[{push_queue_i, tail[IndexBits-1:0]}] <= data_i;
    if (push_i) tail_q[CountBits*push_queue_i+:CountBits] <= tail + 1'b1;
    if (pop_i) head_q[CountBits*queue_i+:CountBits] <= head + 1'b1;
    if (rst_i) begin
      tail_q <= '0;
      head_q <= '0;
    end
  end

endmodule

`default_nettype wire
