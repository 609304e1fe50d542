// Chooses among the four clients of a DMA engine. Each is served in turn, a whole request at a
// time, so none waits for more than one request of each of the others.
`default_nettype none

module request_arbiter (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  nic_types_pkg::dma_request_t request0_i,
    input  nic_types_pkg::dma_request_t request1_i,
    input  nic_types_pkg::dma_request_t request2_i,
    input  nic_types_pkg::dma_request_t request3_i,
    input  logic [3:0]                  valid_i,
    output logic [3:0]                  ready_o,
    output nic_types_pkg::dma_request_t request_o,
    output logic [1:0]                  client_o,
    output logic                        valid_o,
    input  logic                        ready_i
);

  logic [1:0] last_q;  // the client that was served last

  assign valid_o = |valid_i;

  // The client after the last one comes first, the last one itself comes last.
  always_comb begin
    client_o  = 2'd0;
    request_o = '0;
    ready_o   = 4'b0000;
    if (valid_o) begin
      unique case (last_q)
        2'd0:    client_o = valid_i[1] ? 2'd1 : valid_i[2] ? 2'd2 : valid_i[3] ? 2'd3 : 2'd0;
        2'd1:    client_o = valid_i[2] ? 2'd2 : valid_i[3] ? 2'd3 : valid_i[0] ? 2'd0 : 2'd1;
        2'd2:    client_o = valid_i[3] ? 2'd3 : valid_i[0] ? 2'd0 : valid_i[1] ? 2'd1 : 2'd2;
        default: client_o = valid_i[0] ? 2'd0 : valid_i[1] ? 2'd1 : valid_i[2] ? 2'd2 : 2'd3;
      endcase
      unique case (client_o)
        2'd0:    request_o = request0_i;
        2'd1:    request_o = request1_i;
        2'd2:    request_o = request2_i;
        default: request_o = request3_i;
      endcase
      if (ready_i) ready_o = 4'b0001 << client_o;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) last_q <= 2'd3;
    else if (valid_o && ready_i) last_q <= client_o;
  end

`ifdef NIC_PROOF
  `include "request_arbiter_proof.svh"
`endif

endmodule

`default_nettype wire
