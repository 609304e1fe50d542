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
  localparam int TagBytes = 4;      // 802.1Q, 802.1ad
  // Type field of a tagged frame as it lies in a word, first byte lowest.
  localparam logic [15:0] TagType = 16'h0081;
  localparam logic [15:0] ServiceTagType = 16'hA888;  // 802.1ad
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

  // What the wire says about the link between frames (46.3.4): the last byte of the ordered sets.
  localparam logic [1:0] LinkOk = 2'd0;
  localparam logic [1:0] LinkLocalFault = 2'd1;   // nothing comes in
  localparam logic [1:0] LinkRemoteFault = 2'd2;  // nothing arrives at the other end

  // Remote fault ordered sets in both columns of a word.
  localparam logic [63:0] RemoteFaultWord = 64'h0200_009C_0200_009C;
  localparam logic [7:0]  OrderedSetControl = 8'h11;

  // MAC control frames (31B, 31D): 64 bytes with the FCS, numbers with their first byte first.
  localparam logic [47:0] ControlAddress = 48'h0100_00C2_8001;  // as it lies in a word
  localparam logic [15:0] ControlType = 16'h0888;               // as it lies in a word
  localparam logic [15:0] OpcodePause = 16'h0001;
  localparam logic [15:0] OpcodeClassPause = 16'h0101;
  localparam int QuantumPs = 51200;  // 512 bit times at 10 Gb/s

  // A word takes so long.
  localparam int WordPs = 6400;

  // The size of a frame of legal length, FCS included: one bit each for 64 (lowest), to 127,
  // to 255, to 511, to 1023, to the maximum.
  function automatic logic [5:0] size_class(input logic [15:0] octets);
    if (octets[15:10] != 6'd0) size_class = 6'h20;
    else if (octets[9])        size_class = 6'h10;
    else if (octets[8])        size_class = 6'h08;
    else if (octets[7])        size_class = 6'h04;
    else if (octets[6:0] > 7'd64) size_class = 6'h02;
    else                       size_class = 6'h01;
  endfunction

  // Whether a frame is for a group (but not all), and whether for all; by its destination address
  // as it lies in the first word.
  function automatic logic [1:0] cast_class(input logic [47:0] address);
    cast_class = {address[0] && address != 48'hFFFF_FFFF_FFFF, address == 48'hFFFF_FFFF_FFFF};
  endfunction

  // How the host has set the MAC.
  typedef struct packed {
    logic        send_pfc;
    logic        obey_pfc;
    logic        send_pause;
    logic        obey_pause;
    logic [7:0]  pfc_stops;       // classes that stop the transmit queue
    logic [7:0]  pfc_sends;       // classes that are asked to stop
    logic [15:0] quanta;
  } mac_config_t;

  // What the receiving half of the MAC tells the transmitting one. With the pulses come the quanta
  // of eight classes, 16 bits each, class 0 lowest; those of PAUSE are there as well.
  typedef struct packed {
    logic [1:0] fault;
    logic       congested;  // the frame buffer is filling
    logic       pause;      // pulse: stop for so many quanta, or go on with 0
    logic       pfc;        // pulse: the same for each class that is named
    logic [7:0] classes;
  } peer_t;

  // Pulses for what is not a frame of the host's.
  typedef struct packed {
    logic remote_fault;
    logic local_fault;
    logic ignored;      // MAC control frames: for others, or of wrong length
    logic unsupported;  // with an opcode that is not known
    logic pfc;
    logic pause;
  } control_events_t;

  // One pulse in `frames` for each frame put on the wire, with its bytes, FCS included.
  typedef struct packed {
    logic [5:0]  sizes;   // by size_class(), with `frames`
    logic [1:0]  casts;   // by cast_class(), with `frames`
    logic        frames;
    logic [15:0] octets;
  } transmit_events_t;

  // Exactly one of the pulses from `frames` to `framing_errors` for each frame that ends; `octets`,
  // FCS included, goes with `frames`.
  typedef struct packed {
    logic [5:0]  sizes;           // by size_class(), with `frames` and `fcs_errors`
    logic [1:0]  casts;           // by cast_class(), with `frames`
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
