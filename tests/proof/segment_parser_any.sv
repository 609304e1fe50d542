// Stands for segment_parser in proofs: takes any time, says anything of a packet's headers, the
// same as long as it is asked about one packet.
`default_nettype none

module segment_parser (
  input  wire logic                            clk_i,
  input  wire logic                            start_i,
  input  wire logic                            active_i,
  input  wire logic                            ipv6_i,
  input  wire logic [15:0]                     size_i,
  input  wire logic [16:0]                     length_i,
  input  wire logic [15:0]                     transport_i,
  output logic [3:0]                           row_o,
  input  wire logic [127:0]                    row_i,
  input  wire logic [3:0]                      rows_i,
  output logic                                 waits_o,
  output logic                                 done_o,
  output logic                                 refused_o,
  input  wire logic                            keep_i,
  output nic_types_pkg::segment_headers_t      headers_o
);

  localparam int HeaderBits = 118;

  (* anyseq *) wire [3:0]              any_row;
  (* anyseq *) wire [2:0]              any_answer;
  (* anyseq *) wire [HeaderBits-1:0]   any_headers;
  logic [HeaderBits-1:0]               headers_q;

  always_ff @(posedge clk_i) if (start_i) headers_q <= any_headers;

  assign row_o     = any_row;
  assign waits_o   = active_i && any_answer[0];
  assign done_o    = !any_answer[0] && any_answer[1];
  assign refused_o = !any_answer[0] && any_answer[2] && !any_answer[1];
  assign headers_o = headers_q;

endmodule

`default_nettype wire
