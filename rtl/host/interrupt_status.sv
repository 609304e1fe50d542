// ISR status (virtio 1.3, 4.1.4.5): bit 0 used buffers, bit 1 a change of the configuration. A read
// of its word clears both.
`default_nettype none

module interrupt_status (
  input  wire logic             clk_i,
  input  wire logic             rst_i,
  input  wire logic             reset_i,            // of the device, by the driver
  input  wire register_pkg::access_t access_i,
  output logic [31:0]           data_o,
  input  wire logic             msix_enable_i,      // then bit 0 is not used
  input  wire logic             used_buffers_i,     // pulse
  input  wire logic             config_changed_i    // pulse
);

  logic [1:0] status_q;
  logic       take;
  logic [1:0] raise;

  assign take  = access_i.read && register_pkg::in_block(access_i.address, nic_pkg::IsrBase,
                                                       nic_pkg::IsrSize);
  assign raise = {config_changed_i, used_buffers_i && !msix_enable_i};

  // What happens while it is read is kept for the next read.
  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) status_q <= 2'd0;
    else status_q <= (take ? 2'd0 : status_q) | raise;
  end

  always_ff @(posedge clk_i) begin
    if (access_i.read) data_o <= {30'd0, take ? status_q : 2'd0};
  end

endmodule

`default_nettype wire
