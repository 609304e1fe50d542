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
    output logic [                               NumQueues-1:0] enable_o,   // as in config_i
    output logic [                             9*NumQueues-1:0] size_o,     // as in config_i
    output logic [                               NumQueues-1:0] start_o,
    output logic [                               NumQueues-1:0] misplaced_o  // with start_o
);

  logic [NumQueues-1:0] started_q;
  nic_types_pkg::queue_config_t queue;
  nic_types_pkg::queue_config_t starter;

  always_comb
    for (int q = 0; q < NumQueues; q++) begin
      queue = config_i[nic_types_pkg::QueueConfigBits*q+:nic_types_pkg::QueueConfigBits];
      enable_o[q] = queue.enable;
      size_o[9*q+:9] = queue.size;
    end

  assign start_o = (live_i && !rst_i) ? (enable_o & ~started_q) : '0;

  always_comb begin
    misplaced_o = '0;
    starter = '0;
    if (start_o != '0)
      for (int q = 0; q < NumQueues; q++) begin
        starter = config_i[nic_types_pkg::QueueConfigBits*q+:nic_types_pkg::QueueConfigBits];
        misplaced_o[q] = start_o[q] && (starter.desc[3:0] != '0 || starter.driver[1:0] != '0
            || starter.device[1:0] != '0
            // A ring must not reach the end of the address space.
            || {1'b0, starter.desc[63:4]} + 61'(starter.size) >= {1'b1, 60'b0});
      end
  end

  always_ff @(posedge clk_i)
    if (rst_i) started_q <= '0;
    else if (start_o != '0) started_q <= started_q | start_o;

endmodule

`default_nettype wire
