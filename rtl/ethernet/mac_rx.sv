// Receive half of the MAC: finds frames in XGMII words, checks them, and gives them out without
// FCS. Every frame that ends is counted by exactly one event.
//
// The output can not be refused. A frame's last beat says with `good_o` whether to keep it; a frame
// of 8 bytes or less, or one that never got through its preamble, gives no beat at all. What lies
// beyond the longest frame is counted, but not given out.
`default_nettype none

module mac_rx (
  input  wire logic                     clk_i,
  input  wire logic                     rst_i,
  input  wire logic [63:0]              xgmii_rxd_i,
  input  wire logic [7:0]               xgmii_rxc_i,
  output logic                          valid_o,
  output nic_types_pkg::mac_beat_t      beat_o,
  output logic                          good_o,  // meant with beat_o.last
  output ethernet_pkg::receive_events_t events_o,
  output logic                          quiescent_o
);

  localparam int MaxUntagged = nic_pkg::Mtu + ethernet_pkg::HeaderBytes + ethernet_pkg::FcsBytes;
  localparam int MaxTagged = MaxUntagged + ethernet_pkg::TagBytes;
  // Counts full words and stops at all ones, which is beyond the longest frame.
  localparam int WordBits = $clog2(MaxTagged / 8 + 3);
  localparam logic [WordBits-1:0] MaxWords = WordBits'(MaxTagged / 8);
  localparam logic [WordBits-1:0] MinWords = WordBits'(ethernet_pkg::MinWireBytes / 8);

  logic                 word_valid;
  logic                 word_first;
  logic                 word_last;
  logic [3:0]           word_count;
  logic [63:0]          word_data;
  ethernet_pkg::fault_e word_fault;
  logic                 delimiter_quiescent;

  frame_delimiter u_delimiter (
    .clk_i,
    .rst_i,
    .xgmii_rxd_i,
    .xgmii_rxc_i,
    .valid_o    (word_valid),
    .first_o    (word_first),
    .last_o     (word_last),
    .count_o    (word_count),
    .data_o     (word_data),
    .fault_o    (word_fault),
    .quiescent_o(delimiter_quiescent)
  );

  // A word waits in `hold` until the next shows whether the FCS reaches into it.

  logic                hold_valid_q;
  logic [63:0]         hold_q;
  logic [31:0]         crc_q;
  logic [WordBits-1:0] words_q;  // full words of the frame so far
  logic                tagged_q;

  logic                end_q;        // the frame's last word has gone into crc_q
  logic [2:0]          end_count_q;
  ethernet_pkg::fault_e end_fault_q;
  logic                tail_q;       // `hold` has the rest of the frame
  logic [2:0]          tail_count_q;

  logic [31:0]         crc_before;
  logic [31:0]         crc_d;
  logic [WordBits-1:0] words_before;

  assign crc_before   = word_first ? fcs_pkg::Initial : crc_q;
  assign words_before = word_first ? '0 : words_q;

  frame_check_sequence u_fcs (
    .valid_i(word_valid && word_count != 4'd0),
    .count_i(word_count),
    .data_i (word_data),
    .state_i(crc_before),
    .state_o(crc_d)
  );

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      hold_valid_q <= 1'b0;
      end_q        <= 1'b0;
      tail_q       <= 1'b0;
    end else begin
      end_q  <= word_valid && word_last;
      tail_q <= end_q && hold_valid_q && end_count_q > 3'd4;
      if (word_valid && !word_last) hold_valid_q <= 1'b1;
      else if (end_q)               hold_valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (word_valid) begin
      crc_q   <= crc_d;
      words_q <= words_before;
      if (word_first) tagged_q <= 1'b0;
      if (word_last) begin
        end_count_q <= word_count[2:0];
        end_fault_q <= word_fault;
      end else begin
        hold_q <= word_data;
        if (words_before != '1) words_q <= words_before + 1'b1;
        if (words_before == WordBits'(1)) begin
          tagged_q <= word_data[47:32] == ethernet_pkg::TagType;
        end
      end
    end
    // No word can come so soon behind a tail of more than four bytes that data_o has changed.
    if (end_q && end_count_q > 3'd4) begin
      hold_q       <= word_data;
      tail_count_q <= end_count_q - 3'd4;
    end
  end

  // The verdict.

  logic [15:0] octets;
  logic        fcs_right;
  logic        too_short;
  logic        too_long;
  ethernet_pkg::receive_events_t events;

  assign octets = 16'({words_q, end_count_q});

  always_comb begin
    fcs_right = 1'b0;
    too_short = 1'b0;
    too_long  = 1'b0;
    events    = '0;
    if (end_q) begin
      fcs_right     = crc_q == fcs_pkg::Residue;
      too_short     = words_q < MinWords;
      too_long      = octets > (tagged_q ? 16'(MaxTagged) : 16'(MaxUntagged));
      events.octets = octets;
      if (end_fault_q == ethernet_pkg::FaultSymbol)       events.symbol_errors = 1'b1;
      else if (end_fault_q == ethernet_pkg::FaultFraming) events.framing_errors = 1'b1;
      else if (too_short && fcs_right)                    events.undersize = 1'b1;
      else if (too_short)                                 events.fragments = 1'b1;
      else if (too_long && fcs_right)                     events.oversize = 1'b1;
      else if (too_long)                                  events.jabbers = 1'b1;
      else if (fcs_right)                                 events.frames = 1'b1;
      else                                                events.fcs_errors = 1'b1;
    end
  end

  // The output.

  logic        last_q;
  logic [3:0]  count_q;
  logic [63:0] data_q;
  logic        tail_good_q;
  logic        counted_q;  // events_o holds a pulse

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      valid_o   <= 1'b0;
      counted_q <= 1'b0;
      events_o  <= '0;
    end else begin
      valid_o   <= tail_q
                || (hold_valid_q && (end_q || (word_valid && !word_last && words_q <= MaxWords)));
      counted_q <= end_q;
      if (end_q || counted_q) events_o <= events;
    end
  end

  always_ff @(posedge clk_i) begin
    if (tail_q || hold_valid_q) begin
      data_q  <= hold_q;
      last_q  <= tail_q || (end_q && end_count_q <= 3'd4);
      count_q <= tail_q ? {1'b0, tail_count_q}
               : end_q && end_count_q <= 3'd4 ? 4'd4 + {1'b0, end_count_q} : 4'd8;
    end
    if (tail_q)     good_o <= tail_good_q;
    else if (end_q) good_o <= events.frames;
    if (end_q) tail_good_q <= events.frames;
  end

  assign beat_o = {last_q, count_q, data_q};

  assign quiescent_o = delimiter_quiescent && !hold_valid_q && !end_q && !tail_q && !valid_o
                    && !counted_q;

endmodule

`default_nettype wire
