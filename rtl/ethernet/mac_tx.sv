// Transmit half of the MAC: turns frames into XGMII words. Pads to 60 bytes, adds preamble, SFD and
// FCS, and keeps an average gap of 12 bytes by a deficit idle count. A frame starts in lane 0 or 4.
//
// Frames come without FCS, 14 bytes or more, and must not starve: `valid_i` stays high from the
// first beat of a frame to its last. If it does not, /E/ goes out and spoils the frame.
`default_nettype none

module mac_tx (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic                      valid_i,
  output logic                           ready_o,
  input  wire nic_types_pkg::mac_beat_t  beat_i,
  output logic [63:0]                    xgmii_txd_o,
  output logic [7:0]                     xgmii_txc_o,
  output ethernet_pkg::transmit_events_t events_o,
  output logic                           quiescent_o
);

  localparam int WordBits = $clog2(nic_pkg::MaxFrameBytes / 8 + 2);
  // The shortest frame: so many full words and so many bytes.
  localparam logic [WordBits-1:0] FullWords = WordBits'(nic_pkg::MinFrameBytes / 8);
  localparam logic [3:0]          RestBytes = 4'(nic_pkg::MinFrameBytes % 8);

  if (RestBytes == 0) begin : gen_rest_check
    $error("mac_tx: the shortest frame must end within a word");
  end

  // First stage: one word of the frame a cycle, counted from its start wherever that will lie.

  typedef enum logic [1:0] {StateGap, StateFrame, StatePad, StateTail} state_e;
  typedef enum logic [2:0] {WordIdle, WordPreamble, WordData, WordLast, WordTail, WordError} word_e;

  state_e              state_q;
  word_e               word_q;
  logic [63:0]         data_q;
  logic [3:0]          count_q;   // bytes of the last word
  logic [31:0]         crc_q;     // data_q included
  logic [31:0]         crc_d;
  logic [WordBits-1:0] full_q;    // data words before data_q

  // Where the next frame starts, as if it came at once.
  logic [1:0] wait_q;     // idle words until then
  logic       next_upper_q;  // in lane 4
  logic [1:0] deficit_q;  // bytes that gaps fell short of 12 so far
  logic       upper_q;    // the present frame started in lane 4

  logic        take;
  logic        first_q;   // no data word of the frame yet
  logic [WordBits-1:0] full;
  logic        last;
  logic [3:0]  count;
  logic [63:0] data;

  assign ready_o = state_q == StateFrame;
  assign take    = (state_q == StateFrame && valid_i) || state_q == StatePad;
  assign full    = first_q ? '0 : full_q + 1'b1;

  always_comb begin
    data  = beat_i.data;
    count = 4'd8;
    last  = 1'b0;
    if (state_q == StatePad) begin
      data = 64'd0;
      last = full == FullWords;
      if (last) count = RestBytes;
    end else if (take && beat_i.last) begin
      data = beat_i.data & ~(64'hFFFF_FFFF_FFFF_FFFF << {beat_i.count, 3'b000});
      last = full >= FullWords;
      if (full == FullWords && beat_i.count < RestBytes) count = RestBytes;
      else if (last) count = beat_i.count;
    end
  end

  frame_check_sequence u_fcs (
    .valid_i(take),
    .count_i(count),
    .data_i (data),
    .state_i(crc_q),
    .state_o(crc_d)
  );

  // The gap behind a frame. /T/ stands `count` modulo 4 bytes into its column of four. A start three
  // columns later makes the gap that much shorter than 12; when the deficit would pass 3, it is four
  // columns, and the deficit falls by what the gap is longer. Both are one addition modulo 4.
  logic [2:0] deficit;
  logic [2:0] columns;  // from the lower half of the word with /T/ to the next start

  assign deficit = {1'b0, deficit_q} + {1'b0, count[1:0]};
  assign columns = 3'd3 + {2'b00, deficit[2]} + {2'b00, upper_q}
                 + {2'b00, count < 4'd4 || count == 4'd8};

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q      <= StateGap;
      word_q       <= WordIdle;
      wait_q       <= 2'd0;
      next_upper_q <= 1'b0;
      deficit_q    <= 2'd0;
    end else begin
      unique case (state_q)
        StateGap: begin
          word_q <= WordIdle;
          if (wait_q != 2'd0) begin
            wait_q <= wait_q - 1'b1;
          end else if (valid_i) begin
            word_q  <= WordPreamble;
            state_q <= StateFrame;
          end else begin
            // Nothing to send at the earliest start: the gap is longer than the rule wants by more
            // than any deficit, and the next start counts as the first.
            next_upper_q <= 1'b0;
            deficit_q    <= 2'd0;
          end
        end
        StateTail: begin
          word_q  <= WordTail;
          state_q <= StateGap;
        end
        default: begin
          word_q <= !take ? WordError : last ? WordLast : WordData;
          if (last) begin
            state_q      <= count < 4'd4 ? StateGap : StateTail;
            deficit_q    <= deficit[1:0];
            next_upper_q <= columns[0];
            wait_q       <= columns[2:1] - 1'b1;
          end else if (take && state_q == StateFrame && beat_i.last) begin
            state_q <= StatePad;
          end
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StateGap && valid_i && wait_q == 2'd0) begin
      upper_q <= next_upper_q;
      first_q <= 1'b1;
      crc_q   <= fcs_pkg::Initial;
    end
    if (take) begin
      first_q <= 1'b0;
      full_q  <= full;
      data_q  <= data;
      count_q <= count;
      crc_q   <= crc_d;
    end
  end

  // Second stage: the word as it is on the wire, shifted by half a word for a start in lane 4.

  logic [63:0] ending;    // FCS and /T/
  logic [5:0]  ending_shift;
  logic [63:0] wire_data;
  logic [7:0]  wire_control;
  logic        terminates;
  logic [1:0]  settle_q;  // words until the output rests
  logic [31:0] upper_data_q;
  logic [3:0]  upper_control_q;

  always_comb begin
    ending       = {24'h07_0707, ethernet_pkg::CharTerminate, ~crc_q};
    ending_shift = 6'd0;
    terminates   = 1'b0;
    wire_data    = ethernet_pkg::IdleWord;
    wire_control = 8'hFF;
    unique case (word_q)
      WordPreamble: begin
        wire_data    = ethernet_pkg::PreambleWord;
        wire_control = 8'h01;
      end
      WordData: begin
        wire_data    = data_q;
        wire_control = 8'h00;
      end
      WordLast: begin
        wire_data    = data_q | (ending << {count_q, 3'b000});
        wire_control = 8'hF0 << count_q;
        // With count 4 only the FCS fits: /T/ comes in the next word.
        wire_control[7:4] = count_q < 4'd4 ? wire_control[7:4] : 4'd0;
        terminates   = count_q < 4'd4;
      end
      WordTail: begin
        ending_shift = {3'd0 - count_q[2:0], 3'b000};
        wire_data    = (ending >> ending_shift)
                     | (ethernet_pkg::IdleWord << {count_q, 3'b000});
        wire_control = 8'hFF << (count_q - 4'd4);
        terminates   = 1'b1;
      end
      WordError: wire_data = {8{ethernet_pkg::CharError}};
      default: ;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      settle_q        <= 2'b00;
      xgmii_txd_o     <= ethernet_pkg::IdleWord;
      xgmii_txc_o     <= 8'hFF;
      upper_data_q    <= ethernet_pkg::IdleWord[31:0];
      upper_control_q <= 4'hF;
    end else if (word_q != WordIdle || settle_q != 2'b00) begin
      settle_q        <= word_q != WordIdle ? 2'b11 : settle_q >> 1;
      upper_data_q    <= wire_data[63:32];
      upper_control_q <= wire_control[7:4];
      xgmii_txd_o     <= upper_q ? {wire_data[31:0], upper_data_q} : wire_data;
      xgmii_txc_o     <= upper_q ? {wire_control[3:0], upper_control_q} : wire_control;
    end
  end

  always_ff @(posedge clk_i) begin
    events_o.frames <= !rst_i && terminates;
    if (terminates) begin
      events_o.octets <= 16'({full_q, 3'b000}) + 16'(count_q) + 16'(ethernet_pkg::FcsBytes);
    end
  end

  assign quiescent_o = state_q == StateGap && !valid_i && wait_q == 2'd0 && !next_upper_q
                    && deficit_q == 2'd0 && word_q == WordIdle && settle_q == 2'b00
                    && !events_o.frames;

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) if (!rst_i && state_q == StateFrame) begin
    FrameNeverStarves: assert (valid_i);
    if (valid_i) begin
      BeatHasBytes: assert (beat_i.count != 4'd0 && beat_i.count <= 4'd8);
      BeatIsFull:   assert (beat_i.last || beat_i.count == 4'd8);
      FrameIsBounded: assert (32'({full, 3'b000}) + 32'(beat_i.count) <= nic_pkg::MaxFrameBytes);
    end
  end
`endif

endmodule

`default_nettype wire
