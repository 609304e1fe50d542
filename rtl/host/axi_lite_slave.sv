// AXI4-Lite slave in front of the register bus: 32 bits of data, address and data of a write in any
// order, one write and one read at a time, always OKAY. Every access reaches the bus exactly once.
// A write answers 2 cycles after the later of its two channels, a read 4 after its address. What
// it carries out comes from registers, a cycle after it took its turn.
`default_nettype none

module axi_lite_slave (
  input  wire logic             clk_i,
  input  wire logic             rst_i,
  input  wire logic [15:0]      awaddr_i,
  input  wire logic             awvalid_i,
  output logic                  awready_o,
  input  wire logic [31:0]      wdata_i,
  input  wire logic [3:0]       wstrb_i,
  input  wire logic             wvalid_i,
  output logic                  wready_o,
  output logic [1:0]            bresp_o,
  output logic                  bvalid_o,
  input  wire logic             bready_i,
  input  wire logic [15:0]      araddr_i,
  input  wire logic             arvalid_i,
  output logic                  arready_o,
  output logic [31:0]           rdata_o,
  output logic [1:0]            rresp_o,
  output logic                  rvalid_o,
  input  wire logic             rready_i,
  // Register bus.
  output logic                  write_o,
  output logic                  read_o,
  output register_pkg::access_t access_o,
  input  wire logic [31:0]      data_i,    // of the read in the cycle before
  output logic                  reading_o, // in which it is looked at
  output logic                  quiescent_o
);

  // What waits for its turn on the bus.
  logic        address_valid_q;
  logic        data_valid_q;
  logic        read_valid_q;
  logic [13:0] write_address_q;
  logic [13:0] read_address_q;
  logic [31:0] write_data_q;
  logic [3:0]  write_strobe_q;
  logic        reading_q;  // the word comes in this cycle

  logic write;
  logic read;

  assign write = address_valid_q && data_valid_q && !bvalid_o;
  assign read  = read_valid_q && !write && !read_o && !reading_q && !rvalid_o;

  assign reading_o = reading_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      write_o <= 1'b0;
      read_o  <= 1'b0;
    end else begin
      write_o <= write;
      read_o  <= read;
    end
    if (write || read) begin
      access_o <= {write_strobe_q, write ? write_address_q : read_address_q, 2'b00, write_data_q};
    end
  end

  assign awready_o = !address_valid_q;
  assign wready_o  = !data_valid_q;
  assign arready_o = !read_valid_q;

  // A host that dislikes an error response may crash on it, so an absent register reads as 0.
  assign bresp_o = 2'b00;
  assign rresp_o = 2'b00;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      address_valid_q <= 1'b0;
      data_valid_q    <= 1'b0;
      bvalid_o        <= 1'b0;
    end else begin
      address_valid_q <= (address_valid_q || awvalid_i) && !write;
      data_valid_q    <= (data_valid_q || wvalid_i) && !write;
      bvalid_o        <= write || (bvalid_o && !bready_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      read_valid_q <= 1'b0;
      reading_q    <= 1'b0;
      rvalid_o     <= 1'b0;
    end else begin
      read_valid_q <= (read_valid_q || arvalid_i) && !read;
      reading_q    <= read_o;
      rvalid_o     <= reading_q || (rvalid_o && !rready_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (awvalid_i && awready_o) write_address_q <= awaddr_i[15:2];
    if (wvalid_i && wready_o) begin
      write_data_q   <= wdata_i;
      write_strobe_q <= wstrb_i;
    end
    if (arvalid_i && arready_o) read_address_q <= araddr_i[15:2];
    if (reading_q) rdata_o <= data_i;
  end

  // While the host begins nothing and takes no answer. Half a write waits for it.
  assign quiescent_o = !write && !read && !write_o && !read_o && !reading_q;

`ifdef NIC_CHECK
  logic        ran_q;
  logic        stalled_q;
  logic [31:0] shown_q;
  logic        unanswered_q;
  initial ran_q = 1'b0;

  always_ff @(posedge clk_i) begin
    ran_q        <= 1'b1;
    stalled_q    <= !rst_i && rvalid_o && !rready_i;
    unanswered_q <= !rst_i && bvalid_o && !bready_i;
    shown_q      <= rdata_o;
    if (ran_q && stalled_q) begin
      ReadIsHeld:     assert (rvalid_o);
      DataIsStable:   assert (rdata_o == shown_q);
    end
    if (ran_q && unanswered_q) begin
      ResponseIsHeld: assert (bvalid_o);
    end
    if (ran_q) begin
      OneAccessAtATime: assert (!(write_o && read_o));
    end
  end
`endif

endmodule

`default_nettype wire
