// A queue starts when it is enabled and the driver is ready. Buffers may be available already, so
// the pulse counts as a notification. Where the queue's areas lie is judged here, before any is
// used: cutting off low bits of a misaligned address would hit other memory (virtio 1.3, 2.8.10.1).
`default_nettype none

module queue_starter #(
    parameter int NumQueues = 2
) (
    input  wire                                                 clk_i,
    input  wire                                                 rst_i,
    input  wire                                                 live_i,
    input  wire  [NumQueues*nic_types_pkg::QueueConfigBits-1:0] config_i,
    output logic                                                busy_o,
    output logic [                               NumQueues-1:0] start_o,
    output logic [                               NumQueues-1:0] misplaced_o,  // with start_o
    // Of queues that have started.
    output logic [                               NumQueues-1:0] started_o,
    output logic [                             9*NumQueues-1:0] size_o,
    output logic [                             8*NumQueues-1:0] page_slot_o   // of the first slot
);

  logic [NumQueues-1:0] starting;
  logic [NumQueues-1:0] misplaced;
  nic_types_pkg::queue_config_t queue;

  for (genvar q = 0; q < NumQueues; q++) begin : gen_starting
    assign starting[q] = live_i && !started_o[q]
        && config_i[nic_types_pkg::QueueConfigBits*q+nic_types_pkg::QueueEnableLsb];
  end

  always_comb begin
    misplaced = '0;
    queue = '0;
    for (int q = 0; q < NumQueues; q++)
      if (starting[q]) begin
        queue = config_i[nic_types_pkg::QueueConfigBits*q+:nic_types_pkg::QueueConfigBits];
        misplaced[q] = queue.desc[3:0] != '0 || queue.driver[1:0] != '0 || queue.device[1:0] != '0
            // A ring must not reach the end of the address space.
            || {1'b0, queue.desc[63:4]} + 61'(queue.size) >= {1'b1, 60'b0};
      end
  end

  assign busy_o = (starting | start_o | misplaced_o) != '0;

  always_ff @(posedge clk_i)
    if (rst_i) begin
      started_o <= '0;
      start_o <= '0;
      misplaced_o <= '0;
    end else if (busy_o) begin
      started_o <= started_o | starting;
      start_o <= starting;
      misplaced_o <= misplaced;
      for (int q = 0; q < NumQueues; q++)
        if (starting[q]) begin
          size_o[9*q+:9] <= config_i[nic_types_pkg::QueueConfigBits*q
                                     +nic_types_pkg::QueueSizeLsb+:9];
          page_slot_o[8*q+:8] <= config_i[nic_types_pkg::QueueConfigBits*q
                                          +nic_types_pkg::QueueDescLsb+4+:8];
        end
    end

endmodule

`default_nettype wire
