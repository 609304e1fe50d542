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
    input  wire                            pop_i,
    input  wire  [          QueueBits-1:0] pop_queue_i,
    output logic [              Width-1:0] data_o,   // oldest of pop_queue_i
    output logic [NumQueues*CountBits-1:0] count_o
);

  localparam int IndexBits = $clog2(Depth);
  if (Depth != (1 << IndexBits) || CountBits != IndexBits + 1) begin : gen_bad_depth
    $error("Depth must be a power of two, CountBits one more than its index");
  end

  logic [Width-1:0] entries_q [0:(Depth<<QueueBits)-1];
  (* mem2reg *) logic [CountBits-1:0] tail_q [0:NumQueues-1];
  (* mem2reg *) logic [CountBits-1:0] head_q [0:NumQueues-1];

  assign data_o = entries_q[{pop_queue_i, head_q[pop_queue_i][IndexBits-1:0]}];

  for (genvar q = 0; q < NumQueues; q++) begin : gen_count
    assign count_o[CountBits*q+:CountBits] = tail_q[q] - head_q[q];
  end

  always_ff @(posedge clk_i) begin
    if (push_i) begin
      entries_q[{push_queue_i, tail_q[push_queue_i][IndexBits-1:0]}] <= data_i;
      tail_q[push_queue_i] <= tail_q[push_queue_i] + 1'b1;
    end
    if (pop_i) head_q[pop_queue_i] <= head_q[pop_queue_i] + 1'b1;
    if (rst_i)
      for (int q = 0; q < NumQueues; q++) begin
        tail_q[q] <= '0;
        head_q[q] <= '0;
      end
  end

endmodule

`default_nettype wire
