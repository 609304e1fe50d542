// Priority flow control (IEEE 802.3, 31D): each of eight classes has a time up to which it is
// silent, in a memory. A frame sets those of the classes it names; then they are gone through, one
// a cycle, for the latest of the classes that stop the queue.
//
// A frame takes eight cycles, and no two come closer than nine. Which classes stop the queue is
// looked at when a frame comes.
`default_nettype none

module class_pause (
  input  wire logic         clk_i,
  input  wire logic         rst_i,
  input  wire logic         enable_i,   // else all is forgotten
  input  wire logic [63:0]  time_ps_i,
  input  wire logic         request_i,
  input  wire logic [7:0]   classes_i,  // that the frame names
  input  wire logic [127:0] quanta_i,
  input  wire logic [7:0]   stops_i,    // classes that stop the queue
  output logic              set_o,      // pulse
  output logic              silent_o,   // with it: until then, else no longer
  output logic [63:0]       until_ps_o,
  output logic              quiescent_o
);

  localparam int GonePs = 8 * ethernet_pkg::WordPs;  // what is over before all are gone through

  logic [63:0] until_ps [0:7];

  logic [7:0]   known_q;  // what was never set has no time; the memory has no reset
  logic         busy_q;
  logic [2:0]   class_q;
  logic [63:0]  base_ps_q;
  logic [7:0]   named_q;
  logic [7:0]   stops_q;
  logic [127:0] quanta_q;

  logic [63:0] until_class;
  logic        later;

  always_comb begin
    until_class = '0;
    later       = 1'b0;
    if (busy_q) begin
      if (named_q[class_q]) begin
        until_class = base_ps_q + 64'(quanta_q[16*class_q+:16]) * 64'(ethernet_pkg::QuantumPs);
      end else if (known_q[class_q]) begin
        until_class = until_ps[class_q];
      end
      later = stops_q[class_q] && until_class > until_ps_o;
    end
  end

  always_ff @(posedge clk_i) begin
    if (busy_q) until_ps[class_q] <= until_class;
  end

  always_ff @(posedge clk_i) begin
    if (request_i) begin
      base_ps_q <= time_ps_i;
      named_q   <= classes_i;
      stops_q   <= stops_i;
      quanta_q  <= quanta_i;
    end
  end

  always_ff @(posedge clk_i) begin
    set_o <= 1'b0;
    if (rst_i || !enable_i) begin
      known_q <= 8'h00;
      busy_q  <= 1'b0;
    end else if (request_i) begin
      busy_q     <= 1'b1;
      class_q    <= 3'd0;
      until_ps_o <= time_ps_i + 64'(GonePs);  // no later one: nothing to wait for
      silent_o   <= 1'b0;
    end else if (busy_q) begin
      class_q          <= class_q + 1'b1;
      known_q[class_q] <= 1'b1;
      busy_q           <= class_q != 3'd7;
      set_o            <= class_q == 3'd7;
      if (later) begin
        until_ps_o <= until_class;
        silent_o   <= 1'b1;
      end
    end
  end

  assign quiescent_o = !busy_q && !set_o && !request_i &&
                       (enable_i || known_q == 8'h00);

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) if (!rst_i && enable_i && request_i) begin
    FrameBeforeIsDone: assert (!busy_q);
  end
`endif

endmodule

`default_nettype wire
