// Verifies the transport checksum of a received packet row by row: of TCP and UDP, over IPv4 and
// over IPv6 without extension headers. The verdict is there in the second cycle after the frame's
// last beat, and in that cycle alone.
`default_nettype none

module receive_checksum (
  input  wire logic        clk_i,
  input  wire logic        rst_i,
  // From network_rows.
  input  wire logic        valid_i,
  input  wire logic        first_i,
  input  wire logic        last_i,
  input  wire logic        tail_i,
  input  wire logic        ipv4_i,
  input  wire logic [63:0] row_i,
  input  wire logic [3:0]  room_i,
  output logic             verified_o,
  output logic             quiescent_o
);

  localparam logic [15:0] FragmentMask = 16'hFF3F;  // more fragments, and the offset
  localparam logic [7:0]  Tcp = 8'd6;
  localparam logic [7:0]  Udp = 8'd17;
  localparam logic [4:0]  Ipv6Units = 5'd10;

  // What is known of the packet after its first row.
  logic [1:0]  index_q;      // of the row; stops at 3
  logic        right_q;      // nothing wrong so far
  logic [16:0] left_q;       // bytes of the packet from this row on
  logic [16:0] transport_q;  // bytes after the network header; negative if that is longer
  logic [4:0]  units_q;      // of 4 bytes: of the network header from this row on, and 2 more
  logic [7:0]  protocol_q;   // IPv6
  logic        udp_q;

  logic        right;
  logic [15:0] length, transport_length;
  logic [7:0]  protocol;
  logic [31:0] udp_end;      // length and checksum of a UDP header
  logic [63:0] packet;       // the row without what lies behind the packet
  logic [63:0] header_words, transport_words;
  logic        middle;       // behind all headers, and before the end of the packet

  assign transport_length = {transport_q[7:0], transport_q[15:8]};

  always_comb begin
    right           = right_q;
    middle          = 1'b0;
    length          = '0;
    protocol        = '0;
    udp_end         = '0;
    packet          = '0;
    header_words    = '0;
    transport_words = '0;
    if (valid_i) middle = !first_i && index_q == 2'd3 && units_q == 5'd0 && left_q[16:3] != '0;
    if (middle) transport_words = row_i;
    else if (valid_i) begin
      packet = row_i;
      if (left_q[16:3] == '0) packet = row_i & ~(64'hFFFF_FFFF_FFFF_FFFF << {left_q[2:0], 3'b000});
      if (first_i) begin
        // Version, length, and IPv4: header length, fragments; IPv6: next header.
        length = ipv4_i ? {row_i[23:16], row_i[31:24]} : {row_i[39:32], row_i[47:40]};
        right  = ipv4_i ? row_i[7:4] == 4'd4 && row_i[3:0] >= 4'd5 &&
                          (row_i[63:48] & FragmentMask) == 16'd0
                        : row_i[7:4] == 4'd6;
        if (ipv4_i) header_words = row_i;
        else transport_words = {row_i[55:48], 8'd0, row_i[47:32], 32'd0};
      end else begin
        header_words    = ipv4_i ? packet : 64'd0;
        transport_words = packet;
        if (index_q == 2'd1) begin
          // IPv4: time to live, protocol, checksum, source. The pseudo header takes the protocol
          // and puts the length in the place of the checksum.
          protocol = ipv4_i ? row_i[15:8] : protocol_q;
          right    = right_q && !transport_q[16] &&
                     ((protocol == Tcp && transport_q >= 17'd20) ||
                      (protocol == Udp && transport_q >= 17'd8));
          if (ipv4_i) transport_words[31:0] = {transport_length, row_i[15:8], 8'd0};
        end else begin
          // IPv4: the destination, which both sums take, options, and then the segment.
          if (units_q < 5'd4) header_words[63:32] = '0;
          else if (ipv4_i) transport_words[63:32] = '0;
          if (units_q < 5'd3) header_words[31:0] = '0;
          else if (ipv4_i && index_q != 2'd2) transport_words[31:0] = '0;
          // A UDP length that is not the packet's is a lie of one of the two; a checksum of 0 is
          // none (RFC 768).
          udp_end = units_q == 5'd1 ? row_i[31:0] : row_i[63:32];
          if (udp_q && (units_q == 5'd1 || units_q == 5'd2)) begin
            right = right_q && udp_end[15:0] == transport_length && udp_end[31:16] != 16'd0;
          end
        end
      end
    end
    // All of the packet must be there. A packet that ends in its first rows is too short anyway.
    if (valid_i && last_i && (first_i || left_q > 17'(room_i))) right = 1'b0;
  end

  logic [31:0] header_sum_q, transport_sum_q;
  logic        done_q;

  assign quiescent_o = !valid_i && !done_q;

  always_ff @(posedge clk_i) begin
    if (!quiescent_o) begin
      done_q <= valid_i && tail_i;
      if (valid_i) begin
        right_q <= right;
        if (first_i) begin
          left_q      <= ipv4_i ? 17'(length) - 17'd8 : 17'(length) + 17'd32;
          transport_q <= ipv4_i ? 17'(length) - 17'({row_i[3:0], 2'b00}) : 17'(length);
          units_q     <= ipv4_i ? {1'b0, row_i[3:0]} : Ipv6Units;
          protocol_q  <= row_i[55:48];
        end else begin
          left_q <= left_q[16:3] != '0 ? left_q - 17'd8 : 17'd0;
          if (units_q != 5'd0) units_q <= units_q >= 5'd2 ? units_q - 5'd2 : 5'd0;
        end
        if (index_q == 2'd1 && !first_i) udp_q <= protocol == Udp;
        if (first_i) index_q <= 2'd1;
        else if (index_q != 2'd3) index_q <= index_q + 2'd1;
        // IPv6 has no header checksum, so its sum is made right.
        if (!middle) begin
          header_sum_q <= 32'(checksum_pkg::add_words(header_words)) +
                          (!first_i ? header_sum_q : ipv4_i ? 32'd0 : 32'hFFFF);
        end
        transport_sum_q <= 32'(checksum_pkg::add_words(transport_words)) +
                           (!first_i ? transport_sum_q : 32'd0);
      end
    end
    if (rst_i) done_q <= 1'b0;
  end

  always_comb begin
    verified_o = 1'b0;
    if (done_q && right_q) verified_o = checksum_pkg::fold(header_sum_q) == 16'hFFFF &&
                                        checksum_pkg::fold(transport_sum_q) == 16'hFFFF;
  end

endmodule

`default_nettype wire
