// Finds frames in XGMII words and gives them out as words counted from the first byte behind the
// SFD, FCS included. Two cycles from the input to the output.
//
// Each frame that starts, however it goes wrong, gives exactly one word with `last_o`; its `count_o`
// is 0 to 7 and its `fault_o` says how it ended. Words before it are full.
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

  // A start is believed wherever it is seen, within a frame too: that frame has lost its end.

  logic        start_lower;
  logic        start_upper;
  logic        start_stray;    // in a lane where none may be
  logic        start_good;     // with the SFD behind it
  logic [7:0]  head_control;   // of the word that starts there, and its last byte
  logic [7:0]  head_delimiter;

  always_comb begin
    start_lower    = 1'b0;
    start_upper    = 1'b0;
    start_stray    = 1'b0;
    head_control   = late_control_q;
    head_delimiter = late_data_q[63:56];
    if (!late_idle_q && late_control_q != 8'h00) begin
      start_lower = late_control_q[0] && late_data_q[7:0] == ethernet_pkg::CharStart;
      start_upper = late_control_q[4] && late_data_q[39:32] == ethernet_pkg::CharStart;
      for (int i = 0; i < 8; i++) begin
        if (i % 4 != 0 && late_control_q[i]
            && late_data_q[8 * i +: 8] == ethernet_pkg::CharStart) begin
          start_stray = 1'b1;
        end
      end
      if (start_upper) begin
        head_control   = {early_control_q[3:0], late_control_q[7:4]};
        head_delimiter = early_data_q[31:24];
      end
    end
  end

  assign start_good = head_control == 8'h01 && head_delimiter == ethernet_pkg::StartDelimiter;

  // The frame's present word and what ends it.

  logic [63:0] word_data;
  logic [7:0]  word_control;
  logic [7:0]  char;
  logic        last;
  logic        symbol;
  logic [3:0]  count;
  ethernet_pkg::fault_e fault;

  always_comb begin
    word_data    = late_data_q;
    word_control = late_control_q;
    char         = 8'd0;
    last         = 1'b0;
    symbol       = symbol_q;
    count        = 4'd8;
    fault        = ethernet_pkg::FaultNone;
    if (state_q == StateFrame) begin
      if (upper_q) begin
        word_data    = {early_data_q[31:0], late_data_q[63:32]};
        word_control = {early_control_q[3:0], late_control_q[7:4]};
      end
      // The first character that can not lie within a frame ends it; the others spoil it.
      if (word_control != 8'h00) begin
        for (int i = 0; i < 8; i++) begin
          if (!last && word_control[i]) begin
            char = word_data[8 * i +: 8];
            unique case (char)
              ethernet_pkg::CharTerminate: last = 1'b1;
              ethernet_pkg::CharIdle, ethernet_pkg::CharLowPower, ethernet_pkg::CharStart,
              ethernet_pkg::CharSequence, ethernet_pkg::CharSignal: begin
                last  = 1'b1;
                fault = ethernet_pkg::FaultFraming;
              end
              default: symbol = 1'b1;
            endcase
            if (last) count = 4'(i);
          end
        end
        if (symbol) fault = ethernet_pkg::FaultSymbol;
      end
    end else if (state_q == StateFailed) begin
      last  = 1'b1;
      count = 4'd0;
      fault = ethernet_pkg::FaultFraming;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= StateHunt;
      valid_o <= 1'b0;
    end else begin
      valid_o <= state_q != StateHunt;
      if (start_lower || start_upper) state_q <= start_good ? StateFrame : StateFailed;
      else if (start_stray)           state_q <= StateFailed;
      else if (last)                  state_q <= StateHunt;
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q != StateHunt) begin
      first_o  <= first_q || state_q == StateFailed;
      last_o   <= last;
      count_o  <= count;
      fault_o  <= fault;
      first_q  <= 1'b0;
      symbol_q <= symbol;
    end
    // A tail stays here until another frame's word comes; mac_rx counts on it.
    if (state_q == StateFrame) data_o <= word_data;
    if (start_lower || start_upper) begin
      upper_q  <= start_upper;
      first_q  <= 1'b1;
      symbol_q <= 1'b0;
    end
  end

  assign quiescent_o = input_idle && early_idle_q && late_idle_q && state_q == StateHunt
                    && !valid_o;

endmodule

`default_nettype wire
