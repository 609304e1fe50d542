// Stands before the transmitting MAC and decides, at each frame's start, what it sends: the frames
// of the host, none while the other end has asked for silence, and PAUSE frames of our own (IEEE
// 802.3, 31B; per class 31D) while the receive frame buffer is too full. Those go first, and are
// not stopped by a pause. With a link fault nothing starts.
//
// The other end is stopped when `congested_i` rises, again after half the time asked for, and set
// free (0 quanta) when it falls.
`default_nettype none

module mac_control_tx (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic [63:0]               time_ps_i,
  input  wire logic [63:0]               time_ps_q_i,  // of the cycle before, while awake
  input  wire logic [47:0]               mac_i,
  input  wire ethernet_pkg::mac_config_t config_i,
  input  wire logic                      congested_i,
  input  wire logic                      paused_i,
  input  wire logic                      fault_i,
  // The host's frames.
  input  wire logic                      valid_i,
  output logic                           ready_o,
  input  wire nic_types_pkg::mac_beat_t  beat_i,
  // mac_tx. A frame begins where `open_i` meets `valid_o`.
  input  wire logic                      open_i,
  output logic                           valid_o,
  input  wire logic                      ready_i,
  output nic_types_pkg::mac_beat_t       beat_o,
  // Pulses for the counters.
  output logic                           pause_o,
  output logic                           pfc_o,
  output logic                           stopping_o,  // the other end has been asked to be silent
  output logic [63:0]                    deadline_ps_o,
  output logic                           quiescent_o
);

  localparam logic [2:0] LastBeat = 3'd7;  // of 60 bytes
  localparam logic [3:0] LastCount = 4'd4;
  localparam int HalfQuantumPs = ethernet_pkg::QuantumPs / 2;

  logic        control_q;      // the frame at the MAC is ours
  logic        pfc_q;          // of which kind
  logic        xoff_q;         // what the other end was told last
  logic [63:0] refresh_ps_q;   // when it is told again
  logic [2:0]  beat_q;         // of our frame
  logic [15:0] quanta_q;       // that it asks for, last byte first

  logic enabled;
  logic wanted;
  logic due;
  logic begins;

  // A request for no time would be its own end, and due again at once.
  assign enabled = (config_i.send_pause || config_i.send_pfc) && config_i.quanta != 16'd0;
  assign wanted  = enabled && congested_i;
  assign due     = wanted ? !xoff_q || time_ps_q_i >= refresh_ps_q : xoff_q;

  always_comb begin
    if (open_i) valid_o = (due || (valid_i && !paused_i)) && !fault_i;
    else        valid_o = control_q || valid_i;
  end

  assign begins  = open_i && valid_o;
  assign ready_o = ready_i && !control_q;

  // The words of a frame; a class that is not asked has no time.
  nic_types_pkg::mac_beat_t ours;
  always_comb begin
    ours = '0;
    if (control_q) begin
      ours.last  = beat_q == LastBeat;
      ours.count = beat_q == LastBeat ? LastCount : 4'd8;
      unique case (beat_q)
        3'd0: ours.data = {mac_i[15:0], ethernet_pkg::ControlAddress};
        3'd1: ours.data = {pfc_q ? 16'h0101 : 16'h0100, ethernet_pkg::ControlType, mac_i[47:16]};
        3'd2: begin
          ours.data[15:0] = pfc_q ? {config_i.pfc_sends, 8'h00} : quanta_q;
          for (int i = 0; i < 3; i++)
            if (pfc_q && config_i.pfc_sends[i]) ours.data[16*i+16+:16] = quanta_q;
        end
        3'd3:
          for (int i = 0; i < 4; i++)
            if (pfc_q && config_i.pfc_sends[i+3]) ours.data[16*i+:16] = quanta_q;
        3'd4: if (pfc_q && config_i.pfc_sends[7]) ours.data[15:0] = quanta_q;
        default: ;
      endcase
    end
  end

  assign beat_o = control_q ? ours : beat_i;

  always_ff @(posedge clk_i) begin
    pause_o <= 1'b0;
    pfc_o   <= 1'b0;
    if (rst_i) begin
      control_q <= 1'b0;
      xoff_q    <= 1'b0;
    end else begin
      if (begins) begin
        control_q <= due;
        if (due) begin
          pfc_q        <= config_i.send_pfc;
          xoff_q       <= wanted;
          refresh_ps_q <= time_ps_i + 64'(config_i.quanta) * 64'(HalfQuantumPs);
          quanta_q     <= wanted ? {config_i.quanta[7:0], config_i.quanta[15:8]} : 16'd0;
          beat_q       <= 3'd0;
        end
      end
      if (control_q && ready_i) begin
        beat_q <= beat_q + 1'b1;
        if (beat_q == LastBeat) begin
          control_q <= 1'b0;
          pause_o   <= !pfc_q;
          pfc_o     <= pfc_q;
        end
      end
    end
  end

  assign stopping_o    = xoff_q;
  assign deadline_ps_o = wanted && xoff_q ? refresh_ps_q : '1;
  assign quiescent_o   = !due && !control_q && !pause_o && !pfc_o;

`ifdef NIC_PROOF
  `include "mac_control_tx_proof.svh"
`endif

endmodule

`default_nettype wire
