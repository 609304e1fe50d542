// One virtqueue's rows of the common configuration (virtio 1.3, 4.1.4.3), seen while queue_select
// names it.
`default_nettype none

module queue_registers #(
  parameter int Index = 0
) (
  input  wire logic                    clk_i,
  input  wire logic                    rst_i,
  input  wire logic                    reset_i,      // of the device, by the driver
  input  wire register_pkg::access_t   access_i,
  input  wire logic                    selected_i,   // the access is to this queue
  output logic [31:0]                  data_o,       // 0 after a read of something else
  output logic [15:0]                  vector_o,
  output nic_types_pkg::queue_config_t config_o,
  input  wire logic                    live_i,
  input  wire logic                    start_i,      // pulse: the device goes live
  output logic                         started_o,    // pulse: so does this queue
  output logic                         misplaced_o   // pulse: it should, but no ring may lie there
);

  localparam logic [15:0] NoVector = nic_pkg::NoVector;

  logic        enable_q;
  logic [8:0]  size_q;
  logic [15:0] vector_q;
  logic [63:0] desc_q;
  logic [63:0] driver_q;
  logic [63:0] device_q;

  logic        write;
  logic [15:0] offset;
  logic        enabled;    // the driver enables the queue
  logic        starts;
  logic        misplaced;
  logic [31:0] size_word;  // queue_size and queue_msix_vector after the write
  logic        size_good;

  assign vector_o = vector_q;
  assign config_o = {enable_q, size_q, desc_q, driver_q, device_q};
  assign write    = access_i.write && selected_i;
  assign offset   = access_i.address - nic_pkg::CommonBase;

  always_comb begin
    size_word = '0;
    size_good = 1'b0;
    enabled   = 1'b0;
    if (write) begin
      size_word = register_pkg::merge({vector_q, 7'd0, size_q}, access_i.data, access_i.strobe);
      size_good = size_word[15:0] != 16'd0 && size_word[15:0] <= 16'(nic_pkg::MaxQueueSize);
      enabled   = !enable_q && offset == nic_pkg::CommonQueueEnable &&
                  register_pkg::merge(32'd0, access_i.data, access_i.strobe & 4'b0011) == 32'd1;
    end
  end

  // Alignment is the driver's duty (virtio 1.3, 2.8.10), and it is an error to fail in it: rounding
  // the address would read and write what the driver did not name. So it is to run over 2^64.
  assign starts = (start_i && enable_q) || (enabled && live_i);
  always_comb begin
    misplaced = 1'b0;
    if (starts) begin
      misplaced = desc_q[3:0] != 4'd0 || driver_q[1:0] != 2'd0 || device_q[1:0] != 2'd0 ||
                  {1'b0, desc_q[63:4]} + 61'(size_q) > {1'b1, 60'd0};
    end
  end
  assign started_o   = starts && !misplaced;
  assign misplaced_o = misplaced;

  // Where a ring is and how long stays as it is while the device may work on it.
  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) begin
      enable_q <= 1'b0;
      size_q   <= 9'(nic_pkg::MaxQueueSize);
      vector_q <= NoVector;
      desc_q   <= '0;
      driver_q <= '0;
      device_q <= '0;
    end else if (write) begin
      if (enabled) enable_q <= 1'b1;
      if (offset == nic_pkg::CommonQueueSize) begin
        vector_q <= size_word[31:16] < 16'(nic_pkg::NumVectors) ? size_word[31:16] : NoVector;
        if (!enable_q && size_good) size_q <= size_word[8:0];
      end
      if (!enable_q) begin
        unique case (offset)
          nic_pkg::CommonQueueDesc:
            desc_q[31:0] <= register_pkg::merge(desc_q[31:0], access_i.data, access_i.strobe);
          nic_pkg::CommonQueueDesc + 16'd4:
            desc_q[63:32] <= register_pkg::merge(desc_q[63:32], access_i.data, access_i.strobe);
          nic_pkg::CommonQueueDriver:
            driver_q[31:0] <= register_pkg::merge(driver_q[31:0], access_i.data, access_i.strobe);
          nic_pkg::CommonQueueDriver + 16'd4:
            driver_q[63:32] <= register_pkg::merge(driver_q[63:32], access_i.data,
                                                   access_i.strobe);
          nic_pkg::CommonQueueDevice:
            device_q[31:0] <= register_pkg::merge(device_q[31:0], access_i.data, access_i.strobe);
          nic_pkg::CommonQueueDevice + 16'd4:
            device_q[63:32] <= register_pkg::merge(device_q[63:32], access_i.data,
                                                   access_i.strobe);
          default: ;
        endcase
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (access_i.read) begin
      data_o <= '0;
      if (selected_i) begin
        unique case (offset)
          nic_pkg::CommonQueueSize:           data_o <= {vector_q, 7'd0, size_q};
          nic_pkg::CommonQueueEnable:         data_o <= {16'(Index), 15'd0, enable_q};
          nic_pkg::CommonQueueDesc:           data_o <= desc_q[31:0];
          nic_pkg::CommonQueueDesc + 16'd4:   data_o <= desc_q[63:32];
          nic_pkg::CommonQueueDriver:         data_o <= driver_q[31:0];
          nic_pkg::CommonQueueDriver + 16'd4: data_o <= driver_q[63:32];
          nic_pkg::CommonQueueDevice:         data_o <= device_q[31:0];
          nic_pkg::CommonQueueDevice + 16'd4: data_o <= device_q[63:32];
          default: ;
        endcase
      end
    end
  end

endmodule

`default_nettype wire
