// Receive half of the MAC: finds frames in XGMII words, checks them, and gives them out without
// FCS. Every frame that ends is counted by exactly one event.
//
// The output can not be refused. A frame's last beat says with `good_o` whether to keep it; a frame
// of less than 8 bytes, or one that never got through its preamble, gives no beat at all. What lies
// beyond the longest frame is counted, but not given out.
`default_nettype none

module mac_rx (
  input  wire logic                     clk_i,
  input  wire logic                     rst_i,
  input  wire logic [63:0]              time_ps_i,
  input  wire logic [63:0]              xgmii_rxd_i,
  input  wire logic [7:0]               xgmii_rxc_i,
  output logic                          valid_o,
  output nic_types_pkg::mac_beat_t      beat_o,
  output logic                          good_o,  // meant with beat_o.last
  output ethernet_pkg::receive_events_t events_o,
  output logic                          stamp_valid_o,  // a frame has begun on the wire
  output logic [63:0]                   stamp_ps_o,     // with its /S/ at this time
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
  logic                 word_start;
  logic                 word_start_upper;
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
    .start_o    (word_start),
    .start_upper_o(word_start_upper),
    .quiescent_o(delimiter_quiescent)
  );

  // A word waits in `hold` until the next shows whether the FCS reaches into it. The verdict comes
  // a cycle behind a frame's last word, when that has gone into the FCS. A tail of more than four
  // bytes leaves in the cycle after; no other word can come so soon behind it that word_data has
  // changed.

  logic                 hold_valid_q;
  logic [63:0]          hold_q;
  logic [31:0]          crc_q;
  logic [WordBits-1:0]  words_q;  // full words of the frame so far
  logic                 tagged_q;
  logic [1:0]           casts_q;
  logic                 end_q;
  logic [2:0]           end_count_q;
  ethernet_pkg::fault_e end_fault_q;
  logic                 tail_q;   // `hold` has the rest of a frame, good_o its verdict
  logic [2:0]           tail_count_q;

  always_ff @(posedge clk_i) begin : gather
    logic [31:0]         crc;
    logic [WordBits-1:0] words;
    if (rst_i) begin
      hold_valid_q <= 1'b0;
      end_q        <= 1'b0;
    end else begin
      end_q <= 1'b0;
      if (end_q) begin
        hold_valid_q <= 1'b0;
        if (end_count_q > 3'd4) hold_q <= word_data;
      end
      if (word_valid) begin
        crc     = word_first ? fcs_pkg::Initial : crc_q;
        words   = word_first ? '0 : words_q;
        crc_q   <= word_count != 4'd0 ? fcs_pkg::advance(crc, word_data, word_count) : crc;
        words_q <= words;
        if (word_last) begin
          end_q       <= 1'b1;
          end_count_q <= word_count[2:0];
          end_fault_q <= word_fault;
        end else begin
          hold_valid_q <= 1'b1;
          hold_q       <= word_data;
          if (words != '1) words_q <= words + 1'b1;
          if (words == '0) casts_q <= ethernet_pkg::cast_class(word_data[47:0]);
          if (words == WordBits'(1)) begin
            tagged_q <= word_data[47:32] == ethernet_pkg::TagType ||
                        word_data[47:32] == ethernet_pkg::ServiceTagType;
          end
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin : judge
    logic [15:0] octets;
    logic        fcs_right;
    logic        too_short;
    logic        too_long;
    logic        good;
    events_o <= '0;
    tail_q   <= 1'b0;
    valid_o  <= 1'b0;
    if (!rst_i) begin
      if (tail_q) begin
        valid_o <= 1'b1;
        beat_o  <= {1'b1, {1'b0, tail_count_q}, hold_q};
      end else if (hold_valid_q && word_valid && !word_last && !end_q) begin
        valid_o <= words_q <= MaxWords;
        beat_o  <= {1'b0, 4'd8, hold_q};
      end
      if (end_q) begin
        octets    = 16'({words_q, end_count_q});
        fcs_right = crc_q == fcs_pkg::Residue;
        too_short = words_q < MinWords;
        too_long  = octets > (tagged_q ? 16'(MaxTagged) : 16'(MaxUntagged));
        good      = end_fault_q == ethernet_pkg::FaultNone && !too_short && !too_long && fcs_right;
        events_o.frames <= good;
        if (good) events_o.casts <= casts_q;
        if (end_fault_q == ethernet_pkg::FaultNone && !too_short && !too_long) begin
          events_o.sizes <= ethernet_pkg::size_class(octets);
        end
        events_o.octets <= octets;
        if (end_fault_q == ethernet_pkg::FaultSymbol) begin
          events_o.symbol_errors <= 1'b1;
        end else if (end_fault_q == ethernet_pkg::FaultFraming) begin
          events_o.framing_errors <= 1'b1;
        end else begin
          events_o.undersize  <= too_short && fcs_right;
          events_o.fragments  <= too_short && !fcs_right;
          events_o.oversize   <= too_long && fcs_right;
          events_o.jabbers    <= too_long && !fcs_right;
          events_o.fcs_errors <= !too_short && !too_long && !fcs_right;
        end
        tail_count_q <= end_count_q - 3'd4;
        if (hold_valid_q) begin
          tail_q  <= end_count_q > 3'd4;
          valid_o <= 1'b1;
          good_o  <= good;
          beat_o  <= end_count_q > 3'd4 ? {1'b0, 4'd8, hold_q}
                                        : {1'b1, 4'd4 + {1'b0, end_count_q}, hold_q};
        end
      end
    end
  end

  // The start has passed two registers by now.
  always_ff @(posedge clk_i) begin
    stamp_valid_o <= word_start && !rst_i;
    if (word_start) begin
      stamp_ps_o <= time_ps_i - (word_start_upper ? 64'(ethernet_pkg::WordPs * 3 / 2)
                                                  : 64'(ethernet_pkg::WordPs * 2));
    end
  end

  assign quiescent_o = delimiter_quiescent && !stamp_valid_o && !hold_valid_q && !end_q && !tail_q
                    && !valid_o
                    && events_o == '0;

endmodule

`default_nettype wire
