// A first-in first-out queue of Depth beats in a memory and one more in the output register. One
// beat a cycle; a beat shows two cycles after it was taken. The memory is read by a clocked port
// only, so that it can be a block RAM.
`default_nettype none

module fifo #(
  parameter int Width = 8,
  parameter int Depth = 16  // a power of two, 2 or more
) (
  input  wire logic             clk_i,
  input  wire logic             rst_i,
  input  wire logic             valid_i,
  output logic                  ready_o,
  input  wire logic [Width-1:0] data_i,
  output logic                  valid_o,
  input  wire logic             ready_i,
  output logic      [Width-1:0] data_o,
  output logic                  quiescent_o
);

  localparam int AddressBits = $clog2(Depth);

  if (Depth < 2 || Depth != (1 << AddressBits)) begin : gen_depth_check
    $error("fifo: Depth must be a power of two, 2 or more");
  end

  logic [Width-1:0] memory [0:Depth-1];

  // Addresses with a lap bit above: equal when empty, a lap apart when full.
  logic [AddressBits:0] write_q;
  logic [AddressBits:0] read_q;

  logic write;
  logic load;

  assign ready_o = (write_q ^ read_q) != {1'b1, {AddressBits{1'b0}}};
  assign write   = valid_i && ready_o;
  assign load    = write_q != read_q && (ready_i || !valid_o);

  assign quiescent_o = !write && !load && !(valid_o && ready_i);

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      write_q <= '0;
      read_q  <= '0;
      valid_o <= 1'b0;
    end else begin
      if (write) write_q <= write_q + 1'b1;
      if (load) begin
        read_q  <= read_q + 1'b1;
        valid_o <= 1'b1;
      end else if (ready_i) begin
        valid_o <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (write) memory[write_q[AddressBits-1:0]] <= data_i;
  end

  always_ff @(posedge clk_i) begin
    if (load) data_o <= memory[read_q[AddressBits-1:0]];
  end

`ifdef NIC_CHECK
  logic             held_q;
  logic [Width-1:0] held_data_q;
  logic [AddressBits:0] level;

  initial held_q = 1'b0;
  assign level = write_q - read_q;

  always_ff @(posedge clk_i) begin
    held_q      <= !rst_i && valid_o && !ready_i;
    held_data_q <= data_o;
    if (held_q) begin
      BeatIsHeld:   assert (valid_o);
      DataIsStable: assert (data_o == held_data_q);
    end
    if (!rst_i) begin
      LevelFitsMemory: assert (level <= {1'b1, {AddressBits{1'b0}}});
    end
  end
`endif
`ifdef NIC_PROOF
  `include "fifo_proof.svh"
`endif

endmodule

`default_nettype wire
