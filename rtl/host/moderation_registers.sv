// Interrupt moderation as the driver sets it, by register or by the control queue: max_packets and
// max_usecs of each queue that carries packets. The limit in picoseconds is computed once, when it
// is set.
`default_nettype none

module moderation_registers #(
  parameter int NumQueues = 2 * nic_pkg::MaxQueuePairs
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  reset_i,  // of the device, by the driver
  input  wire logic                  flush_i,  // it has begun: ignore writes
  input  wire logic                  write_i,
  input  wire logic                  read_i,
  input  wire register_pkg::access_t access_i,
  output logic [31:0]                data_o,
  // From the control queue: a pulse for each queue that is set.
  input  wire logic [NumQueues-1:0]  set_i,
  input  wire logic [31:0]           packets_i,
  input  wire logic [31:0]           usecs_i,
  output logic [64*NumQueues-1:0]    coalescing_o,  // as the control queue tells it, by queue
  output logic [NumQueues*nic_types_pkg::ModerationConfigBits-1:0] config_o
);

  localparam int ConfigBits = nic_types_pkg::ModerationConfigBits;
  localparam int IndexBits = NumQueues > 1 ? $clog2(NumQueues) : 1;
  localparam int QueueShift = $clog2(nic_pkg::ModerationStride);
  localparam logic [51:0] PsPerUs = 52'(nic_pkg::ModerationPsPerUs);

  logic [32*NumQueues-1:0]         usecs_q;
  logic [32*NumQueues-1:0]         usecs_d;
  logic [NumQueues*ConfigBits-1:0] config_d;

  logic [IndexBits-1:0]              index;
  logic                              of_usecs;  // the word is max_usecs, else max_packets
  nic_types_pkg::moderation_config_t row;
  logic [31:0]                       usecs;
  logic [31:0]                       word;
  logic [31:0]                       word_d;

  assign index    = access_i.address[QueueShift+:IndexBits];
  assign of_usecs = access_i.address[QueueShift-1:2] ==
                    nic_pkg::ModerationMaxUsecs[QueueShift-1:2];

  always_comb begin
    row      = '0;
    usecs    = '0;
    word     = '0;
    word_d   = '0;
    usecs_d  = '0;
    config_d = '0;
    if (set_i != '0) begin
      row.max_packets = packets_i;
      row.limit_ps    = 52'(usecs_i) * PsPerUs;
      usecs_d         = usecs_q;
      config_d        = config_o;
      for (int q = 0; q < NumQueues; q++) begin
        if (set_i[q]) usecs_d[32*q+:32] = usecs_i;
        if (set_i[q]) config_d[ConfigBits*q+:ConfigBits] = row;
      end
    end else if (write_i || read_i) begin
      row    = config_o[ConfigBits*index+:ConfigBits];
      usecs  = usecs_q[32*index+:32];
      word   = of_usecs ? usecs : row.max_packets;
      word_d = register_pkg::merge(word, access_i.data, access_i.strobe);
      if (of_usecs) begin
        usecs        = word_d;
        row.limit_ps = 52'(word_d) * PsPerUs;
      end else begin
        row.max_packets = word_d;
      end
      usecs_d  = usecs_q;
      config_d = config_o;
      usecs_d[32*index+:32]                  = usecs;
      config_d[ConfigBits*index+:ConfigBits] = row;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) begin
      usecs_q  <= '0;
      config_o <= '0;
    end else if ((write_i && !flush_i) || set_i != '0) begin
      usecs_q  <= usecs_d;
      config_o <= config_d;
    end
  end

  for (genvar q = 0; q < NumQueues; q++) begin : gen_queue
    assign coalescing_o[64*q+:64] = {usecs_q[32*q+:32], config_o[ConfigBits*q+52+:32]};
  end

  always_ff @(posedge clk_i) begin
    if (read_i) data_o <= word;
  end

  if (nic_pkg::ModerationBase % (nic_pkg::ModerationStride << IndexBits) != 0 ||
      nic_pkg::ModerationSize != 16'(NumQueues) * nic_pkg::ModerationStride) begin : gen_check
    $error("moderation_registers: a queue's index is taken from its address");
  end

endmodule

`default_nettype wire
