// Decides when the packets of one queue are worth an evaluation of its event suppression: when
// max_packets were used, or max_usecs after the first of them, or at each packet if either is 0
// (virtio 1.3, 5.1.6.5.7). New parameters hold at once and for what is counted already. A packet in
// the cycle of `take_i` opens the next count, so a deadline wins over a packet at the same time.
`default_nettype none

module moderation (
    input  wire                                clk_i,
    input  wire                                rst_i,
    input  wire nic_types_pkg::moderation_config_t config_i,
    input  wire  [63:0]                        time_ps_i,
    input  wire                                packet_i,  // is used, visibly
    output logic                               met_o,
    input  wire                                take_i,    // while met: its packets are evaluated
    output logic                               armed_o,   // met at the deadline at the latest
    output logic [63:0]                        deadline_ps_o
);

  logic [31:0] count_q;
  logic [63:0] first_ps_q;  // when the first one was used

  always_comb begin
    met_o = 1'b0;
    if (count_q != '0)
      met_o = config_i.max_packets == '0 || config_i.limit_ps == '0
          || count_q >= config_i.max_packets || time_ps_i >= deadline_ps_o;
  end

  assign armed_o = count_q != '0;

  always_comb begin
    deadline_ps_o = '1;
    if (armed_o) deadline_ps_o = first_ps_q + 64'(config_i.limit_ps);
  end

  always_ff @(posedge clk_i)
    if (rst_i) count_q <= '0;
    else if (packet_i || take_i) begin
      if (packet_i && (count_q == '0 || take_i)) first_ps_q <= time_ps_i;
      if (take_i) count_q <= 32'(packet_i);
      else if (count_q != '1) count_q <= count_q + 1'b1;
    end

  // A duty of the surroundings: assumed in the proof of this block alone.
`ifdef NIC_CHECK
`ifndef NIC_PROOF
  always_ff @(posedge clk_i)
    if (!rst_i) begin
      TakenOnlyWhenMet: assert (!take_i || met_o);
    end
`endif
`endif
`ifdef NIC_PROOF
  `include "moderation_proof.svh"
`endif

endmodule

`default_nettype wire
