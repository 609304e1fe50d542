// Cuts packets into TCP segments on their way from the packer to the frame buffer; all other frames
// pass as they are. The headers are kept, written over for each segment, and sent in front of its
// payload, which is shifted to follow them without a gap. A packet whose headers are not what its
// driver says is swallowed, and the packer told.
`default_nettype none

module transmit_segmenter (
  input  wire logic                         clk_i,
  input  wire logic                         rst_i,
  output logic                              quiescent_o,
  // The packer's beats. Those of a packet to be cut have `cut_i`; with them `drop_i` says of each
  // that it is not to be believed, and with other frames, at the last, that the frame is dropped.
  input  wire nic_types_pkg::dma_beat_t     beat_i,
  input  wire logic                         drop_i,
  input  wire logic                         cut_i,
  input  wire nic_types_pkg::segmentation_t segmentation_i,
  input  wire logic [15:0]                  start_i,    // of the checksum
  input  wire logic                         valid_i,
  output logic                              ready_o,
  // The frame buffer's.
  output nic_types_pkg::dma_beat_t          beat_o,
  output logic                              drop_o,
  output logic                              valid_o,
  input  wire logic                         ready_i,
  output logic                              busy_o,     // a packet is in work; none other may come
  output logic                              refused_o   // the last one: until the next begins
);

  typedef enum logic [2:0] {
    StateIdle, StateParse, StateCollect, StateEdit, StateHead, StateBody, StateSwallow
  } state_e;

  state_e       state_q;
  logic [127:0] headers_q [0:15];  // rows of the packet from its first to the headers' last
  logic [3:0]   rows_q, row_q;     // in it; the next to send
  logic [3:0]   last_row;
  logic [127:0] stored;            // the row to read, to write over, or to send
  logic [4:0]   last_count;        // bytes of headers in the last
  logic         ended_q;           // the packet's last beat is here
  logic         refused_q;

  nic_types_pkg::segment_headers_t headers;
  logic [3:0]  parser_row;
  logic [6:0]  editor_word;
  logic [15:0] editor_value;
  logic        starts, parsed, refused, parser_waits, edits_last;

  // Of the segment at work.
  logic [10:0]  piece_q;           // payload to come
  logic [10:0]  payload_q;         // all of it
  logic [15:0]  left_q;            // of the packet, behind it
  logic         first_q, final_q;
  logic [127:0] held_q, source_q;
  logic [4:0]   held_count_q, source_at_q;  // 16: nothing is left of the row
  logic         source_bad_q, bad_q;

  nic_types_pkg::dma_beat_t out_q;
  logic                     out_valid_q, out_drop_q;

  assign starts = valid_i && cut_i && !busy_o;

  segment_parser u_parser (
    .clk_i, .start_i(starts), .active_i(state_q == StateParse), .ipv6_i(segmentation_i.ipv6),
    .size_i(segmentation_i.size), .length_i(segmentation_i.length), .transport_i(start_i),
    .row_o(parser_row), .row_i(stored), .rows_i(rows_q), .waits_o(parser_waits),
    .done_o(parsed), .refused_o(refused), .keep_i(state_q != StateIdle),
    .headers_o(headers)
  );

  segment_editor u_editor (
    .clk_i, .begin_i(state_q == StateCollect && moves), .ipv6_i(segmentation_i.ipv6),
    .ecn_i(segmentation_i.ecn), .headers_i(headers), .active_i(state_q == StateEdit),
    .payload_i(payload_q), .first_i(first_q), .final_i(final_q),
    .word_o(editor_word), .value_o(editor_value), .last_o(edits_last)
  );

  // What is worked out only while a packet is here costs a simulation nothing with other frames, so
  // it stands in one place. Of the payload, what is left of a source row follows what is held, up
  // to the segment's end.
  logic       room, headed, steps, ends, out_bad, moves;
  logic [4:0] count, left;
  logic [5:0] total;

  always_comb begin
    ready_o    = !out_valid_q && (cut_i || ready_i);
    stored     = '0;
    last_row   = '0;
    last_count = '0;
    room       = 1'b0;
    headed     = 1'b0;
    left       = '0;
    count      = '0;
    total      = '0;
    steps      = 1'b0;
    ends       = 1'b0;
    out_bad    = 1'b0;
    moves      = starts;
    if (state_q != StateIdle) begin
      last_row   = headers.bytes[7:4] - 4'(headers.bytes[3:0] == 4'd0);
      last_count = {headers.bytes[3:0] == 4'd0, headers.bytes[3:0]};
      room       = !out_valid_q || ready_i;
      ready_o    = 1'b0;
      moves      = 1'b0;
      stored     = headers_q[state_q == StateParse ? parser_row :
                             state_q == StateEdit  ? editor_word[6:3] : row_q];
      unique case (state_q)
        StateParse: begin
          ready_o = parser_waits;
          moves   = !parser_waits;
        end
        StateCollect: begin
          ready_o = rows_q <= last_row;
          moves   = !ready_o;
        end
        StateEdit: moves = 1'b1;
        StateHead: begin
          headed = room && row_q == last_row;
          moves  = room;
        end
        StateBody: begin
          left    = 5'd16 - source_at_q;
          count   = piece_q < {6'd0, left} ? piece_q[4:0] : left;
          steps   = room && (piece_q == 11'd0 || count != 5'd0);
          total   = {1'b0, held_count_q} + {1'b0, count};
          ends    = steps && total <= 6'd16 && piece_q == {6'd0, count};
          out_bad = bad_q || (source_bad_q && count != 5'd0);
          ready_o = !ended_q && (left == 5'd0 || (steps && count == left));
          moves   = steps;
        end
        default: begin  // StateSwallow
          ready_o = !ended_q;
          moves   = ended_q;
        end
      endcase
      moves = moves || (valid_i && ready_o);
    end
  end

  // ---- From packet to segments. Behind a row that is not to be believed nothing of the packet
  // leaves.

  always_ff @(posedge clk_i) begin : work
    logic         takes, ended, plans, leaves, writes;
    logic [3:0]   write_row;
    logic [127:0] write_data;
    logic [15:0]  rest, payload;
    if (moves) begin
      takes      = valid_i && ready_o;
      ended      = (!starts && ended_q) || (takes && beat_i.last);
      plans      = 1'b0;
      leaves     = 1'b0;
      writes     = takes;
      write_row  = rows_q;
      write_data = beat_i.data;
      unique case (state_q)
        StateIdle: begin
          state_q   <= StateParse;
          refused_q <= 1'b0;
          write_row = 4'd0;
          leaves    = drop_i;
        end
        StateParse: begin
          if (parsed) state_q <= StateCollect;
          if (refused) refused_q <= 1'b1;
          leaves = refused || (takes && drop_i);
        end
        StateCollect: begin
          plans  = !ready_o;
          leaves = takes && drop_i;
        end
        StateEdit: begin
          writes     = 1'b1;
          write_row  = editor_word[6:3];
          write_data = stored;
          for (int i = 0; i < 8; i++) begin
            if (editor_word[2:0] == 3'(i)) begin
              write_data[16*i+:16] = {editor_value[7:0], editor_value[15:8]};
            end
          end
          if (edits_last) state_q <= StateHead;
        end
        StateHead: if (headed) state_q <= StateBody;
        StateBody: begin
          plans  = ends && left_q != 16'd0 && !out_bad;
          leaves = ends && !plans;
          writes = 1'b0;
        end
        default: {leaves, writes} = {ended, 1'b0};  // StateSwallow
      endcase
      if (writes) headers_q[write_row] <= write_data;
      if (writes && takes) rows_q <= write_row + 4'd1;
      if (plans) begin
        rest = state_q == StateCollect ? 16'(segmentation_i.length - {9'd0, headers.bytes})
                                       : left_q;
        payload   = rest <= segmentation_i.size ? rest : segmentation_i.size;
        final_q   <= rest == payload;
        payload_q <= payload[10:0];
        left_q    <= rest - payload;
        first_q   <= state_q == StateCollect;
        state_q   <= StateEdit;
      end
      if (leaves) state_q <= ended ? StateIdle : StateSwallow;
      ended_q <= ended;
    end
    if (rst_i) begin
      state_q   <= StateIdle;
      refused_q <= 1'b0;
    end
  end

  // ---- A segment: its headers row by row, and its payload behind them.

  always_ff @(posedge clk_i) begin : rows
    logic         emits;
    logic [127:0] moved, row;
    if (busy_o) begin
      emits = (state_q == StateHead && room && !headed) ||
              (steps && (ends || total >= 6'd16));
      row   = stored;
      if (steps) begin
        moved = byte_lanes_pkg::rotate(source_q, held_count_q[3:0] - source_at_q[3:0]);
        row   = byte_lanes_pkg::merge(held_q, moved, held_count_q);
        held_q       <= total <= 6'd16 ? row : moved;
        held_count_q <= {total >= 6'd16 && !total[4], total[3:0]};
        piece_q      <= piece_q - {6'd0, count};
        bad_q        <= out_bad;
        source_at_q  <= source_at_q + count;
      end else if (state_q == StateHead && room) begin
        held_q       <= stored;
        held_count_q <= last_count;
        row_q        <= row_q + 4'd1;
      end
      // Behind the first segment's headers its payload goes on in their last row.
      if (headed && first_q) begin
        source_q     <= stored;
        source_bad_q <= 1'b0;
        source_at_q  <= last_count;
      end else if (state_q == StateBody && valid_i && ready_o) begin
        source_q     <= beat_i.data;
        source_bad_q <= drop_i;
        source_at_q  <= 5'd0;
      end
      if (state_q == StateEdit) begin
        piece_q <= payload_q;
        bad_q   <= 1'b0;
        row_q   <= 4'd0;
      end
      if (emits) begin
        out_q       <= {ends, ends ? total[4:0] : 5'd16, row};
        out_drop_q  <= ends && out_bad;
        out_valid_q <= 1'b1;
      end else if (ready_i) out_valid_q <= 1'b0;
    end
    if (rst_i) out_valid_q <= 1'b0;
  end

  always_comb begin
    beat_o = beat_i;
    drop_o = drop_i;
    if (out_valid_q) begin
      beat_o = out_q;
      drop_o = out_drop_q;
    end
  end

  assign valid_o   = out_valid_q || (valid_i && !cut_i);
  assign busy_o    = state_q != StateIdle || out_valid_q;
  assign refused_o = refused_q;

  // Waiting for a beat, or for room, changes nothing here.
  assign quiescent_o = !moves && !(out_valid_q && ready_i);

`ifdef NIC_PROOF
  `include "transmit_segmenter_proof.svh"
`endif

endmodule

`default_nettype wire
