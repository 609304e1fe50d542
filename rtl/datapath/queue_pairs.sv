// Which signals of the virtqueues are whose: of pair n queue 2n receives and queue 2n + 1 transmits
// (virtio 1.3, 5.1.2). Wires only; reception needs more of a queue than transmission.
`default_nettype none

module queue_pairs #(
    parameter int NumPairs = nic_pkg::MaxQueuePairs
) (
    // Of all queues.
    input  wire logic [2*NumPairs-1:0]             valid_i,
    input  wire logic [2*NumPairs*nic_types_pkg::ElementBits-1:0] elements_i,
    input  wire logic [2*NumPairs-1:0]             empty_i,
    input  wire logic [2*NumPairs-1:0]             full_i,
    output logic [2*NumPairs-1:0]                  take_o,
    output logic [2*NumPairs-1:0]                  commit_o,
    output logic [2*NumPairs-1:0]                  rewind_o,
    output logic [2*NumPairs-1:0]                  completion_valid_o,
    input  wire logic [2*NumPairs-1:0]             completion_ready_i,
    // Of those that receive.
    output logic [NumPairs-1:0]                    receive_valid_o,
    output logic [NumPairs*nic_types_pkg::ElementBits-1:0] receive_elements_o,
    output logic [NumPairs-1:0]                    receive_empty_o,
    output logic [NumPairs-1:0]                    receive_full_o,
    input  wire logic [NumPairs-1:0]               receive_take_i,
    input  wire logic [NumPairs-1:0]               receive_commit_i,
    input  wire logic [NumPairs-1:0]               receive_rewind_i,
    input  wire logic [NumPairs-1:0]               received_valid_i,
    output logic [NumPairs-1:0]                    received_ready_o,
    // Of those that transmit.
    output logic [NumPairs-1:0]                    transmit_valid_o,
    output logic [NumPairs*nic_types_pkg::ElementBits-1:0] transmit_elements_o,
    input  wire logic [NumPairs-1:0]               transmit_take_i,
    input  wire logic [NumPairs-1:0]               transmit_commit_i,
    input  wire logic [NumPairs-1:0]               transmit_rewind_i,
    input  wire logic [NumPairs-1:0]               transmitted_valid_i,
    output logic [NumPairs-1:0]                    transmitted_ready_o
);

  localparam int Bits = nic_types_pkg::ElementBits;

  logic [NumPairs-1:0] unused_empty, unused_full;  // nobody who transmits asks

  for (genvar p = 0; p < NumPairs; p++) begin : gen_pair
    assign {transmit_valid_o[p], receive_valid_o[p]}     = valid_i[2*p+:2];
    assign {unused_empty[p], receive_empty_o[p]}         = empty_i[2*p+:2];
    assign {unused_full[p], receive_full_o[p]}           = full_i[2*p+:2];
    assign {transmitted_ready_o[p], received_ready_o[p]} = completion_ready_i[2*p+:2];
    assign receive_elements_o[Bits*p+:Bits]              = elements_i[Bits*(2*p)+:Bits];
    assign transmit_elements_o[Bits*p+:Bits]             = elements_i[Bits*(2*p+1)+:Bits];
  end

  always_comb begin
    {take_o, commit_o, rewind_o, completion_valid_o} = '0;
    if (receive_take_i != '0 || receive_commit_i != '0 || receive_rewind_i != '0) begin
      for (int p = 0; p < NumPairs; p++) begin
        take_o[2*p]   = receive_take_i[p];
        commit_o[2*p] = receive_commit_i[p];
        rewind_o[2*p] = receive_rewind_i[p];
      end
    end
    if (transmit_take_i != '0 || transmit_commit_i != '0 || transmit_rewind_i != '0) begin
      for (int p = 0; p < NumPairs; p++) begin
        take_o[2*p+1]   = transmit_take_i[p];
        commit_o[2*p+1] = transmit_commit_i[p];
        rewind_o[2*p+1] = transmit_rewind_i[p];
      end
    end
    if (received_valid_i != '0 || transmitted_valid_i != '0) begin
      for (int p = 0; p < NumPairs; p++) begin
        completion_valid_o[2*p+:2] = {transmitted_valid_i[p], received_valid_i[p]};
      end
    end
  end

endmodule

`default_nettype wire
