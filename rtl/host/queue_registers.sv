// The rows of the common configuration that belong to a virtqueue (virtio 1.3, 4.1.4.3), for all
// virtqueues; queue_select chooses the one that an access means.
`default_nettype none

module queue_registers #(
  parameter int NumQueues = nic_pkg::NumQueues
) (
  input  wire logic                   clk_i,
  input  wire logic                   rst_i,
  input  wire logic                   reset_i,   // of the device, by the driver
  input  wire logic                   write_i,   // to one of these rows
  input  wire logic                   read_i,
  input  wire register_pkg::access_t  access_i,
  input  wire logic [15:0]            select_i,  // any value; what is not there is absent
  input  wire logic                   one_pair_i,  // and the control queue: that is all there is
  output logic [31:0]                 data_o,
  output logic [NumQueues-1:0]        enable_o,
  output logic [16*NumQueues-1:0]     vector_o,
  output logic [NumQueues*nic_types_pkg::QueueConfigBits-1:0] config_o,
  input  wire logic                   live_i,
  input  wire logic                   start_i,     // pulse: the device goes live
  output logic [NumQueues-1:0]        started_o,   // pulse: so does this queue
  output logic [NumQueues-1:0]        misplaced_o  // pulse: it should, but no ring may lie there
);

  localparam int ConfigBits = nic_types_pkg::QueueConfigBits;
  localparam int IndexBits = NumQueues > 1 ? $clog2(NumQueues) : 1;
  localparam int OnePairQueues = 3;  // the last is the control queue (virtio 1.3, 5.1.2)
  localparam logic [15:0] NoVector = nic_pkg::NoVector;
  localparam logic [ConfigBits-1:0] Initial = {1'b0, 9'(nic_pkg::MaxQueueSize), 192'd0};

  logic [15:0]          offset;
  logic                 present;
  logic [IndexBits-1:0] index;

  assign offset  = access_i.address - nic_pkg::CommonBase;
  assign present = select_i < (one_pair_i ? 16'(OnePairQueues) : 16'(NumQueues));
  assign index   = one_pair_i && select_i == 16'(OnePairQueues - 1) ? IndexBits'(NumQueues - 1)
                                                                    : select_i[IndexBits-1:0];

  // The chosen queue, the word that is meant, and both after a write.
  nic_types_pkg::queue_config_t row;
  nic_types_pkg::queue_config_t row_d;
  logic [15:0]                  vector;
  logic [31:0]                  word;
  logic [31:0]                  word_d;
  logic                         enables;

  always_comb begin
    row    = '0;
    vector = NoVector;
    word   = '0;
    word_d = '0;
    if (write_i || read_i) begin
      if (present) begin
        row    = config_o[ConfigBits*index+:ConfigBits];
        vector = vector_o[16*index+:16];
      end
      unique case (offset)
        nic_pkg::CommonQueueSize:           word = {vector, 7'd0, row.size};
        nic_pkg::CommonQueueEnable:         word = {present ? select_i : 16'd0, 15'd0, row.enable};
        nic_pkg::CommonQueueDesc:           word = row.desc[31:0];
        nic_pkg::CommonQueueDesc + 16'd4:   word = row.desc[63:32];
        nic_pkg::CommonQueueDriver:         word = row.driver[31:0];
        nic_pkg::CommonQueueDriver + 16'd4: word = row.driver[63:32];
        nic_pkg::CommonQueueDevice:         word = row.device[31:0];
        nic_pkg::CommonQueueDevice + 16'd4: word = row.device[63:32];
        default: ;
      endcase
      word_d = register_pkg::merge(word, access_i.data, access_i.strobe);
    end
  end

  // Where a ring is and how long stays as it is while the device may work on it.
  always_comb begin
    row_d   = '0;
    enables = 1'b0;
    if (write_i) begin
      row_d   = row;
      enables = !row.enable && offset == nic_pkg::CommonQueueEnable && word_d[15:0] == 16'd1;
      if (!row.enable) begin
        unique case (offset)
          nic_pkg::CommonQueueSize:
            if (word_d[15:0] != 16'd0 && word_d[15:0] <= 16'(nic_pkg::MaxQueueSize)) begin
              row_d.size = word_d[8:0];
            end
          nic_pkg::CommonQueueEnable:         row_d.enable = enables;
          nic_pkg::CommonQueueDesc:           row_d.desc[31:0] = word_d;
          nic_pkg::CommonQueueDesc + 16'd4:   row_d.desc[63:32] = word_d;
          nic_pkg::CommonQueueDriver:         row_d.driver[31:0] = word_d;
          nic_pkg::CommonQueueDriver + 16'd4: row_d.driver[63:32] = word_d;
          nic_pkg::CommonQueueDevice:         row_d.device[31:0] = word_d;
          nic_pkg::CommonQueueDevice + 16'd4: row_d.device[63:32] = word_d;
          default: ;
        endcase
      end
    end
  end

  logic [NumQueues*ConfigBits-1:0] config_d;
  logic [16*NumQueues-1:0]         vector_d;

  always_comb begin
    config_d = '0;
    vector_d = '0;
    if (write_i && present) begin
      config_d = config_o;
      vector_d = vector_o;
      config_d[ConfigBits*index+:ConfigBits] = row_d;
      if (offset == nic_pkg::CommonQueueSize) begin
        vector_d[16*index+:16] = word_d[31:16] < 16'(nic_pkg::NumVectors) ? word_d[31:16]
                                                                         : NoVector;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) begin
      config_o <= {NumQueues{Initial}};
      vector_o <= {NumQueues{NoVector}};
    end else if (write_i && present) begin
      config_o <= config_d;
      vector_o <= vector_d;
    end
  end

  for (genvar q = 0; q < NumQueues; q++) begin : gen_queue
    assign enable_o[q] = config_o[ConfigBits*(q+1)-1];
  end

  always_ff @(posedge clk_i) begin
    if (read_i) data_o <= word;
  end

  // Alignment is the driver's duty (virtio 1.3, 2.8.10), and it is an error to fail in it: rounding
  // the address would read and write what the driver did not name. So it is to run over 2^64.
  nic_types_pkg::queue_config_t starter;

  always_comb begin
    started_o   = '0;
    misplaced_o = '0;
    starter     = '0;
    if (start_i || (enables && live_i && present)) begin
      for (int q = 0; q < NumQueues; q++) begin
        starter = config_o[ConfigBits*q+:ConfigBits];
        if (start_i ? starter.enable : index == IndexBits'(q)) begin
          misplaced_o[q] = starter.desc[3:0] != 4'd0 || starter.driver[1:0] != 2'd0 ||
                           starter.device[1:0] != 2'd0 ||
                           {1'b0, starter.desc[63:4]} + 61'(starter.size) > {1'b1, 60'd0};
          started_o[q] = !misplaced_o[q];
        end
      end
    end
  end

endmodule

`default_nettype wire
