// What the host sets of the MAC and reads of the link (vendor block). A virtio reset sets it back.
`default_nettype none

module mac_registers (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  reset_i,  // of the device, by the driver
  input  wire logic                  flush_i,  // it has begun: ignore writes
  input  wire logic                  write_i,
  input  wire logic                  read_i,
  input  wire register_pkg::access_t access_i,
  output logic [31:0]                data_o,
  input  wire logic [1:0]            link_fault_i,
  input  wire logic [1:0]            pause_state_i,
  output ethernet_pkg::mac_config_t  config_o,
  output logic [31:0]                watermarks_o  // high, then low
);

  // The words of the block as they are read.
  logic [31:0] modes_q;       // flow_control, pfc_stops, pfc_sends
  logic [31:0] quanta_q;

  localparam logic [31:0] ModesReset = 32'h00FF_0100;
  localparam logic [31:0] ModesMask = 32'h00FF_FFFF;
  localparam logic [31:0] QuantaReset = 32'h0000_FFFF;
  localparam logic [31:0] WatermarksReset = 32'h4000_6000;

  logic [1:0]  index;
  logic [31:0] word;
  logic [31:0] word_d;

  assign index = access_i.address[3:2];

  always_comb begin
    word   = '0;
    word_d = '0;
    if (write_i || read_i) begin
      unique case (index)
        nic_pkg::MacFlowControl[3:2]:   word = modes_q;
        nic_pkg::MacPauseQuanta[3:2]:   word = quanta_q;
        nic_pkg::MacHighWatermark[3:2]: word = watermarks_o;
        default:                        word = {16'd0, 6'd0, pause_state_i, 6'd0, link_fault_i};
      endcase
      word_d = register_pkg::merge(word, access_i.data, access_i.strobe);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || reset_i) begin
      modes_q      <= ModesReset;
      quanta_q     <= QuantaReset;
      watermarks_o <= WatermarksReset;
    end else if (write_i && !flush_i) begin
      unique case (index)
        nic_pkg::MacFlowControl[3:2]:   modes_q      <= word_d & ModesMask;
        nic_pkg::MacPauseQuanta[3:2]:   quanta_q     <= word_d & 32'h0000_FFFF;
        nic_pkg::MacHighWatermark[3:2]: watermarks_o <= word_d;
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (read_i) data_o <= word;
  end

  assign config_o = {modes_q[3], modes_q[2], modes_q[1], modes_q[0], modes_q[15:8],
                     modes_q[23:16], quanta_q[15:0]};

  if (nic_pkg::MacBase % nic_pkg::MacSize != 0 || nic_pkg::MacSize != 16'd16 ||
      nic_pkg::MacPfcStops != 16'd1 || nic_pkg::MacPfcSends != 16'd2 ||
      nic_pkg::MacLowWatermark != nic_pkg::MacHighWatermark + 16'd2) begin : gen_check
    $error("mac_registers: the registers lie in other places");
  end

endmodule

`default_nettype wire
