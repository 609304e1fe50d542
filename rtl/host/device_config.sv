// Device configuration of a network device (virtio 1.3, 5.1.4), and the generation that tells the
// driver that it changed between two reads (4.1.4.3.1).
`default_nettype none

module device_config (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  read_i,
  input  wire register_pkg::access_t access_i,
  output logic [31:0]                data_o,
  input  wire logic                  reset_i,      // of the device, by the driver
  input  wire logic [47:0]           mac_i,        // at power on: byte 0 in bits 7:0; constant
  input  wire logic                  link_up_i,
  input  wire logic                  announce_i,   // GUEST_ANNOUNCE was negotiated, and it is live
  input  wire logic                  mac_set_i,    // pulses of the control queue
  input  wire logic [47:0]           mac_value_i,
  input  wire logic                  announced_i,  // the driver has done so
  output logic [47:0]                mac_o,        // as it is now
  output logic [7:0]                 generation_o,
  output logic                       changed_o,  // pulse
  output logic                       quiescent_o
);

  logic        link_q;
  logic        announce_q;  // the driver is asked to
  logic        own_mac_q;   // the driver has set one
  logic [47:0] mac_q;
  logic        unseen_q;    // changed since the driver last read
  logic [7:0]  generation_q;

  assign changed_o    = link_up_i != link_q;
  assign generation_o = generation_q;
  assign quiescent_o  = !changed_o && !mac_set_i && !announced_i;
  assign mac_o        = own_mac_q ? mac_q : mac_i;

  always_ff @(posedge clk_i) link_q <= link_up_i;

  // Switches have forgotten where the station is when its link comes back (5.1.6.5.4).
  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) begin
      announce_q <= 1'b0;
      own_mac_q  <= 1'b0;
    end else if (changed_o || mac_set_i || announced_i) begin
      announce_q <= (announce_q && !announced_i) || (changed_o && link_up_i && announce_i);
      if (mac_set_i) own_mac_q <= 1'b1;
      if (mac_set_i) mac_q <= mac_value_i;
    end
  end

  // A driver that has read nothing since the last change can not have read half of it, so many
  // changes may share one step of the generation.
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      unseen_q     <= 1'b0;
      generation_q <= 8'd0;
    end else begin
      unseen_q <= changed_o || mac_set_i || announced_i || (unseen_q && !read_i);
      if (read_i && unseen_q) generation_q <= generation_q + 8'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      unique case (access_i.address - nic_pkg::DeviceBase)
        nic_pkg::DeviceMac:               data_o <= mac_o[31:0];
        nic_pkg::DeviceMac + 16'd4:       data_o <= {14'd0, announce_q, link_q, mac_o[47:32]};
        nic_pkg::DeviceMaxVirtqueuePairs: begin
          data_o <= {16'(nic_pkg::Mtu), 16'(nic_pkg::MaxQueuePairs)};
        end
        16'h10: data_o <= {16'(nic_pkg::IndirectionEntries), 8'(nic_pkg::HashKeyBytes), 8'd0};
        nic_pkg::DeviceSupportedHashTypes: data_o <= nic_pkg::SupportedHashTypes;
        default:                          data_o <= '0;
      endcase
    end
  end

endmodule

`default_nettype wire
