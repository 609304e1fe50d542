// The MSI-X table (PCI 3.0, 6.8.2.6). It is PCI's: a reset of the virtio device leaves it as it is.
`default_nettype none

module msix_table #(
  parameter int NumVectors = nic_pkg::NumVectors,
  parameter int VectorBits = $clog2(NumVectors)
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  write_i,
  input  wire logic                  read_i,
  input  wire register_pkg::access_t access_i,
  output logic [31:0]                data_o,
  output logic [NumVectors-1:0]      masked_o,
  // An entry, while `look_i` is high.
  input  wire logic                  look_i,
  input  wire logic [VectorBits-1:0] vector_i,
  output logic [63:0]                address_o,
  output logic [31:0]                message_o
);

  localparam int EntryBits = 128;
  localparam int TableBits = NumVectors * EntryBits;
  localparam int MaskBit = 96;
  localparam int WordIndexBits = VectorBits + 2;
  // Only these bits of an entry can be set: a message is an aligned word, and of the vector control
  // there is the mask alone.
  localparam logic [EntryBits-1:0] Writable = {32'h1, 32'hFFFF_FFFF, 32'hFFFF_FFFF,
                                               32'hFFFF_FFFC};
  localparam logic [EntryBits-1:0] Initial = {32'h1, 96'd0};

  logic [TableBits-1:0]     table_q;
  logic [TableBits-1:0]     table_d;
  logic [WordIndexBits-1:0] index;
  logic [31:0]              word;

  assign index = access_i.address[2+:WordIndexBits];

  always_comb begin
    word    = '0;
    table_d = '0;
    if (write_i || read_i) begin
      word    = table_q[32*index+:32];
      table_d = table_q;
      table_d[32*index+:32] = register_pkg::merge(word, access_i.data, access_i.strobe) &
                              Writable[32*index[1:0]+:32];
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) table_q <= {NumVectors{Initial}};
    else if (write_i) table_q <= table_d;
  end

  always_ff @(posedge clk_i) begin
    if (read_i) data_o <= word;
  end

  for (genvar v = 0; v < NumVectors; v++) begin : gen_vector
    assign masked_o[v] = table_q[EntryBits*v+MaskBit];
  end

  always_comb begin
    address_o = '0;
    message_o = '0;
    if (look_i) begin
      address_o = table_q[EntryBits*vector_i+:64];
      message_o = table_q[EntryBits*vector_i+64+:32];
    end
  end

  if (nic_pkg::MsixTableBase % (4 << WordIndexBits) != 0 ||
      nic_pkg::MsixStride * 8 != EntryBits || nic_pkg::MsixTableAddressLow != 0 ||
      nic_pkg::MsixTableData != 8 ||
      nic_pkg::MsixTableVectorControl * 8 != MaskBit) begin : gen_check
    $error("msix_table: a word's place is taken from its address");
  end

endmodule

`default_nettype wire
