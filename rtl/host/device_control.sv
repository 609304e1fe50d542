// Device status (virtio 1.3, 2.1) and what follows from it: whether the NIC is live, the reset that
// drains it, and the errors after which only a reset helps.
//
// A write of 0 starts a flush. While blocks drain, the status reads as before, so that the driver
// can tell when the last DMA of the session is over (4.1.4.3.1). Blocks drain once the host
// has answered what it was asked; AXI has it answer everything.
`default_nettype none

module device_control #(
  parameter int DataErrorSources = 2
) (
  input  wire logic                        clk_i,
  input  wire logic                        rst_i,
  // Status register.
  input  wire logic                        write_i,
  input  wire logic [7:0]                  value_i,
  output logic [7:0]                       status_o,
  input  wire logic                        features_acceptable_i,
  output logic                             features_accepted_o,
  // Session.
  output logic                             live_o,
  output logic                             start_o,    // pulse before the first cycle of `live_o`
  output logic                             flush_o,
  input  wire logic                        drained_i,  // all blocks; looked at during a flush
  output logic                             reset_o,    // pulse: registers, back to the beginning
  // Errors, as pulses.
  input  wire logic                        queue_error_i,
  input  wire logic [DataErrorSources-1:0] data_error_i,
  output logic                             failed_o,   // pulse: now the device needs a reset
  output logic                             quiescent_o
);

  localparam int CountBits = $clog2(nic_pkg::DataErrorsUntilReset + DataErrorSources);
  localparam logic [7:0] DriverBits = nic_pkg::StatusAcknowledge | nic_pkg::StatusDriver |
                                      nic_pkg::StatusDriverOk | nic_pkg::StatusFeaturesOk |
                                      nic_pkg::StatusFailed;

  logic [7:0]           status_q;
  logic                 accepted_q;  // features; until the next reset
  logic                 live_q;
  logic                 flush_q;
  logic                 settled_q;   // blocks have seen `flush_o`
  logic [CountBits-1:0] data_errors_q;

  logic                 write;
  logic                 idle;        // there is nothing that a reset would have to drain
  logic [7:0]           status_d;
  logic                 accepted_d;
  logic [CountBits-1:0] data_errors_d;

  assign status_o            = status_q;
  assign features_accepted_o = accepted_q;
  assign live_o              = live_q;
  assign flush_o             = flush_q;

  assign write = write_i && !flush_q;
  assign idle  = status_q == 8'd0 && !live_q;

  // FEATURES_OK is kept only if the features are agreed to, DRIVER_OK only after that. Other bits
  // are stored as they come, but an error stays.
  always_comb begin
    accepted_d = accepted_q;
    status_d   = status_q;
    if (write) begin
      status_d = (value_i & DriverBits) | (status_q & nic_pkg::StatusNeedsReset);
      if ((status_d & nic_pkg::StatusFeaturesOk) != 8'd0) begin
        accepted_d = accepted_q || features_acceptable_i;
      end
      if (!accepted_d) status_d = status_d & ~nic_pkg::StatusFeaturesOk;
      if ((status_d & nic_pkg::StatusFeaturesOk) == 8'd0) begin
        status_d = status_d & ~nic_pkg::StatusDriverOk;
      end
    end
    if (failed_o) status_d = status_d | nic_pkg::StatusNeedsReset;
  end

  always_comb begin
    start_o = 1'b0;
    if (write && !live_q) begin
      start_o = value_i != 8'd0 && (status_d & nic_pkg::StatusDriverOk) != 8'd0 &&
                (status_d & nic_pkg::StatusNeedsReset) == 8'd0;
    end
  end

  // Single packets may be lost; a host that refuses many is not the one that was agreed with.
  always_comb begin
    data_errors_d = data_errors_q;
    if (data_error_i != '0) begin
      for (int i = 0; i < DataErrorSources; i++) begin
        data_errors_d = data_errors_d + CountBits'(data_error_i[i]);
      end
    end
  end

  assign failed_o = live_q && (queue_error_i ||
                               data_errors_d >= CountBits'(nic_pkg::DataErrorsUntilReset));

  always_comb begin
    reset_o = 1'b0;
    if (flush_q) reset_o = settled_q && drained_i;
    else if (write) reset_o = value_i == 8'd0 && idle;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || reset_o) begin
      status_q      <= 8'd0;
      accepted_q    <= 1'b0;
      live_q        <= 1'b0;
      flush_q       <= 1'b0;
      settled_q     <= 1'b0;
      data_errors_q <= '0;
    end else if (flush_q || (write && value_i == 8'd0)) begin
      live_q    <= 1'b0;
      flush_q   <= 1'b1;
      settled_q <= flush_q;
    end else begin
      status_q   <= status_d;
      accepted_q <= accepted_d;
      live_q     <= (live_q || start_o) && !failed_o;
      if (live_q) data_errors_q <= data_errors_d;
    end
  end

  assign quiescent_o = !write && !failed_o && !(flush_q && (live_q || !settled_q || drained_i)) &&
                       !(live_q && data_error_i != '0);

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      NeverLiveWhileDraining:  assert (!(live_q && flush_q));
      NeverLiveAfterAnError:   assert (!(live_q && (status_q & nic_pkg::StatusNeedsReset) != 0));
      LiveMeansAgreedFeatures: assert (!live_q || accepted_q);
    end
  end
`endif

endmodule

`default_nettype wire
