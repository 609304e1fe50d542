// Turns the data of write requests into the W beats of their bursts: bytes move to the lanes of
// their address, strobes cover the request and no more. One beat a cycle.
`default_nettype none

module write_lanes (
    input  logic                     clk_i,
    input  logic                     rst_i,
    input  logic                     flush_i,
    // A burst: beats less one, first lane, lanes of its last beat (0: all), last of its request.
    input  logic [3:0]               beats_i,
    input  logic [3:0]               offset_i,
    input  logic [3:0]               tail_i,
    input  logic                     last_i,
    input  logic                     burst_valid_i,
    output logic                     burst_take_o,
    // Data of the burst's client; the beat's first byte is at lane `lane_i`.
    input  nic_types_pkg::dma_beat_t beat_i,
    input  logic [3:0]               lane_i,
    input  logic                     beat_valid_i,
    output logic                     beat_ready_o,
    // W channel.
    output logic [127:0]             data_o,
    output logic [15:0]              strobe_o,
    output logic                     last_o,
    output logic                     valid_o,
    input  logic                     ready_i
);

  // Bytes wait in `held_q` until a lane row is full. The lanes in front of a request's first byte
  // count as filled: the strobes leave them out.
  logic [127:0] held_q, moved, row;
  logic [4:0]   fill;        // lanes of the row that are filled
  logic [3:0]   fill_q, row_q;
  logic         fresh_q;     // nothing of the request has been taken
  logic         ended_q;     // all of its data has been taken, the held bytes are its last row
  logic [5:0]   total;
  logic         wanted, take, full, emit;

  // While a flush drains, bursts that are already announced are completed with no byte enabled.
  always_comb begin
    fill     = '0;
    wanted   = 1'b0;
    total    = '0;
    full     = 1'b0;
    moved    = '0;
    row      = '0;
    strobe_o = '0;
    last_o   = 1'b0;
    valid_o  = 1'b0;
    if (burst_valid_i) begin
      fill   = {1'b0, fresh_q ? offset_i : fill_q};
      wanted = beat_valid_i && !ended_q && !flush_i;
      total  = {1'b0, fill} + {1'b0, beat_i.count};
      full   = total >= 6'd16 || beat_i.last;
      row    = held_q;
      if (wanted) begin
        moved = byte_lanes_pkg::rotate(beat_i.data, fill[3:0] - lane_i);
        row   = byte_lanes_pkg::merge(held_q, moved, fill);
      end
      valid_o  = flush_i || ended_q || (wanted && full);
      last_o   = row_q == beats_i;
      strobe_o = 16'hFFFF;
      if (row_q == 4'd0) strobe_o = strobe_o << offset_i;
      if (last_o && tail_i != 4'd0) strobe_o = strobe_o & ~(16'hFFFF << tail_i);
      if (flush_i) strobe_o = 16'h0000;
    end
  end

  assign take         = wanted && (ready_i || !full);
  assign emit         = valid_o && ready_i;
  assign beat_ready_o = take;
  assign burst_take_o = emit && last_o;

  assign data_o = row;

  // After a full row, what is left of the beat has been rotated to the front.
  always_ff @(posedge clk_i) begin
    if (take || emit) begin
      if (take) begin
        fill_q  <= total[3:0];
        held_q  <= emit ? moved : row;
        fresh_q <= 1'b0;
        ended_q <= beat_i.last;
      end
      if (emit) row_q <= last_o ? 4'd0 : row_q + 4'd1;
      if (emit && last_o && last_i) begin
        fresh_q <= 1'b1;
        ended_q <= 1'b0;
      end
    end
    if (rst_i || flush_i) begin
      fresh_q <= 1'b1;
      ended_q <= 1'b0;
    end
    if (rst_i) row_q <= 4'd0;
  end

`ifdef NIC_CHECK
  // A client's data and its request are of one length.
  always_ff @(posedge clk_i) begin
    if (!rst_i && !flush_i && emit && (ended_q || (beat_i.last && total <= 6'd16))) begin
      DataEndsWithItsRequest: assert (last_i && last_o);
    end
    if (!rst_i && !flush_i && emit && last_i && last_o) begin
      RequestEndsWithItsData: assert (ended_q || beat_i.last);
    end
  end
`endif

endmodule

`default_nettype wire
