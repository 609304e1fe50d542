// Cuts requests into bursts that never cross a boundary of MaxBurst bytes, and so never 4 KiB
// either (AXI4, A3.4.1). One burst a cycle, without a gap between requests.
`default_nettype none

module burst_cutter (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        flush_i,   // forget what is not cut yet
    input  nic_types_pkg::dma_request_t request_i,
    input  logic [1:0]                  client_i,
    input  logic                        valid_i,
    output logic                        ready_o,
    output logic [63:0]                 addr_o,
    output logic [3:0]                  beats_o,   // less one, as AxLEN has it
    output logic [3:0]                  tail_o,    // bytes in the last lane row; 0: all 16
    output logic [1:0]                  client_o,
    output logic                        first_o,   // of its request
    output logic                        last_o,    // of its request
    output logic                        valid_o,
    input  logic                        ready_i
);

  localparam int OffsetBits = $clog2(nic_types_pkg::MaxBurst);

  logic        active_q, first_q;
  logic [1:0]  client_q;
  logic [63:0] addr_q;
  logic [15:0] left_q;
  logic [8:0]  room, bytes;
  logic [7:0]  stop;

  // `stop` is the byte after the burst's last one; a burst up to the boundary stops at 256, or 0.
  always_comb begin
    room    = '0;
    last_o  = 1'b0;
    bytes   = '0;
    stop    = '0;
    beats_o = '0;
    if (active_q) begin
      room    = 9'd256 - {1'b0, addr_q[OffsetBits-1:0]};
      last_o  = left_q <= {7'd0, room};
      bytes   = last_o ? left_q[8:0] : room;
      stop    = addr_q[7:0] + bytes[7:0];
      beats_o = stop[7:4] - addr_q[7:4] - {3'd0, stop[3:0] == 4'd0};
    end
  end

  assign tail_o   = stop[3:0];
  assign addr_o   = addr_q;
  assign client_o = client_q;
  assign first_o  = first_q;
  assign valid_o  = active_q && !flush_i;
  assign ready_o  = !flush_i && (!active_q || (ready_i && last_o));

  always_ff @(posedge clk_i) begin
    if (rst_i || flush_i) active_q <= 1'b0;
    else if (ready_o) active_q <= valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (valid_i && ready_o) begin
      addr_q   <= request_i.addr;
      left_q   <= request_i.len;
      client_q <= client_i;
      first_q  <= 1'b1;
    end else if (valid_o && ready_i) begin
      addr_q   <= {addr_q[63:OffsetBits] + 56'd1, {OffsetBits{1'b0}}};
      left_q   <= left_q - {7'd0, bytes};
      first_q  <= 1'b0;
    end
  end

  if (nic_types_pkg::MaxBurst != 256) begin : gen_check
    $error("burst_cutter: MaxBurst is 256, 16 beats of 16 bytes");
  end

`ifdef NIC_PROOF
  `include "burst_cutter_proof.svh"
`endif

endmodule

`default_nettype wire
