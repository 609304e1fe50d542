// Reads the headers of a packet that is to be cut into TCP segments, two bytes a cycle, and refuses
// what it can not cut: all that the driver says of them is checked against what stands there.
`default_nettype none

module segment_parser (
  input  wire logic                            clk_i,
  input  wire logic                            start_i,         // a packet is next
  input  wire logic                            active_i,        // behind it, until done or refused
  input  wire logic                            ipv6_i,
  input  wire logic [15:0]                     size_i,          // payload of a segment
  input  wire logic [16:0]                     length_i,        // of the frame
  input  wire logic [15:0]                     transport_i,     // where the driver says TCP begins
  output logic [3:0]                           row_o,           // that is wanted
  input  wire logic [127:0]                    row_i,           // itself
  input  wire logic [3:0]                      rows_i,          // of so many that are here
  output logic                                 waits_o,         // for the row
  output logic                                 done_o,          // from here on headers_o is right,
  output logic                                 refused_o,       // or the packet can not be cut
  input  wire logic                            keep_i,          // headers_o is wanted
  output nic_types_pkg::segment_headers_t      headers_o
);

  localparam logic [6:0]  TypeWord = 7'd6;
  localparam logic [15:0] TagType = 16'h8100;
  localparam logic [15:0] Ipv4Type = 16'h0800;
  localparam logic [15:0] Ipv6Type = 16'h86DD;
  localparam logic [7:0]  Tcp = 8'd6;
  // Extension headers that the addresses' meaning does not hang on.
  localparam logic [7:0]  HopByHop = 8'd0;
  localparam logic [7:0]  DestinationOptions = 8'd60;
  localparam logic [10:0] LastWord = 11'(nic_pkg::MaxGsoHeaders / 2 - 1);
  localparam logic [17:0] MaxFrame = 18'(nic_pkg::MaxFrameBytes);

  typedef enum logic [3:0] {
    StepType, StepIpv4, StepTotal, StepId, StepFragment, StepProtocol, StepRest,
    StepIpv6, StepPayload, StepNext, StepAddresses, StepOptions,
    StepHigh, StepLow, StepFlags
  } step_e;

  step_e       step_q;
  logic        tagged_q, done_q, wrong_q, far_q;
  logic [6:0]  word_q, network_q, transport_q;
  logic [7:0]  next_q;                 // IPv6: the header that follows
  logic [7:0]  bytes_q;
  logic [15:0] id_q, flags_q, network_sum_q, pseudo_sum_q;
  logic [31:0] sequence_q;
  logic [15:0] value;                  // of the word
  logic        looks, reads;

  // Nothing else is worked out until a word is here, or known never to come.
  always_comb begin
    waits_o = 1'b0;
    looks   = 1'b0;
    reads   = 1'b0;
    value   = '0;
    if (active_i && !done_q && !refused_o) begin
      looks   = {9'd0, word_q, 1'b1} >= length_i || word_q[6:3] < rows_i;
      waits_o = !looks;
      reads   = {9'd0, word_q, 1'b1} < length_i && looks;
      for (int i = 0; i < 8; i++) begin
        if (word_q[2:0] == 3'(i)) value = {row_i[16*i+:8], row_i[16*i+8+:8]};
      end
    end
  end

  // What is wrong with a word where it stands.
  always_ff @(posedge clk_i) begin : check
    logic [16:0] stated;  // bytes behind the Ethernet header
    logic [8:0]  bytes;   // of all headers
    logic [17:0] first;   // of the first segment, were the packet long enough
    logic        bad;
    if (reads) begin
      stated = length_i - {9'd0, network_q, 1'b0};
      bytes  = {1'b0, transport_q, 1'b0} + {3'd0, value[15:12], 2'd0};
      first  = {9'd0, bytes} + {2'd0, size_i};
      unique case (step_q)
        StepType:     bad = value != (ipv6_i ? Ipv6Type : Ipv4Type) &&
                            (value != TagType || tagged_q);
        StepIpv4:     bad = value[15:12] != 4'd4 || value[11:8] < 4'd5;
        StepTotal:    bad = {1'b0, value} != stated;
        StepFragment: bad = value[13:0] != 14'd0;
        StepProtocol: bad = value[7:0] != Tcp;
        StepIpv6:     bad = value[15:12] != 4'd6;
        StepPayload:  bad = {1'b0, value} != stated - 17'd40;
        StepOptions:  bad = next_q != HopByHop && next_q != DestinationOptions;
        StepFlags:    bad = value[15:12] < 4'd5 || transport_i != {8'd0, transport_q, 1'b0} ||
                            bytes > 9'(nic_pkg::MaxGsoHeaders) ||
                            {8'd0, bytes} > length_i ||
                            (first > MaxFrame && {1'b0, length_i} > MaxFrame);
        default:      bad = 1'b0;
      endcase
      wrong_q <= bad;
    end else if (start_i) wrong_q <= 1'b0;
  end

  // What to read after it.
  always_ff @(posedge clk_i) begin : walk
    step_e       step;
    logic [10:0] word;
    logic [6:0]  network, transport;
    logic [7:0]  next;
    logic        last;  // of the network headers
    if (reads) begin
      step      = step_q;
      word      = {4'd0, word_q} + 11'd1;
      network   = network_q;
      transport = transport_q;
      next      = next_q;
      last      = 1'b0;
      unique case (step_q)
        StepType: begin
          network  = word_q + 7'd1;
          tagged_q <= 1'b1;
          if (value == TagType) word = 11'd8;
          else step = ipv6_i ? StepIpv6 : StepIpv4;
        end
        StepIpv4: begin
          step      = StepTotal;
          transport = word_q + {2'd0, value[11:8], 1'b0};
        end
        StepTotal:    step = StepId;
        StepId:       step = StepFragment;
        StepFragment: step = StepProtocol;
        StepProtocol: begin
          step = StepRest;
          word = {4'd0, word_q} + 11'd2;
        end
        StepRest: last = word_q + 7'd1 == transport;
        StepIpv6: begin
          step = StepPayload;
          word = {4'd0, word_q} + 11'd2;
        end
        StepPayload: step = StepNext;
        StepNext: begin
          step = StepAddresses;
          next = value[15:8];
        end
        StepAddresses: if (word_q + 7'd1 == network + 7'd20) begin
          step = StepOptions;
          last = next == Tcp;
        end
        StepOptions: begin
          next = value[15:8];
          word = {4'd0, word_q} + {1'b0, value[7:0], 2'd0} + 11'd4;
          last = next == Tcp;
        end
        StepHigh: step = StepLow;
        StepLow: begin
          step = StepFlags;
          word = {4'd0, word_q} + 11'd3;
        end
        default: done_q <= 1'b1;  // StepFlags
      endcase
      if (last) begin
        step      = StepHigh;
        transport = word[6:0];
        word      = word + 11'd2;
      end
      {step_q, word_q, network_q}   <= {step, word[6:0], network};
      {transport_q, next_q, far_q} <= {transport, next, word > LastWord};
    end else if (looks) far_q <= 1'b1;
    else if (start_i) {step_q, word_q, tagged_q, done_q, far_q} <= {StepType, TypeWord, 3'b000};
  end

  // What it says of the packet, for its segments.
  always_ff @(posedge clk_i) begin : keep
    logic [16:0] carry;
    if (reads) begin
      unique case (step_q)
        StepId:            id_q <= value;
        StepHigh, StepLow: sequence_q <= {sequence_q[15:0], value};
        StepFlags: begin
          flags_q <= value;
          bytes_q <= {transport_q, 1'b0} + {2'd0, value[15:12], 2'd0};
        end
        StepIpv4, StepFragment, StepProtocol, StepRest: begin
          carry         = {1'b0, network_sum_q} + {1'b0, value};
          network_sum_q <= carry[15:0] + 16'(carry[16]);
        end
        default: ;
      endcase
      if (step_q == StepAddresses || (step_q == StepRest && word_q < network_q + 7'd10)) begin
        carry        = {1'b0, pseudo_sum_q} + {1'b0, value};
        pseudo_sum_q <= carry[15:0] + 16'(carry[16]);
      end
    end else if (start_i) {network_sum_q, pseudo_sum_q} <= 32'd0;
  end

  assign refused_o = wrong_q || far_q;
  assign done_o    = done_q && !refused_o;
  assign row_o     = word_q[6:3];

  always_comb begin
    headers_o = '0;
    if (keep_i) begin
      headers_o = {network_q, transport_q, bytes_q, id_q, sequence_q, flags_q, network_sum_q,
                   pseudo_sum_q};
    end
  end

endmodule

`default_nettype wire
