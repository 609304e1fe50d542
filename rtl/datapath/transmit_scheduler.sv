// Puts the transmit queues in one line, packet by packet in turn, so that none is served twice
// while another waits. The engine behind it sees one queue; its completions, which come in the
// order of the packets, go back to the queue that each packet came from.
`default_nettype none

module transmit_scheduler #(
  parameter int NumPairs = nic_pkg::MaxQueuePairs,
  parameter int Packets = 128  // on their way through the engine at most; a power of two
) (
  input  wire logic                                           clk_i,
  input  wire logic                                           rst_i,
  input  wire logic                                           flush_i,
  output logic                                                quiescent_o,
  // Each queue's elements.
  input  wire logic [NumPairs-1:0]                            element_valid_i,
  input  wire logic [NumPairs*nic_types_pkg::ElementBits-1:0] element_i,
  output logic [NumPairs-1:0]                                 element_take_o,
  output logic [NumPairs-1:0]                                 element_commit_o,
  output logic [NumPairs-1:0]                                 element_rewind_o,
  // The engine's: a take is committed in the next cycle, or all of a packet's before are taken
  // back.
  output logic                                                element_valid_o,
  output nic_types_pkg::element_t                             element_o,
  input  wire logic                                           element_take_i,
  input  wire logic                                           element_commit_i,
  input  wire logic                                           element_rewind_i,
  // Completions of the engine, a packet each, and where they go.
  input  wire logic                                           completion_valid_i,
  output logic                                                completion_ready_o,
  output logic [NumPairs-1:0]                                 completion_valid_o,
  input  wire logic [NumPairs-1:0]                            completion_ready_i
);

  localparam int QueueBits = NumPairs > 1 ? $clog2(NumPairs) : 1;

  logic                 locked_q;  // to queue_q, from a packet's first element to its last
  logic                 ended_q;   // the last one has been taken
  logic [QueueBits-1:0] queue_q;
  logic [QueueBits-1:0] chosen;
  logic                 choose, packet_over, owners_ready, owners_quiescent;

  round_robin #(
    .Count(NumPairs),
    .Bits (QueueBits)
  ) u_choice (
    .wants_i (choose ? element_valid_i : '0),
    .last_i  (queue_q),
    .chosen_o(chosen)
  );

  assign choose      = !locked_q && owners_ready && element_valid_i != '0;
  assign packet_over = ended_q && element_commit_i;

  always_ff @(posedge clk_i) begin
    if (choose || element_take_i || ended_q) begin
      ended_q <= element_take_i && element_o.last;
      if (choose) begin
        locked_q <= 1'b1;
        queue_q  <= chosen;
      end else if (packet_over) locked_q <= 1'b0;
    end
    if (rst_i || flush_i) begin
      locked_q <= 1'b0;
      ended_q  <= 1'b0;
      queue_q  <= '0;
    end
  end

  always_comb begin
    element_valid_o = 1'b0;
    element_o       = '0;
    if (locked_q && !ended_q) begin
      for (int q = 0; q < NumPairs; q++) begin
        if (queue_q == QueueBits'(q)) begin
          element_valid_o = element_valid_i[q];
          element_o       = element_i[nic_types_pkg::ElementBits*q+:nic_types_pkg::ElementBits];
        end
      end
    end
  end

  always_comb begin
    element_take_o   = '0;
    element_commit_o = '0;
    element_rewind_o = '0;
    if (element_take_i) element_take_o[queue_q] = 1'b1;
    if (element_commit_i) element_commit_o[queue_q] = 1'b1;
    if (element_rewind_i) element_rewind_o[queue_q] = 1'b1;
  end

  completion_owners #(
    .NumPairs(NumPairs),
    .Packets (Packets)
  ) u_owners (
    .clk_i, .rst_i(rst_i || flush_i), .quiescent_o(owners_quiescent),
    .valid_i(packet_over), .ready_o(owners_ready), .pair_i(queue_q),
    .completion_valid_i, .completion_more_i(1'b0), .completion_ready_o,
    .completion_valid_o, .completion_ready_i
  );

  assign quiescent_o = !choose && !element_take_i && !ended_q && owners_quiescent;

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) if (!rst_i && !flush_i) begin
    OwnerHasRoom:     assert (!packet_over || owners_ready);
    TakesOnlyLocked:  assert (!element_take_i || (locked_q && !ended_q));
    RewindsOnlyLocked: assert (!element_rewind_i || (locked_q && !ended_q));
  end
`endif

endmodule

`default_nettype wire
