// Common configuration (virtio 1.3, 4.1.4.3): negotiation of features, vectors, and the view of the
// queue that queue_select names. device_status itself is in device_control.
`default_nettype none

module common_config #(
  parameter int NumQueues = nic_pkg::NumQueues
) (
  input  wire logic                   clk_i,
  input  wire logic                   rst_i,
  input  wire logic                   reset_i,  // of the device, by the driver
  input  wire logic                   flush_i,  // it has begun: ignore writes
  input  wire logic                   write_i,
  input  wire logic                   read_i,
  input  wire register_pkg::access_t  access_i,
  output logic [31:0]                 data_o,
  // Device status.
  output logic                        status_write_o,
  input  wire logic [7:0]             status_i,
  input  wire logic                   features_accepted_i,
  output logic                        features_acceptable_o,  // meant with `status_write_o`
  input  wire logic                   live_i,
  input  wire logic                   start_i,
  // Settings.
  input  wire logic [7:0]             config_generation_i,
  output logic [63:0]                 features_o,
  output logic                        one_pair_o,  // of queues is there, and the control queue
  output logic [15:0]                 config_vector_o,
  output logic [NumQueues-1:0]        queue_enable_o,
  output logic [16*NumQueues-1:0]     queue_vector_o,
  output logic [NumQueues*nic_types_pkg::QueueConfigBits-1:0] queue_config_o,
  output logic [NumQueues-1:0]        queue_started_o,   // pulse, by queue
  output logic [NumQueues-1:0]        queue_misplaced_o
);

  localparam logic [15:0] NoVector = nic_pkg::NoVector;
  localparam logic [15:0] QueueRows = nic_pkg::CommonQueueSize;  // from here on

  logic [31:0] device_select_q;
  logic [31:0] driver_select_q;
  logic [31:0] features_low_q;
  logic [31:0] features_high_q;
  logic [15:0] vector_q;
  logic [15:0] queue_select_q;

  logic [15:0] offset;
  logic        write;
  logic        of_queue;  // the access is to the view of a queue

  assign offset   = access_i.address - nic_pkg::CommonBase;
  assign of_queue = offset >= QueueRows;
  assign write    = write_i && !flush_i;

  assign features_o      = {features_high_q, features_low_q};
  assign one_pair_o      = features_accepted_i && (features_o & nic_pkg::FeaturesOfPairs) == '0;
  assign config_vector_o = vector_q;

  assign status_write_o = write && offset == nic_pkg::CommonDeviceStatus && access_i.strobe[0];

  // Bits that are not on offer are kept, and are then a reason to refuse FEATURES_OK.
  assign features_acceptable_o = status_write_o ?
      (features_o & ~nic_pkg::FeaturesOffered) == '0 &&
      (features_o & nic_pkg::FeaturesRequired) == nic_pkg::FeaturesRequired &&
      (features_o[nic_pkg::FeatureCtrlVq] ||
       (features_o & nic_pkg::FeaturesOfControl) == '0) : 1'b0;

  // The word that is meant, and what a write makes of it.
  logic [31:0] word;
  logic [31:0] word_d;

  always_comb begin
    word   = '0;
    word_d = '0;
    if (write_i || read_i) begin
      unique case (offset)
        nic_pkg::CommonDeviceFeatureSelect: word = device_select_q;
        nic_pkg::CommonDeviceFeature: begin
          if (device_select_q == 32'd0) word = nic_pkg::FeaturesOffered[31:0];
          if (device_select_q == 32'd1) word = nic_pkg::FeaturesOffered[63:32];
        end
        nic_pkg::CommonDriverFeatureSelect: word = driver_select_q;
        nic_pkg::CommonDriverFeature: begin
          if (driver_select_q == 32'd0) word = features_low_q;
          if (driver_select_q == 32'd1) word = features_high_q;
        end
        nic_pkg::CommonConfigMsixVector: word = {16'(NumQueues), vector_q};
        nic_pkg::CommonDeviceStatus: word = {queue_select_q, config_generation_i, status_i};
        default: ;
      endcase
      word_d = register_pkg::merge(word, access_i.data, access_i.strobe);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) begin
      device_select_q <= '0;
      driver_select_q <= '0;
      features_low_q  <= '0;
      features_high_q <= '0;
      vector_q        <= NoVector;
      queue_select_q  <= '0;
    end else if (write) begin
      unique case (offset)
        nic_pkg::CommonDeviceFeatureSelect: device_select_q <= word_d;
        nic_pkg::CommonDriverFeatureSelect: driver_select_q <= word_d;
        nic_pkg::CommonDriverFeature: begin
          // What has been agreed on stays (virtio 1.3, 3.1.1).
          if (!features_accepted_i && driver_select_q == 32'd0) features_low_q <= word_d;
          if (!features_accepted_i && driver_select_q == 32'd1) features_high_q <= word_d;
        end
        nic_pkg::CommonConfigMsixVector:
          vector_q <= word_d[15:0] < 16'(nic_pkg::NumVectors) ? word_d[15:0] : NoVector;
        nic_pkg::CommonDeviceStatus: queue_select_q <= word_d[31:16];
        default: ;
      endcase
    end
  end

  // ---- Queues.

  logic [31:0] queue_data;
  logic [31:0] word_q;
  logic        of_queue_q;

  queue_registers #(
    .NumQueues(NumQueues)
  ) u_queues (
    .clk_i,
    .rst_i,
    .reset_i,
    .write_i    (write && of_queue),
    .read_i     (read_i && of_queue),
    .access_i,
    .select_i   (queue_select_q),
    .one_pair_i (one_pair_o),
    .data_o     (queue_data),
    .enable_o   (queue_enable_o),
    .vector_o   (queue_vector_o),
    .config_o   (queue_config_o),
    .live_i,
    .start_i,
    .started_o  (queue_started_o),
    .misplaced_o(queue_misplaced_o)
  );

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      word_q     <= word;
      of_queue_q <= of_queue;
    end
  end

  assign data_o = of_queue_q ? queue_data : word_q;

  if (nic_pkg::CommonDeviceStatus % 4 != 0 || nic_pkg::CommonQueueSelect % 4 != 2 ||
      nic_pkg::CommonQueueMsixVector != nic_pkg::CommonQueueSize + 2 ||
      nic_pkg::CommonQueueNotifyOff != nic_pkg::CommonQueueEnable + 2) begin : gen_layout_check
    $error("common_config: the words of the common configuration are laid out otherwise");
  end

endmodule

`default_nettype wire
