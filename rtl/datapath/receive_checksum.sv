// Verifies the transport checksum of frames on their way into the receive frame buffer: of TCP and
// UDP, over IPv4 and over IPv6 without extension headers, behind one VLAN tag or none. A frame's
// record, its length and the verdict, comes two cycles after its last beat.
`default_nettype none

module receive_checksum #(
  parameter int LengthBits = 11
) (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic                      valid_i,
  input  wire nic_types_pkg::mac_beat_t  beat_i,
  input  wire logic                      commit_i,  // with the last: the frame stays
  input  wire logic [LengthBits-1:0]     last_i,    // number of the beat's last byte
  output logic                           valid_o,   // pulse for each frame that stays
  output logic [LengthBits-1:0]          last_o,
  output logic                           verified_o,
  output logic                           quiescent_o
);

  // As two bytes of a beat, the first in the low bits.
  localparam logic [15:0] TypeIpv4 = 16'h0008;
  localparam logic [15:0] TypeIpv6 = 16'hDD86;
  localparam logic [15:0] TypeTag = 16'h0081;
  localparam logic [15:0] FragmentMask = 16'hFF3F;  // more fragments, and the offset
  localparam logic [7:0]  Tcp = 8'd6;
  localparam logic [7:0]  Udp = 8'd17;
  localparam logic [4:0]  Ipv6Units = 5'd10;

  typedef enum logic [2:0] {Addresses, Type, Tag, Network, Skip} state_e;

  state_e      state_q, state_d;
  logic        tagged_q;
  logic        ipv4_q, ipv4_d;
  logic [15:0] ether_type;

  // The network header begins in the middle of a beat: after byte 14, or 18 with a tag. Rows are
  // beats shifted so that it begins with one. The last row of a frame comes in the cycle after its
  // last beat; the next frame has no row for a while.
  logic [47:0] rest_q;  // of the beat before
  logic        flush_q, done_q, step;

  assign step = flush_q || (valid_i && state_q == Network);

  always_comb begin
    state_d    = state_q;
    ipv4_d     = ipv4_q;
    ether_type = state_q == Tag ? beat_i.data[15:0] : beat_i.data[47:32];
    if (valid_i) begin
      if (beat_i.last) state_d = Addresses;
      else if (state_q == Addresses) state_d = Type;
      else if (state_q == Type || state_q == Tag) begin
        ipv4_d  = ether_type == TypeIpv4;
        state_d = (ipv4_d || ether_type == TypeIpv6) ? Network : Skip;
        if (state_q == Type && ether_type == TypeTag) state_d = Tag;
      end
    end
  end

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
  logic [63:0] row;
  logic [63:0] packet;       // the row without what lies behind the packet
  logic [63:0] header_words, transport_words;
  logic        middle;       // behind all headers, and before the end of the packet
  logic [3:0]  room;         // bytes from this row on to the frame's end

  assign transport_length = {transport_q[7:0], transport_q[15:8]};
  assign room             = beat_i.count + (tagged_q ? 4'd6 : 4'd2);

  always_comb begin
    right           = right_q;
    middle          = 1'b0;
    row             = '0;
    length          = '0;
    protocol        = '0;
    udp_end         = '0;
    packet          = '0;
    header_words    = '0;
    transport_words = '0;
    if (step) begin
      row = tagged_q ? {beat_i.data[15:0], rest_q} : {beat_i.data[47:0], rest_q[47:32]};
      middle = index_q == 2'd3 && units_q == 5'd0 && left_q[16:3] != '0;
    end
    if (middle) transport_words = row;
    else if (step) begin
      packet = left_q[16:3] != '0 ? row : row & ~(64'hFFFF_FFFF_FFFF_FFFF << {left_q[2:0], 3'b000});
      if (index_q == 2'd0) begin
        // Version, length, and IPv4: header length, fragments; IPv6: next header.
        length = ipv4_q ? {row[23:16], row[31:24]} : {row[39:32], row[47:40]};
        right  = ipv4_q ? row[7:4] == 4'd4 && row[3:0] >= 4'd5 && (row[63:48] & FragmentMask) == 0
                        : row[7:4] == 4'd6;
        if (ipv4_q) header_words = row;
        else transport_words = {row[55:48], 8'd0, row[47:32], 32'd0};
      end else begin
        header_words    = ipv4_q ? packet : 64'd0;
        transport_words = packet;
        if (index_q == 2'd1) begin
          // IPv4: time to live, protocol, checksum, source. The pseudo header takes the protocol
          // and puts the length in the place of the checksum.
          protocol = ipv4_q ? row[15:8] : protocol_q;
          right    = right_q && !transport_q[16] &&
                     ((protocol == Tcp && transport_q >= 17'd20) ||
                      (protocol == Udp && transport_q >= 17'd8));
          if (ipv4_q) transport_words[31:0] = {transport_length, row[15:8], 8'd0};
        end else begin
          // IPv4: the destination, which both sums take, options, and then the segment.
          if (units_q < 5'd4) header_words[63:32] = '0;
          else if (ipv4_q) transport_words[63:32] = '0;
          if (units_q < 5'd3) header_words[31:0] = '0;
          else if (ipv4_q && index_q != 2'd2) transport_words[31:0] = '0;
          // A UDP length that is not the packet's is a lie of one of the two; a checksum of 0 is
          // none (RFC 768).
          udp_end = units_q == 5'd1 ? row[31:0] : row[63:32];
          if (udp_q && (units_q == 5'd1 || units_q == 5'd2)) begin
            right = right_q && udp_end[15:0] == transport_length && udp_end[31:16] != 16'd0;
          end
        end
      end
    end
    // All of the packet must be there. A packet that ends in its first rows is too short anyway.
    if (step && !flush_q && beat_i.last && (index_q == 2'd0 || left_q > 17'(room))) right = 1'b0;
  end

  logic [31:0] header_sum_q, transport_sum_q;
  logic        commit_q, awake;

  logic [LengthBits-1:0] last_q;

  assign awake       = valid_i || flush_q || done_q || commit_q || valid_o;
  assign quiescent_o = !awake;

  always_ff @(posedge clk_i) begin
    if (awake) begin
      if (valid_i) begin
        state_q <= state_d;
        ipv4_q  <= ipv4_d;
        rest_q  <= beat_i.data[63:16];
        last_q  <= last_i;
        if (state_q == Type) tagged_q <= ether_type == TypeTag;
      end
      flush_q  <= valid_i && beat_i.last && state_q == Network;
      done_q   <= flush_q;
      commit_q <= valid_i && commit_i;
      valid_o  <= commit_q;
      if (commit_q) last_o <= last_q;
      if (valid_i && state_q != Network) index_q <= 2'd0;
      if (step) begin
        right_q <= right;
        if (index_q == 2'd0) begin
          left_q      <= ipv4_q ? 17'(length) - 17'd8 : 17'(length) + 17'd32;
          transport_q <= ipv4_q ? 17'(length) - 17'({row[3:0], 2'b00}) : 17'(length);
          units_q     <= ipv4_q ? {1'b0, row[3:0]} : Ipv6Units;
          protocol_q  <= row[55:48];
        end else begin
          left_q <= left_q[16:3] != '0 ? left_q - 17'd8 : 17'd0;
          if (units_q != 5'd0) units_q <= units_q >= 5'd2 ? units_q - 5'd2 : 5'd0;
        end
        if (index_q == 2'd1) udp_q <= protocol == Udp;
        if (index_q != 2'd3) index_q <= index_q + 2'd1;
        // IPv6 has no header checksum, so its sum is made right.
        if (!middle) begin
          header_sum_q <= 32'(checksum_pkg::add_words(header_words)) +
                          (index_q != 2'd0 ? header_sum_q : ipv4_q ? 32'd0 : 32'hFFFF);
        end
        transport_sum_q <= 32'(checksum_pkg::add_words(transport_words)) +
                           (index_q != 2'd0 ? transport_sum_q : 32'd0);
      end
    end
    if (rst_i) begin
      state_q  <= Addresses;
      flush_q  <= 1'b0;
      done_q   <= 1'b0;
      commit_q <= 1'b0;
      valid_o  <= 1'b0;
    end
  end

  always_comb begin
    verified_o = 1'b0;
    if (done_q && right_q) verified_o = checksum_pkg::fold(header_sum_q) == 16'hFFFF &&
                                        checksum_pkg::fold(transport_sum_q) == 16'hFFFF;
  end

endmodule

`default_nettype wire
