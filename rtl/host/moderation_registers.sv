// Interrupt moderation as the driver sets it: for each queue max_packets and max_usecs. The limit in
// picoseconds is computed once, when it is written.
`default_nettype none

module moderation_registers #(
  parameter int NumQueues = nic_pkg::NumQueues
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  reset_i,  // of the device, by the driver
  input  wire logic                  flush_i,  // it has begun: ignore writes
  input  wire register_pkg::access_t access_i,
  output logic [31:0]                data_o,
  output logic [NumQueues*nic_types_pkg::ModerationConfigBits-1:0] config_o
);

  localparam logic [15:0] MaxPackets = nic_pkg::ModerationReceiveMaxPackets;
  localparam logic [15:0] MaxUsecs = nic_pkg::ModerationReceiveMaxUsecs;
  localparam logic [51:0] PsPerUs = 52'(nic_pkg::ModerationPsPerUs);

  logic [15:0]             offset;
  logic                    selected;
  logic [32*NumQueues-1:0] queue_data;

  assign offset   = access_i.address - nic_pkg::ModerationBase;
  assign selected = register_pkg::in_block(access_i.address, nic_pkg::ModerationBase,
                                         nic_pkg::ModerationSize);

  for (genvar q = 0; q < NumQueues; q++) begin : gen_queue
    localparam logic [15:0] First = 16'(q) * nic_pkg::ModerationStride;

    logic [31:0] packets_q;
    logic [31:0] usecs_q;
    logic [51:0] limit_q;
    logic        write;
    logic [31:0] usecs;
    logic [31:0] data_q;

    assign write = access_i.write && selected && !flush_i;

    always_comb begin
      usecs = '0;
      if (write) usecs = register_pkg::merge(usecs_q, access_i.data, access_i.strobe);
    end

    always_ff @(posedge clk_i) begin
      if (rst_i || reset_i) begin
        packets_q <= '0;
        usecs_q   <= '0;
        limit_q   <= '0;
      end else if (write) begin
        if (offset == First + MaxPackets) begin
          packets_q <= register_pkg::merge(packets_q, access_i.data, access_i.strobe);
        end
        if (offset == First + MaxUsecs) begin
          usecs_q <= usecs;
          limit_q <= 52'(usecs) * PsPerUs;
        end
      end
    end

    always_ff @(posedge clk_i) begin
      if (access_i.read) begin
        data_q <= '0;
        if (selected && offset == First + MaxPackets) data_q <= packets_q;
        if (selected && offset == First + MaxUsecs) data_q <= usecs_q;
      end
    end

    assign queue_data[32*q+:32] = data_q;
    assign config_o[nic_types_pkg::ModerationConfigBits*q+:nic_types_pkg::ModerationConfigBits] =
        {packets_q, limit_q};
  end

  always_comb begin
    data_o = '0;
    for (int q = 0; q < NumQueues; q++) data_o = data_o | queue_data[32*q+:32];
  end

endmodule

`default_nettype wire
