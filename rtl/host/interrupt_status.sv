// ISR status (virtio 1.3, 4.1.4.5): bit 0 used buffers, bit 1 a change of the configuration. A read
// of its word clears both.
`default_nettype none

module interrupt_status (
  input  wire logic   clk_i,
  input  wire logic   rst_i,
  input  wire logic   reset_i,          // of the device, by the driver
  input  wire logic   read_i,
  output logic [31:0] data_o,
  input  wire logic   msix_enable_i,    // then bit 0 is not used
  input  wire logic   used_buffers_i,   // pulse
  input  wire logic   config_changed_i  // pulse
);

  logic [1:0] status_q;
  logic [1:0] raise;
  logic [1:0] data_q;

  assign raise  = {config_changed_i, used_buffers_i && !msix_enable_i};
  assign data_o = {30'd0, data_q};

  // What happens while it is read is kept for the next read.
  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) status_q <= 2'd0;
    else status_q <= (read_i ? 2'd0 : status_q) | raise;
  end

  always_ff @(posedge clk_i) begin
    if (read_i) data_q <= status_q;
  end

endmodule

`default_nettype wire
