// Device configuration of a network device (virtio 1.3, 5.1.4), and the generation that tells the
// driver that it changed between two reads (4.1.4.3.1).
`default_nettype none

module device_config (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  read_i,
  input  wire register_pkg::access_t access_i,
  output logic [31:0]                data_o,
  input  wire logic [47:0]           mac_i,      // byte 0 in bits 7:0; constant
  input  wire logic                  link_up_i,
  output logic [7:0]                 generation_o,
  output logic                       changed_o,  // pulse
  output logic                       quiescent_o
);

  logic       link_q;
  logic       unseen_q;      // changed since the driver last read
  logic [7:0] generation_q;

  assign changed_o    = link_up_i != link_q;
  assign generation_o = generation_q;
  assign quiescent_o  = !changed_o;

  always_ff @(posedge clk_i) link_q <= link_up_i;

  // A driver that has read nothing since the last change can not have read half of it, so many
  // changes may share one step of the generation.
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      unseen_q     <= 1'b0;
      generation_q <= 8'd0;
    end else begin
      unseen_q <= changed_o || (unseen_q && !read_i);
      if (read_i && unseen_q) generation_q <= generation_q + 8'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      unique case (access_i.address - nic_pkg::DeviceBase)
        nic_pkg::DeviceMac:               data_o <= mac_i[31:0];
        nic_pkg::DeviceMac + 16'd4:       data_o <= {15'd0, link_q, mac_i[47:32]};
        nic_pkg::DeviceMaxVirtqueuePairs: begin
          data_o <= {16'(nic_pkg::Mtu), 16'(nic_pkg::MaxQueuePairs)};
        end
        default:                          data_o <= '0;
      endcase
    end
  end

endmodule

`default_nettype wire
