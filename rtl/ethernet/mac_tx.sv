// Transmit half of the MAC: turns frames into XGMII words. Pads to 60 bytes, adds preamble, SFD and
// FCS, and keeps an average gap of 12 bytes by a deficit idle count. A frame starts in lane 0 or 4.
//
// Frames come without FCS, 14 bytes or more, and must not starve: `valid_i` stays high from the
// first beat of a frame to its last. If it does not, /E/ goes out and spoils the frame. What is
// offered may be taken back as long as `open_o` has not met it.
//
// With `remote_fault_i` remote fault goes out instead of idle, behind the frame that is under way
// (IEEE 802.3, 46.3.4, cuts it off, which would only lose it): its owner offers no frame meanwhile.
`default_nettype none

module mac_tx (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic [63:0]               time_ps_i,
  input  wire logic                      remote_fault_i,
  output logic                           open_o,  // a frame that is offered begins now
  input  wire logic                      valid_i,
  output logic                           ready_o,
  input  wire nic_types_pkg::mac_beat_t  beat_i,
  output logic [63:0]                    xgmii_txd_o,
  output logic [7:0]                     xgmii_txc_o,
  output ethernet_pkg::transmit_events_t events_o,
  output logic                           stamp_valid_o,  // a frame begins on the wire
  output logic [63:0]                    stamp_ps_o,     // with its /S/ at this time
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
  typedef enum logic [2:0] {
    WordIdle, WordFault, WordPreamble, WordData, WordLast, WordTail, WordError
  } word_e;

  state_e              state_q;
  word_e               word_q;
  logic [63:0]         data_q;
  logic [3:0]          count_q;  // bytes of the last word
  logic [31:0]         crc_q;    // data_q included
  logic [WordBits-1:0] full_q;   // data words before data_q
  logic                upper_q;  // the frame started in lane 4

  // Where the next frame starts if it comes at once.
  logic [1:0] wait_q;        // idle words until then
  logic       next_upper_q;  // in lane 4
  logic [1:0] deficit_q;     // bytes that gaps fell short of 12 so far

  logic [1:0] casts_q;       // of the frame

  assign ready_o = state_q == StateFrame;
  assign open_o  = state_q == StateGap && wait_q == 2'd0;

  always_ff @(posedge clk_i) begin : framing
    logic                last;
    logic [WordBits-1:0] full;
    logic [3:0]          count;
    logic [63:0]         data;
    logic [2:0]          deficit;
    logic [2:0]          columns;
    if (rst_i) begin
      state_q      <= StateGap;
      word_q       <= WordIdle;
      wait_q       <= 2'd0;
      next_upper_q <= 1'b0;
      deficit_q    <= 2'd0;
    end else if (state_q == StateGap) begin
      word_q <= WordIdle;
      if (wait_q != 2'd0) begin
        wait_q <= wait_q - 1'b1;
      end else if (valid_i) begin
        word_q  <= WordPreamble;
        state_q <= StateFrame;
        upper_q <= next_upper_q;
        full_q  <= '1;  // the first word makes it 0
        crc_q   <= fcs_pkg::Initial;
      end else begin
        // Nothing to send at the earliest start: the gap grows by more than any deficit, and the
        // next start counts as the first.
        next_upper_q <= 1'b0;
        deficit_q    <= 2'd0;
        if (remote_fault_i) word_q <= WordFault;
      end
    end else if (state_q == StateTail) begin
      word_q  <= WordTail;
      state_q <= StateGap;
    end else if (state_q == StateFrame && !valid_i) begin
      word_q <= WordError;
    end else begin
      full  = full_q + 1'b1;
      data  = beat_i.data;
      count = 4'd8;
      last  = 1'b0;
      if (state_q == StatePad) begin
        data = 64'd0;
        last = full == FullWords;
        if (last) count = RestBytes;
      end else if (beat_i.last) begin
        data = data & ~(64'hFFFF_FFFF_FFFF_FFFF << {beat_i.count, 3'b000});
        last = full >= FullWords;
        if (full == FullWords && beat_i.count < RestBytes) count = RestBytes;
        else if (last) count = beat_i.count;
        state_q <= StatePad;
      end
      if (full_q == '1) casts_q <= ethernet_pkg::cast_class(beat_i.data[47:0]);
      word_q  <= WordData;
      data_q  <= data;
      count_q <= count;
      full_q  <= full;
      crc_q   <= fcs_pkg::advance(crc_q, data, count);
      if (last) begin
        word_q  <= WordLast;
        state_q <= count < 4'd4 ? StateGap : StateTail;
        // /T/ stands `count` modulo 4 bytes into its column of four. A start three columns later
        // makes the gap that much shorter than 12; when the deficit would pass 3 it is four
        // columns, and the deficit falls by what the gap is longer. Both are one addition modulo 4.
        // The columns are counted from the lower half of the word with /T/.
        deficit = {1'b0, deficit_q} + {1'b0, count[1:0]};
        columns = 3'd3 + {2'b00, deficit[2]} + {2'b00, upper_q}
                + {2'b00, count < 4'd4 || count == 4'd8};
        deficit_q    <= deficit[1:0];
        next_upper_q <= columns[0];
        wait_q       <= columns[2:1] - 1'b1;
      end
    end
  end

  // Second stage: the word as it is on the wire, shifted by half a word for a start in lane 4.

  logic        fault_q;   // what the output rests at: remote fault or idle
  logic        moving;
  logic [1:0]  settle_q;  // words until the output rests
  logic [31:0] upper_data_q;
  logic [3:0]  upper_control_q;

  assign moving = word_q != (fault_q ? WordFault : WordIdle);

  always_ff @(posedge clk_i) begin : wire_words
    logic [63:0] ending;  // FCS and /T/
    logic [5:0]  shift;
    logic [63:0] data;
    logic [7:0]  control;
    logic [15:0] octets;
    logic        ends;
    stamp_valid_o   <= 1'b0;
    events_o.frames <= 1'b0;
    events_o.sizes  <= '0;
    events_o.casts  <= '0;
    if (rst_i) begin
      fault_q         <= 1'b0;
      settle_q        <= 2'b00;
      xgmii_txd_o     <= ethernet_pkg::IdleWord;
      xgmii_txc_o     <= 8'hFF;
      upper_data_q    <= ethernet_pkg::IdleWord[31:0];
      upper_control_q <= 4'hF;
    end else if (moving || settle_q != 2'b00) begin
      ends    = 1'b0;
      ending  = {24'h07_0707, ethernet_pkg::CharTerminate, ~crc_q};
      data    = ethernet_pkg::IdleWord;
      control = 8'hFF;
      unique case (word_q)
        WordData: begin
          data    = data_q;
          control = 8'h00;
        end
        WordPreamble: begin
          data    = ethernet_pkg::PreambleWord;
          control = 8'h01;
          // The word is on the wire in the next cycle.
          stamp_valid_o <= 1'b1;
          stamp_ps_o    <= time_ps_i + (upper_q ? 64'(ethernet_pkg::WordPs * 3 / 2)
                                                : 64'(ethernet_pkg::WordPs));
        end
        WordFault: begin
          data    = ethernet_pkg::RemoteFaultWord;
          control = ethernet_pkg::OrderedSetControl;
        end
        WordLast: begin
          data    = data_q | (ending << {count_q, 3'b000});
          control = 8'hF0 << count_q;
          // A word with four bytes or more has no room for /T/: the rest comes in the tail.
          if (count_q < 4'd4) ends = 1'b1;
          else                control = 8'h00;
        end
        WordTail: begin
          shift   = {3'd0 - count_q[2:0], 3'b000};
          data    = (ending >> shift) | (ethernet_pkg::IdleWord << {count_q, 3'b000});
          control = 8'hFF << (count_q - 4'd4);
          ends    = 1'b1;
        end
        WordError: data = {8{ethernet_pkg::CharError}};
        default: ;
      endcase
      fault_q         <= word_q == WordFault;
      settle_q        <= moving ? 2'b11 : settle_q >> 1;
      upper_data_q    <= data[63:32];
      upper_control_q <= control[7:4];
      xgmii_txd_o     <= upper_q ? {data[31:0], upper_data_q} : data;
      xgmii_txc_o     <= upper_q ? {control[3:0], upper_control_q} : control;
      if (ends) begin
        octets = 16'({full_q, 3'b000}) + 16'(count_q) + 16'(ethernet_pkg::FcsBytes);
        events_o.frames <= 1'b1;
        events_o.octets <= octets;
        events_o.sizes  <= ethernet_pkg::size_class(octets);
        events_o.casts  <= casts_q;
      end
    end
  end

  assign quiescent_o = state_q == StateGap && !valid_i && wait_q == 2'd0 && !next_upper_q
                    && deficit_q == 2'd0 && fault_q == remote_fault_i && !moving
                    && settle_q == 2'b00 && !events_o.frames && events_o.sizes == '0
                    && events_o.casts == '0 && !stamp_valid_o;

`ifdef NIC_CHECK
  logic [WordBits-1:0] full;

  assign full = full_q + 1'b1;

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
