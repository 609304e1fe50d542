// Common configuration (virtio 1.3, 4.1.4.3): negotiation of features, vectors, and the view of the
// queue that queue_select names. device_status itself is in device_control.
`default_nettype none

module common_config #(
  parameter int NumQueues = nic_pkg::NumQueues
) (
  input  wire logic                                     clk_i,
  input  wire logic                                     rst_i,
  input  wire logic                                     reset_i,  // of the device, by the driver
  input  wire logic                                     flush_i,  // it has begun: ignore writes
  input  wire register_pkg::access_t                    access_i,
  output logic [31:0]                                   data_o,
  // Device status.
  output logic                                          status_write_o,
  input  wire logic [7:0]                               status_i,
  input  wire logic                                     features_accepted_i,
  output logic                                          features_acceptable_o,
  input  wire logic                                     live_i,
  input  wire logic                                     start_i,
  // Settings.
  input  wire logic [7:0]                               config_generation_i,
  output logic [63:0]                                   features_o,
  output logic [15:0]                                   config_vector_o,
  output logic [16*NumQueues-1:0]                       queue_vector_o,
  output logic [NumQueues*nic_types_pkg::QueueConfigBits-1:0] queue_config_o,
  output logic [NumQueues-1:0]                          started_o,    // pulse, by queue
  output logic [NumQueues-1:0]                          misplaced_o
);

  localparam logic [15:0] NoVector = nic_pkg::NoVector;
  localparam logic [15:0] QueueRows = nic_pkg::CommonQueueSize;  // from here on

  logic [31:0] device_feature_select_q;
  logic [31:0] driver_feature_select_q;
  logic [63:0] driver_feature_q;
  logic [15:0] config_vector_q;
  logic [15:0] queue_select_q;

  logic [15:0] offset;
  logic        selected;  // the access is to this block
  logic        of_queue;  // and to the view of a queue
  logic        write;

  assign offset   = access_i.address - nic_pkg::CommonBase;
  assign selected = register_pkg::in_block(access_i.address, nic_pkg::CommonBase,
                                         nic_pkg::CommonSize);
  assign of_queue = selected && offset >= QueueRows;
  assign write    = access_i.write && selected && !of_queue && !flush_i;

  assign features_o      = driver_feature_q;
  assign config_vector_o = config_vector_q;

  // Bits that are not on offer are kept, and are then a reason to refuse FEATURES_OK.
  assign features_acceptable_o =
      (driver_feature_q & ~nic_pkg::FeaturesOffered) == '0 &&
      (driver_feature_q & nic_pkg::FeaturesRequired) == nic_pkg::FeaturesRequired;

  assign status_write_o = write && offset == nic_pkg::CommonDeviceStatus && access_i.strobe[0];

  // What a write to their word makes of these.
  logic [15:0] vector;
  logic [15:0] queue_select;
  logic [15:0] unused_num_queues;
  logic [15:0] unused_status;
  logic [31:0] driver_window;
  logic [31:0] written_window;

  always_comb begin
    {unused_num_queues, vector}   = '0;
    {queue_select, unused_status} = '0;
    driver_window                 = '0;
    written_window                = '0;
    if (access_i.write || access_i.read) begin
      driver_window  = driver_feature_select_q[0] ? driver_feature_q[63:32]
                                                  : driver_feature_q[31:0];
      written_window = register_pkg::merge(driver_window, access_i.data, access_i.strobe);
      {unused_num_queues, vector} =
          register_pkg::merge({16'd0, config_vector_q}, access_i.data, access_i.strobe);
      {queue_select, unused_status} =
          register_pkg::merge({queue_select_q, 16'd0}, access_i.data, access_i.strobe);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) begin
      device_feature_select_q <= '0;
      driver_feature_select_q <= '0;
      driver_feature_q        <= '0;
      config_vector_q         <= NoVector;
      queue_select_q          <= '0;
    end else if (write) begin
      unique case (offset)
        nic_pkg::CommonDeviceFeatureSelect:
          device_feature_select_q <= register_pkg::merge(device_feature_select_q, access_i.data,
                                                         access_i.strobe);
        nic_pkg::CommonDriverFeatureSelect:
          driver_feature_select_q <= register_pkg::merge(driver_feature_select_q, access_i.data,
                                                         access_i.strobe);
        nic_pkg::CommonDriverFeature: begin
          // What has been agreed on stays (virtio 1.3, 3.1.1).
          if (!features_accepted_i && driver_feature_select_q == 32'd0) begin
            driver_feature_q[31:0] <= written_window;
          end
          if (!features_accepted_i && driver_feature_select_q == 32'd1) begin
            driver_feature_q[63:32] <= written_window;
          end
        end
        nic_pkg::CommonConfigMsixVector:
          config_vector_q <= vector < 16'(nic_pkg::NumVectors) ? vector : NoVector;
        nic_pkg::CommonDeviceStatus: queue_select_q <= queue_select;
        default: ;
      endcase
    end
  end

  logic [31:0] word_q;
  logic        absent_q;  // no queue is selected that exists

  always_ff @(posedge clk_i) begin
    if (access_i.read) begin
      word_q   <= '0;
      absent_q <= of_queue && offset == nic_pkg::CommonQueueSize &&
                  queue_select_q >= 16'(NumQueues);
      if (selected) begin
        unique case (offset)
          nic_pkg::CommonDeviceFeatureSelect: word_q <= device_feature_select_q;
          nic_pkg::CommonDeviceFeature: begin
            if (device_feature_select_q == 32'd0) word_q <= nic_pkg::FeaturesOffered[31:0];
            if (device_feature_select_q == 32'd1) word_q <= nic_pkg::FeaturesOffered[63:32];
          end
          nic_pkg::CommonDriverFeatureSelect: word_q <= driver_feature_select_q;
          nic_pkg::CommonDriverFeature: begin
            if (driver_feature_select_q < 32'd2) word_q <= driver_window;
          end
          nic_pkg::CommonConfigMsixVector: word_q <= {16'(NumQueues), config_vector_q};
          nic_pkg::CommonDeviceStatus: word_q <= {queue_select_q, config_generation_i, status_i};
          default: ;
        endcase
      end
    end
  end

  // ---- Queues.

  logic [32*NumQueues-1:0] queue_data;

  for (genvar q = 0; q < NumQueues; q++) begin : gen_queue
    logic queue_selected;
    assign queue_selected = of_queue && queue_select_q == 16'(q) && !(access_i.write && flush_i);

    queue_registers #(
      .Index(q)
    ) u_queue (
      .clk_i,
      .rst_i,
      .reset_i,
      .access_i,
      .selected_i (queue_selected),
      .data_o     (queue_data[32*q+:32]),
      .vector_o   (queue_vector_o[16*q+:16]),
      .config_o   (queue_config_o[nic_types_pkg::QueueConfigBits*q
                                  +:nic_types_pkg::QueueConfigBits]),
      .live_i,
      .start_i,
      .started_o  (started_o[q]),
      .misplaced_o(misplaced_o[q])
    );
  end

  // A queue that does not exist has size 0 and no vector.
  always_comb begin
    data_o = word_q | (absent_q ? {NoVector, 16'd0} : 32'd0);
    for (int q = 0; q < NumQueues; q++) data_o = data_o | queue_data[32*q+:32];
  end

  if (nic_pkg::CommonDeviceStatus % 4 != 0 || nic_pkg::CommonQueueSelect % 4 != 2 ||
      nic_pkg::CommonQueueMsixVector != nic_pkg::CommonQueueSize + 2 ||
      nic_pkg::CommonQueueNotifyOff != nic_pkg::CommonQueueEnable + 2) begin : gen_layout_check
    $error("common_config: the words of the common configuration are laid out otherwise");
  end

endmodule

`default_nettype wire
