// Hashes what tells the flow of a received packet (virtio 1.3, 5.1.6.4.3): addresses, and ports of
// TCP and UDP where the packet has them in one piece. IPv6 extension headers are stepped over. The
// hash of a frame is there in the second cycle after its last beat, `end_i`, which forgets it. What
// the driver hears is a matter of the types that it enabled; frames may be spread by all there are.
`default_nettype none

module receive_hash (
  input  wire logic         clk_i,
  input  wire logic         rst_i,
  input  wire logic [5:0]   types_i,   // hash types that are enabled
  input  wire logic         all_types_i,  // frames are spread by all types
  input  wire logic [8*nic_pkg::HashKeyBytes-1:0] key_i,  // its first byte in bits 319:312
  input  wire logic         end_i,     // of any frame, with a packet in it or without
  // From network_rows.
  input  wire logic         valid_i,
  input  wire logic         first_i,
  input  wire logic         ipv4_i,
  input  wire logic [63:0]  row_i,
  input  wire logic [3:0]   room_i,
  output logic [3:0]        report_o,  // which hash it is; 0: none
  output logic [31:0]       hash_o,
  output logic              spread_o,  // there is a hash to spread by; with it:
  output logic [6:0]        spread_hash_o,
  output logic              quiescent_o
);

  localparam logic [15:0] FragmentMask = 16'hFF3F;  // more fragments, and the offset
  localparam logic [7:0]  HopByHop = 8'd0;
  localparam logic [7:0]  Tcp = 8'd6;
  localparam logic [7:0]  Udp = 8'd17;
  localparam logic [7:0]  Routing = 8'd43;
  localparam logic [7:0]  DestinationOptions = 8'd60;
  localparam logic [15:0] PortBytes = 16'd4;
  localparam logic [15:0] RowBytes = 16'd8;
  // Rows of the network header that end the addresses.
  localparam logic [3:0]  Ipv4Row = 4'd2;
  localparam logic [3:0]  Ipv6Row = 4'd4;

  function automatic logic [31:0] swap(input logic [31:0] word);
    swap = {word[7:0], word[15:8], word[23:16], word[31:24]};
  endfunction

  // What is known of the packet before this row. `index` stops at 15, which is behind all headers
  // of IPv4 and within the extensions of IPv6.
  logic         looking_q;   // more of it may be of use
  logic         ipv4_q;
  logic [3:0]   index_q;
  logic [3:0]   units_q;     // IPv4: the words of the header
  logic [7:0]   next_q;      // what the next header is
  logic [7:0]   skip_q;      // IPv6: rows of an extension header that is known already
  logic [15:0]  left_q;      // bytes behind the headers known so far
  logic         whole_q;     // no fragment
  logic         addresses_q, ports_q;  // have been hashed
  logic [31:0]  addresses_hash_q, ports_hash_q;

  // What this row is.
  logic         look, transport, extension, ports_low, ports_high, address_low, address_high;
  logic         version_good;
  logic         hashing;
  logic [15:0]  length, extension_bytes;
  logic [63:0]  key_low, key_high;
  logic [31:0]  hash_low, hash_high;

  assign hashing = types_i != '0 || all_types_i;

  always_comb begin
    look            = 1'b0;
    transport       = 1'b0;
    extension       = 1'b0;
    ports_low       = 1'b0;
    ports_high      = 1'b0;
    address_low     = 1'b0;
    address_high    = 1'b0;
    version_good    = 1'b0;
    length          = '0;
    extension_bytes = '0;
    if (valid_i && hashing) begin
      if (first_i) begin
        version_good = ipv4_i ? row_i[7:4] == 4'd4 && row_i[3:0] >= 4'd5 : row_i[7:4] == 4'd6;
        length       = ipv4_i ? {row_i[23:16], row_i[31:24]} : {row_i[39:32], row_i[47:40]};
      end else if (looking_q) begin
        look         = 1'b1;
        transport    = whole_q && left_q >= PortBytes && (next_q == Tcp || next_q == Udp);
        address_low  = ipv4_q ? index_q == Ipv4Row : index_q <= Ipv6Row;
        address_high = ipv4_q ? index_q == Ipv4Row - 4'd1 : index_q <= Ipv6Row;
        if (ipv4_q) begin
          ports_low  = transport && units_q == {index_q[2:0], 1'b0} && index_q > Ipv4Row &&
                       room_i >= 4'd4;
          ports_high = transport && units_q == {index_q[2:0], 1'b1} && index_q >= Ipv4Row &&
                       room_i >= 4'd8;
        end else if (index_q > Ipv6Row && skip_q == '0) begin
          ports_low       = transport && room_i >= 4'd4;
          extension       = next_q == HopByHop || next_q == Routing || next_q == DestinationOptions;
          extension_bytes = RowBytes + {5'd0, row_i[15:8], 3'd0};
        end
      end
    end
  end

  // The words of the input in their order: addresses, then ports.
  always_comb begin
    key_low   = '0;
    key_high  = '0;
    hash_low  = '0;
    hash_high = '0;
    if (address_low || address_high || ports_low || ports_high) begin
      if (ipv4_q) begin
        key_low  = index_q == Ipv4Row ? key_i[287-:64] : key_i[255-:64];
        key_high = index_q < Ipv4Row ? key_i[319-:64] : key_i[255-:64];
      end else begin
        unique case (index_q)
          4'd1:    {key_low, key_high} = {key_i[319-:64], key_i[287-:64]};
          4'd2:    {key_low, key_high} = {key_i[255-:64], key_i[223-:64]};
          4'd3:    {key_low, key_high} = {key_i[191-:64], key_i[159-:64]};
          4'd4:    {key_low, key_high} = {key_i[127-:64], key_i[95-:64]};
          default: {key_low, key_high} = {key_i[63-:64], 64'd0};
        endcase
      end
      if (address_low || ports_low) hash_low = toeplitz_pkg::hash_word(swap(row_i[31:0]), key_low);
      if (address_high || ports_high) begin
        hash_high = toeplitz_pkg::hash_word(swap(row_i[63:32]), key_high);
      end
    end
  end

  assign quiescent_o = !(valid_i && hashing) && !end_i;

  always_ff @(posedge clk_i) begin
    if (end_i) begin
      looking_q   <= 1'b0;
      addresses_q <= 1'b0;
      ports_q     <= 1'b0;
    end
    if (valid_i && first_i && hashing) begin
      looking_q        <= version_good;
      ipv4_q           <= ipv4_i;
      index_q          <= 4'd1;
      units_q          <= row_i[3:0];
      next_q           <= row_i[55:48];
      skip_q           <= '0;
      left_q           <= length;
      whole_q          <= !ipv4_i || (row_i[63:48] & FragmentMask) == 16'd0;
      addresses_q      <= 1'b0;
      ports_q          <= 1'b0;
      addresses_hash_q <= '0;
      ports_hash_q     <= '0;
    end else if (look) begin
      if (index_q != '1) index_q <= index_q + 4'd1;
      if (address_low || address_high) begin
        addresses_hash_q <= addresses_hash_q ^ (address_low ? hash_low : 32'd0)
                                             ^ (address_high ? hash_high : 32'd0);
      end
      if (address_low && index_q == (ipv4_q ? Ipv4Row : Ipv6Row)) addresses_q <= 1'b1;
      if (ports_low || ports_high) begin
        ports_hash_q <= ports_low ? hash_low : hash_high;
        ports_q      <= 1'b1;
        looking_q    <= 1'b0;
      end
      if (ipv4_q) begin
        if (index_q == 4'd1) begin
          next_q <= row_i[15:8];
          left_q <= left_q >= 16'({units_q, 2'b00}) ? left_q - 16'({units_q, 2'b00}) : 16'd0;
        end
        if (index_q == 4'd8) looking_q <= 1'b0;
      end else if (skip_q != '0) skip_q <= skip_q - 8'd1;
      else if (extension) begin
        next_q <= row_i[7:0];
        skip_q <= row_i[15:8];
        left_q <= left_q >= extension_bytes ? left_q - extension_bytes : 16'd0;
      end else if (index_q > Ipv6Row) looking_q <= 1'b0;
    end
    if (rst_i) begin
      looking_q   <= 1'b0;
      addresses_q <= 1'b0;
      ports_q     <= 1'b0;
    end
  end

  // The type that says most, of those that are enabled and fit. Types and reports are numbered
  // alike: addresses, those with ports of TCP, those with ports of UDP; of IPv4, then of IPv6.
  logic [2:0] types;         // of the packet's family
  logic       tcp, with_ports;
  logic [3:0] kind;
  logic [31:0] full_hash;    // with ports, if it has any

  always_comb begin
    types         = '0;
    tcp           = 1'b0;
    with_ports    = 1'b0;
    kind          = '0;
    full_hash     = '0;
    report_o      = '0;
    hash_o        = '0;
    spread_o      = 1'b0;
    spread_hash_o = '0;
    if (end_i && addresses_q) begin
      types      = ipv4_q ? types_i[2:0] : types_i[5:3];
      tcp        = next_q == Tcp;
      kind       = ipv4_q ? nic_pkg::HashReportIpv4 : nic_pkg::HashReportIpv6;
      with_ports = ports_q && (tcp ? types[nic_pkg::HashTypeTcpv4] : types[nic_pkg::HashTypeUdpv4]);
      full_hash  = addresses_hash_q ^ (ports_q ? ports_hash_q : 32'd0);
      if (with_ports) begin
        report_o = kind + (tcp ? 4'd1 : 4'd2);
        hash_o   = full_hash;
      end else if (types[nic_pkg::HashTypeIpv4]) begin
        report_o = kind;
        hash_o   = addresses_hash_q;
      end
      spread_o      = all_types_i || report_o != '0;
      spread_hash_o = all_types_i ? full_hash[6:0] : hash_o[6:0];
    end
  end

  if (nic_pkg::HashTypeTcpv6 - nic_pkg::HashTypeIpv6 != 1 || nic_pkg::HashTypeIpv6 != 3 ||
      nic_pkg::HashReportTcpv4 != 4'd2 || nic_pkg::HashReportUdpv6 != 4'd6) begin : gen_check
    $error("receive_hash: hash types or reports are numbered otherwise");
  end

endmodule

`default_nettype wire
