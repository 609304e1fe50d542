// Reads MAC control frames (IEEE 802.3, 31) off the frames that the MAC gives out. They are for the
// MAC alone: `control_o`, meant with a frame's last beat, tells whoever stores frames to drop it.
//
// What a frame asks for comes as a pulse the cycle after its last beat, if it is good, for this
// station, and of the one length there is.
`default_nettype none

module mac_control_rx (
  input  wire logic                     clk_i,
  input  wire logic                     rst_i,
  input  wire logic [47:0]              mac_i,
  input  wire logic                     valid_i,
  input  wire nic_types_pkg::mac_beat_t beat_i,
  input  wire logic                     good_i,
  output logic                          control_o,
  output logic                          pause_o,
  output logic                          pfc_o,
  output logic [7:0]                    classes_o,
  output logic [127:0]                  quanta_o,  // of class 0 lowest; of PAUSE there as well
  output logic                          unsupported_o,
  output logic                          ignored_o,
  output logic                          quiescent_o
);

  localparam logic [3:0] LastBeat = 4'd7;  // of 60 bytes
  localparam logic [3:0] LastCount = 4'd4;

  logic [3:0]  beat_q;  // of the frame; stands at the last number
  logic        ours_q;
  logic        control_q;
  logic [15:0] opcode_q;
  logic [15:0] vector_q;

  assign control_o = control_q;

  always_ff @(posedge clk_i) begin : read
    logic whole;
    pause_o       <= 1'b0;
    pfc_o         <= 1'b0;
    unsupported_o <= 1'b0;
    ignored_o     <= 1'b0;
    if (rst_i) begin
      beat_q    <= 4'd0;
      control_q <= 1'b0;
    end else if (valid_i) begin
      beat_q <= beat_i.last ? 4'd0 : beat_q == '1 ? beat_q : beat_q + 1'b1;
      if (beat_q == 4'd0) begin
        control_q <= 1'b0;
        ours_q    <= beat_i.data[47:0] == ethernet_pkg::ControlAddress ||
                     beat_i.data[47:0] == mac_i;
      end
      if (beat_q == 4'd1) begin
        control_q <= beat_i.data[47:32] == ethernet_pkg::ControlType;
        opcode_q  <= {beat_i.data[55:48], beat_i.data[63:56]};
      end
      if (control_q) begin
        unique case (beat_q)
          4'd2: begin
            vector_q <= {beat_i.data[7:0], beat_i.data[15:8]};
            for (int i = 0; i < 3; i++)
              quanta_o[16*i+:16] <= {beat_i.data[16*i+16+:8], beat_i.data[16*i+24+:8]};
          end
          4'd3: begin
            for (int i = 0; i < 4; i++)
              quanta_o[16*i+48+:16] <= {beat_i.data[16*i+:8], beat_i.data[16*i+8+:8]};
          end
          4'd4: quanta_o[127:112] <= {beat_i.data[7:0], beat_i.data[15:8]};
          default: ;
        endcase
        if (beat_i.last && good_i) begin
          whole = ours_q && beat_q == LastBeat && beat_i.count == LastCount;
          if (opcode_q == ethernet_pkg::OpcodePause) begin
            pause_o        <= whole;
            ignored_o      <= !whole;
            quanta_o[15:0] <= vector_q;
          end else if (opcode_q == ethernet_pkg::OpcodeClassPause) begin
            pfc_o     <= whole;
            ignored_o <= !whole;
            classes_o <= vector_q[7:0];
          end else begin
            unsupported_o <= 1'b1;
          end
        end
      end
    end
  end

  assign quiescent_o = !valid_i && !pause_o && !pfc_o && !unsupported_o && !ignored_o;

endmodule

`default_nettype wire
