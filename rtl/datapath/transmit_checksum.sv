// Sums frames on their way into the transmit frame buffer, so that a checksum is known as soon as
// its frame is whole. A frame's record, its length and its checksum, comes two cycles after its
// last beat.
`default_nettype none

module transmit_checksum #(
  parameter int LengthBits = 11
) (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic                      valid_i,     // the buffer takes a beat
  input  wire logic [127:0]              data_i,
  input  wire logic [4:0]                count_i,
  input  wire nic_types_pkg::checksum_t  checksum_i,  // the same with all beats of a frame
  input  wire logic                      commit_i,    // with the last: the frame stays
  input  wire logic [LengthBits-1:0]     last_i,      // number of the beat's last byte
  output logic                           valid_o,     // pulse for each frame that stays
  output logic [LengthBits-1:0]          last_o,
  output logic                           wanted_o,    // the frame has a checksum
  output logic [LengthBits-1:0]          field_o,     // which goes to this byte and the next,
  output logic [15:0]                    value_o,     // the first in bits 7:0
  output logic                           quiescent_o
);

  // First the words of a row become one number.
  logic [11:0]  row;
  logic [127:0] summed;
  logic [18:0]  partial;

  assign row = 12'(last_i[LengthBits-1:4]);

  always_comb begin
    summed  = '0;
    partial = '0;
    if (valid_i && checksum_i.wanted && row >= checksum_i.start[15:4]) begin
      summed = data_i;
      if (!count_i[4]) summed = byte_lanes_pkg::merge(data_i, 128'd0, count_i);
      if (row == checksum_i.start[15:4]) begin
        summed = byte_lanes_pkg::merge(128'd0, summed, {1'b0, checksum_i.start[3:0]});
      end
      partial = 19'(checksum_pkg::add_words(summed[63:0])) +
                19'(checksum_pkg::add_words(summed[127:64]));
    end
  end

  logic                  added_q, commit_q, first_q, wanted_q, odd_q;
  logic [18:0]           partial_q;
  logic [LengthBits-1:0] last_q, field_q;

  // Then the numbers of a frame's rows become one. A frame that is aborted leaves a sum behind; the
  // first row of the next begins anew.
  logic                  done_q, swap_q, awake;
  logic [31:0]           sum_q;

  assign awake       = valid_i || added_q || commit_q || done_q;
  assign quiescent_o = !awake;

  always_ff @(posedge clk_i) begin
    if (awake) begin
      added_q  <= valid_i && checksum_i.wanted;
      commit_q <= valid_i && commit_i;
      done_q   <= commit_q;
      if (valid_i) begin
        first_q   <= row == 12'd0;
        partial_q <= partial;
        wanted_q  <= checksum_i.wanted;
        odd_q     <= checksum_i.start[0];
        last_q    <= last_i;
        field_q   <= checksum_i.field[LengthBits-1:0];
      end
      if (added_q) sum_q <= (first_q ? 32'd0 : sum_q) + 32'(partial_q);
      if (commit_q) begin
        last_o   <= last_q;
        wanted_o <= wanted_q;
        field_o  <= field_q;
        swap_q   <= odd_q;
      end
    end
    if (rst_i) begin
      added_q  <= 1'b0;
      commit_q <= 1'b0;
      done_q   <= 1'b0;
    end
  end

  // Rows pair their bytes by even numbers. Words that begin at an odd byte are summed with their
  // halves exchanged, and so is their sum. A 0 would say "no checksum" to UDP; to others all ones
  // means the same as 0 (RFC 768).
  logic [15:0] inverse;

  always_comb begin
    inverse = '0;
    value_o = '0;
    if (done_q && wanted_o) begin
      inverse = ~checksum_pkg::fold(sum_q);
      value_o = swap_q ? {inverse[7:0], inverse[15:8]} : inverse;
      if (inverse == 16'd0) value_o = 16'hFFFF;
    end
  end

  assign valid_o = done_q;

endmodule

`default_nettype wire
