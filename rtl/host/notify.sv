// Notification slots (virtio 1.3, 4.1.4.4): the driver writes a queue's index, 16 bits, to the
// queue's slot. What does not fit together is not a notification. A queue that starts is announced
// as well, as its buffers may have been made available before.
`default_nettype none

module notify #(
  parameter int NumQueues = nic_pkg::NumQueues
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  write_i,
  input  wire register_pkg::access_t access_i,
  input  wire logic                  live_i,
  input  wire logic                  one_pair_i,  // and the control queue: that is all there is
  input  wire logic [NumQueues-1:0]  enable_i,
  input  wire logic [NumQueues-1:0]  started_i,  // pulse
  output logic [NumQueues-1:0]       notify_o,   // pulse
  output logic                       quiescent_o
);

  logic [NumQueues-1:0] notify_q;
  logic [NumQueues-1:0] notified;
  logic [15:0]          number;  // that the driver has for a queue

  always_comb begin
    notified = '0;
    number   = '0;
    if (write_i && live_i && access_i.strobe == 4'b0011) begin
      // Of one pair the control queue is the next, and what lies between is not there.
      for (int q = 0; q < NumQueues; q++) begin
        number      = one_pair_i && q == NumQueues - 1 ? 16'd2 : 16'(q);
        notified[q] = access_i.address == nic_pkg::NotifyBase +
                                          number * 16'(nic_pkg::NotifyMultiplier) &&
                      access_i.data[15:0] == number && enable_i[q] &&
                      !(one_pair_i && q >= 2 && q != NumQueues - 1);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) notify_q <= '0;
    else notify_q <= notified | started_i;
  end

  assign notify_o    = notify_q;
  assign quiescent_o = notify_q == '0;

endmodule

`default_nettype wire
