// Everything that the host reaches through BAR 0: the AXI4-Lite slave, all register blocks, device
// status and reset, and MSI-X.
`default_nettype none

module registers #(
  parameter int NumQueues = nic_pkg::NumQueues
) (
  input  wire logic                         clk_i,
  input  wire logic                         rst_i,
  output logic                              quiescent_o,
  // AXI4-Lite.
  input  wire logic [15:0]                  s_axil_awaddr_i,
  input  wire logic                         s_axil_awvalid_i,
  output logic                              s_axil_awready_o,
  input  wire logic [31:0]                  s_axil_wdata_i,
  input  wire logic [3:0]                   s_axil_wstrb_i,
  input  wire logic                         s_axil_wvalid_i,
  output logic                              s_axil_wready_o,
  output logic [1:0]                        s_axil_bresp_o,
  output logic                              s_axil_bvalid_o,
  input  wire logic                         s_axil_bready_i,
  input  wire logic [15:0]                  s_axil_araddr_i,
  input  wire logic                         s_axil_arvalid_i,
  output logic                              s_axil_arready_o,
  output logic [31:0]                       s_axil_rdata_o,
  output logic [1:0]                        s_axil_rresp_o,
  output logic                              s_axil_rvalid_o,
  input  wire logic                         s_axil_rready_i,
  // Station, link, and PCI configuration space.
  input  wire logic [47:0]                  mac_i,
  input  wire logic                         link_up_i,
  input  wire logic [1:0]                   link_fault_i,
  input  wire logic [1:0]                   pause_state_i,
  output ethernet_pkg::mac_config_t         mac_config_o,
  output logic [31:0]                       watermarks_o,
  input  wire logic                         msix_enable_i,
  input  wire logic                         msix_mask_i,
  input  wire logic                         bus_master_i,
  // Session.
  output logic                              live_o,
  output logic                              flush_o,
  input  wire logic                         drained_i,  // looked at during a flush
  output logic [63:0]                       features_o,  // agreed on, when live
  input  wire logic [NumQueues-1:0]         queue_error_i,
  input  wire logic [2:0]                   data_error_i,
  // Device configuration and moderation, as the control queue sets them: pulses, with a value.
  input  wire logic                         mac_set_i,
  input  wire logic                         announced_i,
  input  wire logic [NumQueues-2:0]         coalescing_set_i,  // by queue
  input  wire logic [63:0]                  control_value_i,   // the last bytes of a command
  output logic [64*(NumQueues-1)-1:0]       coalescing_o,
  output logic [47:0]                       mac_o,
  output logic [NumQueues-1:0]              queue_enable_o,
  // Queues.
  output logic [NumQueues*nic_types_pkg::QueueConfigBits-1:0]      queue_config_o,
  output logic [NumQueues*nic_types_pkg::ModerationConfigBits-1:0] moderation_o,
  output logic [NumQueues-1:0]              notify_o,
  // Interrupts: a pulse asks for one.
  input  wire logic [NumQueues-1:0]         interrupt_i,
  output logic                              request_valid_o,
  output nic_types_pkg::dma_request_t       request_o,
  input  wire logic                         request_ready_i,
  output logic                              beat_valid_o,
  output nic_types_pkg::dma_beat_t          beat_o,
  input  wire logic                         beat_ready_i,
  input  wire logic                         done_i,
  // Counters. The pulses for interrupts and link transitions come from in here.
  input  wire logic [nic_pkg::NumStats-1:0] increment_i,
  input  wire logic [15:0]                  tx_octets_i,
  input  wire logic [15:0]                  rx_octets_i
);

  localparam int DataQueues = NumQueues - 1;
  localparam int ConfigBits = nic_types_pkg::ModerationConfigBits;

  // ---- Register bus.

  register_pkg::access_t access;
  logic        bus_write;
  logic        bus_read;
  logic        bus_reading;
  logic [31:0] common_data;
  logic [31:0] isr_data;
  logic [31:0] device_data;
  logic [31:0] moderation_data;
  logic [31:0] statistics_data;
  logic [31:0] mac_data;
  logic [31:0] table_data;
  logic [31:0] pending_data;
  logic [31:0] data;
  logic        slave_quiescent;
  logic [register_pkg::NumBlocks-1:0] write;
  logic [register_pkg::NumBlocks-1:0] read;

  axi_lite_slave u_slave (
    .clk_i, .rst_i, .awaddr_i(s_axil_awaddr_i), .awvalid_i(s_axil_awvalid_i),
    .awready_o(s_axil_awready_o), .wdata_i(s_axil_wdata_i), .wstrb_i(s_axil_wstrb_i),
    .wvalid_i(s_axil_wvalid_i), .wready_o(s_axil_wready_o), .bresp_o(s_axil_bresp_o),
    .bvalid_o(s_axil_bvalid_o), .bready_i(s_axil_bready_i), .araddr_i(s_axil_araddr_i),
    .arvalid_i(s_axil_arvalid_i), .arready_o(s_axil_arready_o), .rdata_o(s_axil_rdata_o),
    .rresp_o(s_axil_rresp_o), .rvalid_o(s_axil_rvalid_o), .rready_i(s_axil_rready_i),
    .write_o(bus_write), .read_o(bus_read), .access_o(access), .data_i(data),
    .reading_o(bus_reading), .quiescent_o(slave_quiescent)
  );

  register_map u_map (
    .clk_i, .write_i(bus_write), .read_i(bus_read), .access_i(access), .write_o(write),
    .read_o(read), .reading_i(bus_reading), .common_data_i(common_data), .isr_data_i(isr_data),
    .device_data_i(device_data), .moderation_data_i(moderation_data),
    .statistics_data_i(statistics_data), .mac_data_i(mac_data), .msix_table_data_i(table_data),
    .msix_pending_data_i(pending_data), .data_o(data)
  );

  // ---- Status and session.

  logic                 status_write;
  logic [7:0]           status;
  logic                 features_acceptable;
  logic                 features_accepted;
  logic                 start;
  logic                 reset;
  logic                 failed;
  logic                 control_quiescent;
  logic                 msix_drained;
  logic [NumQueues-1:0] misplaced;
  logic                 misplaced_q;

  // A misplaced ring shows when its queue starts, an error only counts once the device is live.
  always_ff @(posedge clk_i) begin
    if (rst_i) misplaced_q <= 1'b0;
    else misplaced_q <= misplaced != '0;
  end

  device_control #(.DataErrorSources(3)) u_control (
    .clk_i, .rst_i, .write_i(status_write), .value_i(access.data[7:0]), .status_o(status),
    .features_acceptable_i(features_acceptable), .features_accepted_o(features_accepted), .live_o,
    .start_o(start), .flush_o, .drained_i(msix_drained && drained_i), .reset_o(reset),
    .queue_error_i(misplaced_q || queue_error_i != '0), .data_error_i, .failed_o(failed),
    .quiescent_o(control_quiescent)
  );

  // ---- Configuration.

  logic [7:0]              generation;
  logic                    link_changed;
  logic                    config_changed;
  logic                    device_quiescent;
  logic [15:0]             config_vector;
  logic [16*NumQueues-1:0] queue_vector;
  logic [NumQueues-1:0]    started;
  logic [NumQueues-1:0]    enable;
  logic                    notify_quiescent;
  logic                    one_pair;

  common_config #(.NumQueues(NumQueues)) u_common (
    .clk_i, .rst_i, .reset_i(reset), .flush_i(flush_o), .write_i(write[register_pkg::Common]),
    .read_i(read[register_pkg::Common]), .access_i(access), .data_o(common_data),
    .status_write_o(status_write), .status_i(status), .features_accepted_i(features_accepted),
    .features_acceptable_o(features_acceptable), .live_i(live_o), .start_i(start),
    .config_generation_i(generation), .features_o, .one_pair_o(one_pair),
    .config_vector_o(config_vector), .queue_enable_o(enable), .queue_vector_o(queue_vector),
    .queue_config_o, .queue_started_o(started), .queue_misplaced_o(misplaced)
  );

  device_config u_device (
    .clk_i, .rst_i, .read_i(read[register_pkg::Device]), .access_i(access), .data_o(device_data),
    .reset_i(reset), .mac_i, .link_up_i(link_up_i && link_fault_i == ethernet_pkg::LinkOk),
    .announce_i(live_o && features_o[nic_pkg::FeatureGuestAnnounce]), .mac_set_i,
    .mac_value_i(control_value_i[63:16]), .announced_i, .mac_o, .generation_o(generation),
    .changed_o(link_changed), .quiescent_o(device_quiescent)
  );

  // Nobody is told of anything before DRIVER_OK (virtio 1.3, 3.1.1), or while a reset drains.
  assign config_changed = (failed || link_changed) && !flush_o &&
                          (status & nic_pkg::StatusDriverOk) != 8'd0;

  interrupt_status u_isr (
    .clk_i, .rst_i, .reset_i(reset), .read_i(read[register_pkg::Isr]), .data_o(isr_data),
    .msix_enable_i, .used_buffers_i(interrupt_i != '0), .config_changed_i(config_changed)
  );

  notify #(.NumQueues(NumQueues)) u_notify (
    .clk_i, .rst_i, .write_i(write[register_pkg::Notify]), .access_i(access), .live_i(live_o),
    .one_pair_i(one_pair), .enable_i(enable), .started_i(started), .notify_o,
    .quiescent_o(notify_quiescent)
  );

  // The control queue's own interrupts are not moderated.
  moderation_registers #(.NumQueues(DataQueues)) u_moderation (
    .clk_i, .rst_i, .reset_i(reset), .flush_i(flush_o), .write_i(write[register_pkg::Moderation]),
    .read_i(read[register_pkg::Moderation]), .access_i(access), .data_o(moderation_data),
    .set_i(coalescing_set_i), .packets_i(control_value_i[31:0]), .usecs_i(control_value_i[63:32]),
    .coalescing_o, .config_o(moderation_o[0+:DataQueues*ConfigBits])
  );

  assign moderation_o[DataQueues*ConfigBits+:ConfigBits] = '0;
  assign queue_enable_o = enable;

  mac_registers u_mac (
    .clk_i, .rst_i, .reset_i(reset), .flush_i(flush_o), .write_i(write[register_pkg::Mac]),
    .read_i(read[register_pkg::Mac]), .access_i(access), .data_o(mac_data), .link_fault_i,
    .pause_state_i, .config_o(mac_config_o), .watermarks_o
  );

  // ---- Interrupts and counters.

  logic                         sent;
  logic                         msix_quiescent;
  logic                         statistics_quiescent;
  logic [nic_pkg::NumStats-1:0] increment;

  msix #(.NumSources(NumQueues + 1)) u_msix (
    .clk_i, .rst_i, .flush_i(flush_o), .drained_o(msix_drained), .quiescent_o(msix_quiescent),
    .table_write_i(write[register_pkg::MsixTable]), .table_read_i(read[register_pkg::MsixTable]),
    .pending_read_i(read[register_pkg::MsixPending]), .access_i(access),
    .table_data_o(table_data), .pending_data_o(pending_data), .msix_enable_i, .msix_mask_i,
    .bus_master_i, .raise_i({interrupt_i, config_changed}),
    .vector_i({queue_vector, config_vector}), .request_valid_o, .request_o, .request_ready_i,
    .beat_valid_o, .beat_o, .beat_ready_i, .done_i, .sent_o(sent)
  );

  // Those that are counted where they happen come from in here.
  always_comb begin
    increment                              = increment_i;
    increment[nic_pkg::StatInterrupts]      = sent;
    increment[nic_pkg::StatLinkTransitions] = link_changed;
  end

  statistics u_statistics (
    .clk_i, .rst_i, .read_i(read[register_pkg::Statistics]), .access_i(access),
    .data_o(statistics_data), .increment_i(increment), .tx_octets_i, .rx_octets_i,
    .quiescent_o(statistics_quiescent)
  );

  // Under load something is counted in most cycles, and simulation asks no further.
  always_comb begin
    quiescent_o = 1'b0;
    if (statistics_quiescent) begin
      quiescent_o = slave_quiescent && control_quiescent && device_quiescent &&
                    notify_quiescent && msix_quiescent && !misplaced_q && interrupt_i == '0 &&
                    coalescing_set_i == '0;
    end
  end

endmodule

`default_nettype wire
