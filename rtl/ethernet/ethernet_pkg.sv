// XGMII characters (IEEE 802.3, clause 46) and what the MAC reports about frames.
`default_nettype none

package ethernet_pkg;

  // Control characters; a lane's control bit is set with them.
  localparam logic [7:0] CharLowPower = 8'h06;
  localparam logic [7:0] CharIdle = 8'h07;
  localparam logic [7:0] CharSignal = 8'h5C;    // signal ordered set
  localparam logic [7:0] CharSequence = 8'h9C;  // sequence ordered set: link faults
  localparam logic [7:0] CharStart = 8'hFB;
  localparam logic [7:0] CharTerminate = 8'hFD;
  localparam logic [7:0] CharError = 8'hFE;

  localparam logic [7:0] StartDelimiter = 8'hD5;  // SFD
  localparam logic [63:0] PreambleWord = 64'hD555_5555_5555_55FB;  // with start and SFD
  localparam logic [63:0] IdleWord = 64'h0707_0707_0707_0707;

  localparam int FcsBytes = 4;
  localparam int HeaderBytes = 14;  // addresses and type
  localparam int TagBytes = 4;      // 802.1Q
  // Type field of a tagged frame as it lies in a word, first byte lowest.
  localparam logic [15:0] TagType = 16'h0081;
  localparam int MinWireBytes = 64;  // FCS included

  // The lanes of a word that hold /S/.
  function automatic logic [7:0] start_lanes(input logic [63:0] data, input logic [7:0] control);
    for (int i = 0; i < 8; i++) start_lanes[i] = control[i] && data[8 * i +: 8] == CharStart;
  endfunction

  // Whether a control character can not lie within a frame. The others spoil it.
  function automatic logic ends_frame(input logic [7:0] char);
    ends_frame = char == CharTerminate || char == CharIdle || char == CharLowPower
              || char == CharStart || char == CharSequence || char == CharSignal;
  endfunction

  // How a frame on the wire ended.
  typedef enum logic [1:0] {
    FaultNone,
    FaultSymbol,  // a control character lay within it
    FaultFraming  // no SFD, no /T/, or a start in a wrong lane
  } fault_e;

  // One pulse in `frames` for each frame put on the wire, with its bytes, FCS included.
  typedef struct packed {
    logic        frames;
    logic [15:0] octets;
  } transmit_events_t;

  // Exactly one pulse for each frame that ends; `octets`, FCS included, goes with `frames`.
  typedef struct packed {
    logic        frames;          // good
    logic        fcs_errors;
    logic        undersize;
    logic        fragments;
    logic        oversize;
    logic        jabbers;
    logic        symbol_errors;
    logic        framing_errors;
    logic [15:0] octets;
  } receive_events_t;

endpackage

`default_nettype wire
