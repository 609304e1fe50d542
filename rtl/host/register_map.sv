// Finds the block of registers that an access means, and gives back the word that it shows.
`default_nettype none

module register_map (
  input  wire logic                                   clk_i,
  input  wire logic                                   write_i,
  input  wire logic                                   read_i,
  input  wire register_pkg::access_t                  access_i,
  output logic [register_pkg::NumBlocks-1:0]          write_o,  // by block
  output logic [register_pkg::NumBlocks-1:0]          read_o,
  input  wire logic                                   reading_i,  // the cycle after a read
  input  wire logic [31:0]                            common_data_i,
  input  wire logic [31:0]                            isr_data_i,
  input  wire logic [31:0]                            device_data_i,
  input  wire logic [31:0]                            moderation_data_i,
  input  wire logic [31:0]                            statistics_data_i,
  input  wire logic [31:0]                            mac_data_i,
  input  wire logic [31:0]                            msix_table_data_i,
  input  wire logic [31:0]                            msix_pending_data_i,
  output logic [31:0]                                 data_o
);

  logic [register_pkg::NumBlocks-1:0] block;    // that is meant: one bit, or none
  logic [register_pkg::NumBlocks-1:0] block_q;  // that was read

  always_comb begin
    block = '0;
    if (write_i || read_i) begin
      block[register_pkg::Common] = register_pkg::in_block(
          access_i.address, nic_pkg::CommonBase, nic_pkg::CommonSize);
      block[register_pkg::Isr] = register_pkg::in_block(
          access_i.address, nic_pkg::IsrBase, nic_pkg::IsrSize);
      block[register_pkg::Device] = register_pkg::in_block(
          access_i.address, nic_pkg::DeviceBase, nic_pkg::DeviceSize);
      block[register_pkg::Notify] = register_pkg::in_block(
          access_i.address, nic_pkg::NotifyBase, nic_pkg::NotifySize);
      block[register_pkg::Moderation] = register_pkg::in_block(
          access_i.address, nic_pkg::ModerationBase, nic_pkg::ModerationSize);
      block[register_pkg::Statistics] = register_pkg::in_block(
          access_i.address, nic_pkg::StatisticsBase, nic_pkg::StatisticsSize);
      block[register_pkg::Mac] = register_pkg::in_block(
          access_i.address, nic_pkg::MacBase, nic_pkg::MacSize);
      block[register_pkg::MsixTable] = register_pkg::in_block(
          access_i.address, nic_pkg::MsixTableBase, nic_pkg::MsixTableSize);
      block[register_pkg::MsixPending] = register_pkg::in_block(
          access_i.address, nic_pkg::MsixPendingBase, nic_pkg::MsixPendingSize);
    end
  end

  assign write_o = write_i ? block : '0;
  assign read_o  = read_i ? block : '0;

  always_ff @(posedge clk_i) begin
    if (read_i) block_q <= block;
  end

  // What is not there reads as 0, and so do notifications.
  always_comb begin
    data_o = '0;
    if (reading_i) begin
      unique case (1'b1)
        block_q[register_pkg::Common]:      data_o = common_data_i;
        block_q[register_pkg::Isr]:         data_o = isr_data_i;
        block_q[register_pkg::Device]:      data_o = device_data_i;
        block_q[register_pkg::Moderation]:  data_o = moderation_data_i;
        block_q[register_pkg::Statistics]:  data_o = statistics_data_i;
        block_q[register_pkg::Mac]:         data_o = mac_data_i;
        block_q[register_pkg::MsixTable]:   data_o = msix_table_data_i;
        block_q[register_pkg::MsixPending]: data_o = msix_pending_data_i;
        default: ;
      endcase
    end
  end

endmodule

`default_nettype wire
