// Takes an engine's completions back to the queues that they are of: the engine gives packets back
// in the order in which it took them, and this remembers whose each was.
`default_nettype none

module completion_owners #(
    parameter int NumPairs = nic_pkg::MaxQueuePairs,
    parameter int PairBits = NumPairs > 1 ? $clog2(NumPairs) : 1,
    parameter int Packets = 128  // in the engine at most; a power of two
) (
    input  wire logic                clk_i,
    input  wire logic                rst_i,
    output logic                     quiescent_o,
    // The engine has taken a packet of this pair.
    input  wire logic                valid_i,
    output logic                     ready_o,
    input  wire logic [PairBits-1:0] pair_i,
    // A completion of the oldest packet; `more` of its will follow.
    input  wire logic                completion_valid_i,
    input  wire logic                completion_more_i,
    output logic                     completion_ready_o,
    output logic [NumPairs-1:0]      completion_valid_o,
    input  wire logic [NumPairs-1:0] completion_ready_i
);

  logic [PairBits-1:0] owner;
  logic                owner_valid;

  fifo #(
    .Width(PairBits),
    .Depth(Packets)
  ) u_owners (
    .clk_i, .rst_i, .valid_i, .ready_o, .data_i(pair_i), .valid_o(owner_valid),
    .ready_i(completion_valid_i && completion_ready_o && !completion_more_i), .data_o(owner),
    .quiescent_o
  );

  always_comb begin
    completion_valid_o = '0;
    completion_ready_o = 1'b0;
    if (completion_valid_i && owner_valid) begin
      completion_valid_o[owner] = 1'b1;
      completion_ready_o        = completion_ready_i[owner];
    end
  end

endmodule

`default_nettype wire
