// Watches the wire for link faults (IEEE 802.3, 46.3.4): four sequence ordered sets of one kind,
// never 128 columns apart, are a fault; 128 columns without one end it. A word is two columns.
//
// Ordered sets between other kinds of words are all that is looked at, frames or not, as the
// reconciliation sublayer does. Link interruption (kind 3) is not a fault.
`default_nettype none

module link_fault (
  input  wire logic        clk_i,
  input  wire logic        rst_i,
  input  wire logic [63:0] xgmii_rxd_i,
  input  wire logic [7:0]  xgmii_rxc_i,
  output logic [1:0]        fault_o,
  output logic              local_o,     // pulse: such a fault is found
  output logic              remote_o,
  output logic              quiescent_o  // while idle comes
);

  localparam logic [2:0] FaultSets = 3'd4;
`ifdef NIC_PROOF
  localparam int SilenceBits = 4;  // the solver reaches no fault's end in 128 columns
`else
  localparam int SilenceBits = 7;
`endif
  localparam int ColumnBits = SilenceBits + 1;
  localparam logic [23:0] SetWithoutKind = {16'h0000, ethernet_pkg::CharSequence};

  logic [1:0]            kind_q;     // of the sets counted
  logic [2:0]            sets_q;
  logic [ColumnBits-1:0] columns_q;  // since the last of them
  logic [1:0]            fault_q;    // LinkOk, or the kind of fault

  assign fault_o = fault_q;

  always_ff @(posedge clk_i) begin : count
    logic [1:0]            kind;
    logic [2:0]            sets;
    logic [ColumnBits-1:0] columns;
    logic [1:0]            fault;
    logic [7:0]            seen;
    logic                  set;
    local_o  <= 1'b0;
    remote_o <= 1'b0;
    if (rst_i) begin
      sets_q  <= 3'd0;
      fault_q <= ethernet_pkg::LinkOk;
    end else begin
      set = (xgmii_rxc_i[3:0] == 4'h1 && xgmii_rxd_i[23:0] == SetWithoutKind) ||
            (xgmii_rxc_i[7:4] == 4'h1 && xgmii_rxd_i[55:32] == SetWithoutKind);
      // A word without one, while none is remembered, is nothing: that is all of a healthy link.
      if (set || sets_q != 3'd0) begin
        kind    = kind_q;
        sets    = sets_q;
        columns = columns_q;
        fault   = fault_q;
        for (int i = 0; i < 2; i++) begin
          seen = xgmii_rxd_i[32*i+24+:8];
          if (xgmii_rxc_i[4*i+:4] == 4'h1 && xgmii_rxd_i[32*i+:24] == SetWithoutKind &&
              (seen == 8'd1 || seen == 8'd2)) begin
            if (sets == 3'd0 || seen[1:0] != kind) sets = 3'd1;
            else if (sets != FaultSets)            sets = sets + 1'b1;
            kind    = seen[1:0];
            columns = '0;
            if (sets == FaultSets) fault = kind;
          end else if (sets != 3'd0) begin
            columns = columns + 1'b1;
            if (columns[ColumnBits-1]) begin
              sets  = 3'd0;
              fault = ethernet_pkg::LinkOk;
            end
          end
        end
        kind_q    <= kind;
        sets_q    <= sets;
        columns_q <= columns;
        fault_q   <= fault;
        local_o   <= fault == ethernet_pkg::LinkLocalFault && fault_q != fault;
        remote_o  <= fault == ethernet_pkg::LinkRemoteFault && fault_q != fault;
      end
    end
  end

  assign quiescent_o = sets_q == 3'd0 && !local_o && !remote_o;

`ifdef NIC_PROOF
  `include "link_fault_proof.svh"
`endif

endmodule

`default_nettype wire
