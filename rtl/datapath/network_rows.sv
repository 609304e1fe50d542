// Shifts a received frame so that its network header begins with a row of 8 bytes: rows are what
// follows the Ethernet header, of IPv4 and IPv6 packets, behind one VLAN tag or none. Other frames
// have no rows. A row comes with the beat that fills it; what the last beat has beyond its row is a
// row of its own in the cycle after. The next frame has no row for a while then.
`default_nettype none

module network_rows (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic                      valid_i,
  input  wire nic_types_pkg::mac_beat_t  beat_i,
  output logic                           valid_o,
  output logic                           first_o,  // the row that the network header begins with
  output logic                           last_o,   // the row of the last beat
  output logic                           tail_o,   // the row behind it
  output logic                           ipv4_o,   // else IPv6
  output logic [63:0]                    row_o,    // its first byte in bits 7:0
  output logic [3:0]                     room_o,   // bytes from the row's first to the frame's end
  output logic                           quiescent_o
);

  // As two bytes of a beat, the first in the low bits.
  localparam logic [15:0] TypeIpv4 = 16'h0008;
  localparam logic [15:0] TypeIpv6 = 16'hDD86;
  localparam logic [15:0] TypeTag = 16'h0081;
  localparam logic [3:0]  RowBytes = 4'd8;

  typedef enum logic [2:0] {Addresses, Type, Tag, Network, Skip} state_e;

  state_e      state_q, state_d;
  logic        tagged_q;
  logic        ipv4_q, ipv4_d;
  logic        first_q;
  logic        tail_q;
  logic [15:0] ether_type;
  logic [47:0] rest_q;       // of the beat before
  logic [3:0]  tail_room_q;

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

  assign valid_o     = tail_q || (valid_i && state_q == Network);
  assign first_o     = first_q;
  assign last_o      = !tail_q && beat_i.last;
  assign tail_o      = tail_q;
  assign ipv4_o      = ipv4_q;
  assign quiescent_o = !valid_i && !tail_q;

  // The network header begins with byte 14, or 18 behind a tag: in the middle of a beat.
  always_comb begin
    row_o  = '0;
    room_o = '0;
    if (valid_o) begin
      row_o  = tagged_q ? {beat_i.data[15:0], rest_q} : {beat_i.data[47:0], rest_q[47:32]};
      room_o = tail_q ? tail_room_q : beat_i.count + (tagged_q ? 4'd6 : 4'd2);
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i || tail_q) begin
      if (valid_i) begin
        state_q <= state_d;
        ipv4_q  <= ipv4_d;
        rest_q  <= beat_i.data[63:16];
        first_q <= state_q != Network;
        if (state_q == Type) tagged_q <= ether_type == TypeTag;
      end
      tail_q      <= valid_i && beat_i.last && state_q == Network;
      tail_room_q <= room_o > RowBytes ? room_o - RowBytes : 4'd0;
    end
    if (rst_i) begin
      state_q <= Addresses;
      tail_q  <= 1'b0;
    end
  end

endmodule

`default_nettype wire
