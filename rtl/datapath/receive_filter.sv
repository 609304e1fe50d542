// Decides of each received frame whether the driver wants it, by its destination address and its
// VLAN (virtio 1.3, 5.1.6.5.1 and 5.1.6.5.3), while it comes in: the verdict is ready before the
// eighth beat, and no good frame has fewer. A table is looked up four addresses a cycle.
`default_nettype none

module receive_filter (
    input  wire logic                     clk_i,
    input  wire logic                     rst_i,
    input  wire logic                     valid_i,
    input  wire nic_types_pkg::mac_beat_t beat_i,
    // Settings: they count when a frame begins.
    input  wire logic                     address_filter_i,  // CTRL_RX: or all is wanted
    input  wire logic                     vlan_filter_i,     // CTRL_VLAN
    input  wire nic_types_pkg::filter_t   filter_i,
    input  wire logic [47:0]              mac_i,             // byte 0 in bits 7:0
    // filter_tables, answered in the same cycle.
    output logic                          seek_o,
    output logic [3:0]                    row_o,
    input  wire logic [191:0]             row_i,
    output logic [11:0]                   vid_o,
    input  wire logic                     vlan_i,
    output logic                          wanted_o,          // meant with beat_i.last
    output logic                          quiescent_o
);

  localparam int Ways = 4;
  localparam int Rows = nic_pkg::MacTableSize / Ways;

  logic        begun_q;    // the first beat has come
  logic        second_q;   // and the second is next
  logic        promisc_q;
  logic        address_q;  // the address is wanted
  logic        vlan_q;     // so is the VLAN
  logic [47:0] address;
  logic [47:0] sought_q;
  logic        half_q, list_q;
  logic [1:0]  step_q;
  logic [4:0]  left_q;     // addresses of the list from this row on
  logic        seeking_q;
  logic        promisc, wanted, sought;
  logic [4:0]  count;

  always_comb begin
    address = '0;
    promisc = 1'b0;
    wanted  = 1'b0;
    sought  = 1'b0;
    count   = '0;
    if (valid_i && !begun_q) begin
      address = beat_i.data[47:0];
      promisc = !address_filter_i || filter_i.promisc;
      if (!promisc) begin
        count = address[0] ? filter_i.counts[9:5] : filter_i.counts[4:0];
        if (address == mac_i) wanted = 1'b1;
        else if (address == '1) wanted = !filter_i.nobcast;
        else if (address[0] ? !filter_i.nomulti : !filter_i.nouni) begin
          wanted = address[0] ? filter_i.allmulti || filter_i.overflow[1]
                              : filter_i.alluni || filter_i.overflow[0];
          sought = !wanted && count != '0;
        end
      end
    end
  end

  // ---- Look the address up.

  logic found;

  always_comb begin
    row_o = '0;
    found = 1'b0;
    if (seeking_q) begin
      row_o = {half_q, list_q, step_q};
      for (int way = 0; way < Ways; way++) begin
        if (left_q > 5'(way) && row_i[48*way+:48] == sought_q) found = 1'b1;
      end
    end
  end

  // ---- The tag lies in the second beat: type in bytes 12 and 13, the VLAN in 14 and 15.

  logic unwanted_vlan;

  always_comb begin
    vid_o         = '0;
    unwanted_vlan = 1'b0;
    if (valid_i && second_q && vlan_filter_i && beat_i.data[47:32] == 16'h0081) begin
      vid_o         = {beat_i.data[51:48], beat_i.data[63:56]};
      unwanted_vlan = !vlan_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      begun_q  <= !beat_i.last;
      second_q <= !begun_q && !beat_i.last;
      if (!begun_q) begin
        promisc_q <= promisc;
        address_q <= wanted;
        vlan_q    <= 1'b1;
        seeking_q <= sought;
        sought_q  <= address;
        half_q    <= filter_i.half;
        list_q    <= address[0];
        step_q    <= '0;
        left_q    <= count;
      end
      if (second_q) vlan_q <= !unwanted_vlan;
    end
    if (seeking_q && (!valid_i || begun_q)) begin
      if (found) address_q <= 1'b1;
      if (found || left_q <= 5'(Ways)) seeking_q <= 1'b0;
      step_q <= step_q + 2'd1;
      left_q <= left_q - 5'(Ways);
    end
    if (rst_i) begin
      begun_q   <= 1'b0;
      second_q  <= 1'b0;
      seeking_q <= 1'b0;
    end
  end

  assign seek_o      = seeking_q;
  assign wanted_o    = promisc_q || (address_q && vlan_q);
  assign quiescent_o = !valid_i && !seeking_q;

  if (Rows != 4 || Ways * Rows != nic_pkg::MacTableSize) begin : gen_check
    $error("receive_filter: a list of addresses is four rows of four");
  end

endmodule

`default_nettype wire
