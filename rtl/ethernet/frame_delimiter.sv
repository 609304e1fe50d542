// Finds frames in XGMII words and gives them out as words counted from the first byte behind the
// SFD, FCS included. Two cycles from the input to the output.
//
// Each frame that starts, however it goes wrong, gives exactly one word with `last_o`; its
// `count_o` is 0 to 7 and its `fault_o` says how it ended. Words before it are full.
`default_nettype none

module frame_delimiter (
  input  wire logic            clk_i,
  input  wire logic            rst_i,
  input  wire logic [63:0]     xgmii_rxd_i,
  input  wire logic [7:0]      xgmii_rxc_i,
  output logic                 valid_o,
  output logic                 first_o,
  output logic                 last_o,
  output logic [3:0]           count_o,
  output logic [63:0]          data_o,
  output ethernet_pkg::fault_e fault_o,
  output logic                 start_o,        // /S/ was on the wire two cycles ago
  output logic                 start_upper_o,  // in lane 4
  output logic                 quiescent_o
);

  // The two latest words, so that a frame which starts in lane 4 can be seen as one that starts in
  // lane 0: its words are the upper half of `late` with the lower half of `early`.
  logic [63:0] early_data_q;
  logic [7:0]  early_control_q;
  logic        early_idle_q;
  logic [63:0] late_data_q;
  logic [7:0]  late_control_q;
  logic        late_idle_q;
  logic        input_idle;

  typedef enum logic [1:0] {
    StateHunt,   // between frames
    StateFrame,  // the next aligned word belongs to a frame
    StateFailed  // a start was no good: that is still to be reported
  } state_e;

  state_e state_q;
  logic   upper_q;   // the frame started in lane 4
  logic   first_q;   // no word of it yet
  logic   symbol_q;  // it had a control character in it

  logic [7:0] starts;  // lanes of `late` with /S/

  always_comb begin
    starts = 8'h00;
    if (!late_idle_q && late_control_q != 8'h00) begin
      starts = ethernet_pkg::start_lanes(late_data_q, late_control_q);
    end
  end

  assign start_o       = starts[0] || starts[4];
  assign start_upper_o = starts[4];

  assign input_idle = xgmii_rxc_i == 8'hFF && xgmii_rxd_i == ethernet_pkg::IdleWord;

  always_ff @(posedge clk_i) begin
    early_idle_q <= rst_i || input_idle;
    late_idle_q  <= rst_i || early_idle_q;
    if (!input_idle || !early_idle_q) begin
      early_data_q    <= xgmii_rxd_i;
      early_control_q <= xgmii_rxc_i;
    end
    if (!early_idle_q || !late_idle_q) begin
      late_data_q    <= early_data_q;
      late_control_q <= early_control_q;
    end
  end

  always_ff @(posedge clk_i) begin : delimit
    logic [7:0]  head;       // control bits of the word that begins with the start
    logic [7:0]  delimiter;  // and its last byte
    logic [63:0] data;
    logic [7:0]  control;
    logic [7:0]  char;
    logic        last;
    logic        symbol;
    if (rst_i) begin
      state_q <= StateHunt;
      valid_o <= 1'b0;
    end else begin
      valid_o <= state_q != StateHunt;

      // The frame's present word, and the first character that ends it.
      if (state_q == StateFrame) begin
        data    = upper_q ? {early_data_q[31:0], late_data_q[63:32]} : late_data_q;
        control = upper_q ? {early_control_q[3:0], late_control_q[7:4]} : late_control_q;
        last    = 1'b0;
        symbol  = symbol_q;
        first_o <= first_q;
        last_o  <= 1'b0;
        count_o <= 4'd8;
        data_o  <= data;
        first_q <= 1'b0;
        if (control != 8'h00) begin
          fault_o <= ethernet_pkg::FaultNone;
          for (int i = 0; i < 8; i++) begin
            if (!last && control[i]) begin
              char = data[8 * i +: 8];
              last = ethernet_pkg::ends_frame(char);
              if (!last) symbol = 1'b1;
              else if (char != ethernet_pkg::CharTerminate) fault_o <= ethernet_pkg::FaultFraming;
              if (last) count_o <= 4'(i);
            end
          end
          if (symbol) fault_o <= ethernet_pkg::FaultSymbol;
          if (last) state_q <= StateHunt;
          last_o   <= last;
          symbol_q <= symbol;
        end
      end else if (state_q == StateFailed) begin
        // data_o keeps the tail of the frame before: mac_rx counts on it.
        state_q <= StateHunt;
        first_o <= 1'b1;
        last_o  <= 1'b1;
        count_o <= 4'd0;
        fault_o <= ethernet_pkg::FaultFraming;
      end

      // A start is believed wherever it is seen, within a frame too: that frame has lost its end.
      if (starts != 8'h00) begin
        head      = starts[4] ? {early_control_q[3:0], late_control_q[7:4]} : late_control_q;
        delimiter = starts[4] ? early_data_q[31:24] : late_data_q[63:56];
        if (starts[0] || starts[4]) begin
          upper_q  <= starts[4];
          first_q  <= 1'b1;
          symbol_q <= 1'b0;
          state_q  <= head == 8'h01 && delimiter == ethernet_pkg::StartDelimiter ? StateFrame
                                                                                : StateFailed;
        end else begin
          state_q <= StateFailed;
        end
      end
    end
  end

  // While nothing but idle comes.
  assign quiescent_o = early_idle_q && late_idle_q && state_q == StateHunt && !valid_o;

endmodule

`default_nettype wire
