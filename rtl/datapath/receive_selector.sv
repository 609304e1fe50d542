// Lets the receive engine see the queue of the frame in work as if it were the only one, and takes
// each packet's buffers back to the queue that they came from.
`default_nettype none

module receive_selector #(
  parameter int NumPairs = nic_pkg::MaxQueuePairs,
  parameter int PairBits = NumPairs > 1 ? $clog2(NumPairs) : 1,
  parameter int Packets = 128  // whose buffers are in the engine at most; a power of two
) (
  input  wire logic                                           clk_i,
  input  wire logic                                           rst_i,
  input  wire logic                                           flush_i,
  output logic                                                quiescent_o,
  input  wire logic [PairBits-1:0]                            pair_i,    // of the frame in work
  // Each queue's elements.
  input  wire logic [NumPairs-1:0]                            element_valid_i,
  input  wire logic [NumPairs*nic_types_pkg::ElementBits-1:0] element_i,
  input  wire logic [NumPairs-1:0]                            element_empty_i,
  input  wire logic [NumPairs-1:0]                            element_full_i,
  output logic [NumPairs-1:0]                                 element_take_o,
  output logic [NumPairs-1:0]                                 element_commit_o,
  output logic [NumPairs-1:0]                                 element_rewind_o,
  // The engine's.
  output logic                                                element_valid_o,
  output nic_types_pkg::element_t                             element_o,
  output logic                                                element_empty_o,
  output logic                                                element_full_o,
  input  wire logic                                           element_take_i,
  input  wire logic                                           element_commit_i,
  input  wire logic                                           element_rewind_i,
  // Completions of the engine, in the order of the commits; a packet's last one says so.
  input  wire logic                                           completion_valid_i,
  input  wire logic                                           completion_more_i,
  output logic                                                completion_ready_o,
  output logic [NumPairs-1:0]                                 completion_valid_o,
  input  wire logic [NumPairs-1:0]                            completion_ready_i
);

  logic owners_quiescent, unused_owners_ready;

  always_comb begin
    element_valid_o = 1'b0;
    element_empty_o = 1'b0;
    element_full_o  = 1'b0;
    element_o       = '0;
    for (int q = 0; q < NumPairs; q++) begin
      if (pair_i == PairBits'(q)) begin
        element_valid_o = element_valid_i[q];
        element_empty_o = element_empty_i[q];
        element_full_o  = element_full_i[q];
        element_o       = element_i[nic_types_pkg::ElementBits*q+:nic_types_pkg::ElementBits];
      end
    end
  end

  always_comb begin
    element_take_o   = '0;
    element_commit_o = '0;
    element_rewind_o = '0;
    if (element_take_i) element_take_o[pair_i] = 1'b1;
    if (element_commit_i) element_commit_o[pair_i] = 1'b1;
    if (element_rewind_i) element_rewind_o[pair_i] = 1'b1;
  end

  // A commit is of one packet, or of one buffer that is given back unused. The engine has no room
  // for more of them than there are owners.
  completion_owners #(
    .NumPairs(NumPairs),
    .Packets (Packets)
  ) u_owners (
    .clk_i, .rst_i(rst_i || flush_i), .quiescent_o(owners_quiescent),
    .valid_i(element_commit_i), .ready_o(unused_owners_ready), .pair_i,
    .completion_valid_i, .completion_more_i, .completion_ready_o,
    .completion_valid_o, .completion_ready_i
  );

  assign quiescent_o = !element_take_i && !element_commit_i && !element_rewind_i &&
                       owners_quiescent;

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) if (!rst_i && !flush_i) begin
    OwnerHasRoom: assert (!element_commit_i || unused_owners_ready);
  end
`endif

endmodule

`default_nettype wire
