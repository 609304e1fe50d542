// One entry of the MSI-X table (PCI 3.0, 6.8.2.6). It is PCI's: a reset of the virtio device leaves
// it as it is.
`default_nettype none

module msix_entry #(
  parameter int Index = 0
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire register_pkg::access_t access_i,
  output logic [31:0]                data_o,
  output logic [63:0]                address_o,
  output logic [31:0]                message_o,
  output logic                       masked_o
);

  localparam logic [15:0] Base = nic_pkg::MsixTableBase + 16'(Index) * nic_pkg::MsixStride;

  logic [63:0] address_q;
  logic [31:0] message_q;
  logic        masked_q;

  logic        selected;
  logic [15:0] offset;

  assign selected  = register_pkg::in_block(access_i.address, Base, nic_pkg::MsixStride);
  assign offset    = access_i.address - Base;
  assign address_o = address_q;
  assign message_o = message_q;
  assign masked_o  = masked_q;

  // A message is an aligned word, so bits 1:0 of its address stay 0.
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      address_q <= '0;
      message_q <= '0;
      masked_q  <= 1'b1;
    end else if (access_i.write && selected) begin
      unique case (offset)
        nic_pkg::MsixTableAddressLow:
          address_q[31:0] <= register_pkg::merge(address_q[31:0], access_i.data & ~32'h3,
                                                 access_i.strobe);
        nic_pkg::MsixTableAddressHigh:
          address_q[63:32] <= register_pkg::merge(address_q[63:32], access_i.data,
                                                  access_i.strobe);
        nic_pkg::MsixTableData:
          message_q <= register_pkg::merge(message_q, access_i.data, access_i.strobe);
        nic_pkg::MsixTableVectorControl:
          if (access_i.strobe[0]) masked_q <= access_i.data[0];
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (access_i.read) begin
      data_o <= '0;
      if (selected) begin
        unique case (offset)
          nic_pkg::MsixTableAddressLow:    data_o <= address_q[31:0];
          nic_pkg::MsixTableAddressHigh:   data_o <= address_q[63:32];
          nic_pkg::MsixTableData:          data_o <= message_q;
          nic_pkg::MsixTableVectorControl: data_o <= {31'd0, masked_q};
          default: ;
        endcase
      end
    end
  end

endmodule

`default_nettype wire
