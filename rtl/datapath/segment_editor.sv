// What differs from segment to segment of a packet that is cut: lengths, identification, sequence
// number, flags, checksums. Gives the words to write over the packet's headers, one a step; those
// of the checksums need the words before them. The TCP checksum is only begun: the place holds the
// pseudo header's sum, as for every checksum that is summed on the way into the frame buffer.
`default_nettype none

module segment_editor (
  input  wire logic                            clk_i,
  input  wire logic                            begin_i,    // a packet: its first segment is next
  input  wire logic                            ipv6_i,
  input  wire logic                            ecn_i,      // congestion notified in the first only
  input  wire nic_types_pkg::segment_headers_t headers_i,
  input  wire logic                            active_i,   // a step, until it is the last
  input  wire logic [10:0]                     payload_i,  // of this segment
  input  wire logic                            first_i,
  input  wire logic                            final_i,    // no segment follows
  output logic [6:0]                           word_o,
  output logic [15:0]                          value_o,
  output logic                                 last_o      // step of this segment
);

  localparam logic [15:0] Fin = 16'h0001;
  localparam logic [15:0] Psh = 16'h0008;
  localparam logic [15:0] Cwr = 16'h0080;
  localparam logic [15:0] Ipv6Header = 16'd40;
  localparam logic [15:0] Tcp = 16'd6;

  typedef enum logic [2:0] {
    EditLength, EditId, EditNetworkSum, EditHigh, EditLow, EditFlags, EditTransportSum
  } edit_e;

  edit_e       edit_q;
  logic [15:0] id_q, sum_q, length;
  logic [31:0] sequence_q;

  always_comb begin
    word_o  = '0;
    value_o = '0;
    length  = '0;
    if (active_i) begin
      length = {8'd0, headers_i.bytes} + {5'd0, payload_i};
      unique case (edit_q)
        EditLength: begin
          word_o  = headers_i.network + (ipv6_i ? 7'd2 : 7'd1);
          value_o = length - {8'd0, headers_i.network, 1'b0} -
                    (ipv6_i ? Ipv6Header : 16'd0);
        end
        EditId: begin
          word_o  = headers_i.network + 7'd2;
          value_o = id_q;
        end
        EditNetworkSum: begin
          word_o  = headers_i.network + 7'd5;
          value_o = ~sum_q;
        end
        EditHigh: begin
          word_o  = headers_i.transport + 7'd2;
          value_o = sequence_q[31:16];
        end
        EditLow: begin
          word_o  = headers_i.transport + 7'd3;
          value_o = sequence_q[15:0];
        end
        EditFlags: begin
          word_o  = headers_i.transport + 7'd6;
          value_o = headers_i.flags & ~((final_i ? 16'd0 : Fin | Psh) |
                                        (ecn_i && !first_i ? Cwr : 16'd0));
        end
        default: begin
          word_o  = headers_i.transport + 7'd8;
          value_o = sum_q;
        end
      endcase
    end
  end

  assign last_o = edit_q == EditTransportSum;

  // Length and identification join the network header's sum, the TCP length that of the addresses.
  always_ff @(posedge clk_i) begin : advance
    logic [16:0] carry;
    if (active_i) begin
      carry = {1'b0, sum_q};
      unique case (edit_q)
        EditLength: begin
          carry  = {1'b0, headers_i.network_sum} + {1'b0, value_o};
          edit_q <= ipv6_i ? EditHigh : EditId;
        end
        EditId: begin
          carry  = {1'b0, sum_q} + {1'b0, id_q};
          edit_q <= EditNetworkSum;
        end
        EditNetworkSum: edit_q <= EditHigh;
        EditHigh:       edit_q <= EditLow;
        EditLow:        edit_q <= EditFlags;
        EditFlags: begin
          carry  = {1'b0, headers_i.pseudo_sum} +
                   {1'b0, length - {8'd0, headers_i.transport, 1'b0} + Tcp};
          edit_q <= EditTransportSum;
        end
        default: begin
          edit_q     <= EditLength;
          id_q       <= id_q + 16'd1;
          sequence_q <= sequence_q + {21'd0, payload_i};
        end
      endcase
      sum_q <= carry[15:0] + 16'(carry[16]);
    end else if (begin_i) begin
      edit_q     <= EditLength;
      id_q       <= headers_i.id;
      sequence_q <= headers_i.sequence_number;
    end
  end

`ifdef NIC_PROOF
  `include "segment_editor_proof.svh"
`endif

endmodule

`default_nettype wire
