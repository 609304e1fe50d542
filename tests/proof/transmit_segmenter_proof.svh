// What cutting a packet leads to, counted at the beats that leave: the segments carry its payload,
// each as much as was asked for but the last, behind the headers. What the headers say comes from
// segment_parser_any.sv. Included by transmit_segmenter.sv.

  logic        started_q;
  logic        emits, cutting;
  logic [10:0] sent_q;     // bytes of the segment that have left
  logic [10:0] segment;    // all of it, when it ends
  logic [15:0] carried_q;  // payload in the segments before
  logic [15:0] payload;    // of the packet
  logic        one_q;      // a segment of the packet has left
  logic [2:0]  seen_q;

  initial started_q = 1'b0;

  assign payload = 16'(segmentation_i.length - {9'd0, headers.bytes});
  assign cutting = state_q == StateEdit || state_q == StateHead || state_q == StateBody;
  assign emits   = (state_q == StateHead && room && !headed) ||
                   (steps && (ends || total >= 6'd16));
  assign segment = sent_q + {5'd0, total};

  // The packer keeps what it asks for until the packet is done.
  nic_types_pkg::segmentation_t asked_q;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    asked_q   <= segmentation_i;
    if (!started_q) assume (rst_i);
    if (state_q != StateIdle) assume (segmentation_i == asked_q);
    // What segment_parser lets pass.
    assume (segmentation_i.size != 16'd0 && headers.bytes != 8'd0);
    assume ({9'd0, headers.bytes} <= segmentation_i.length);
    assume (segmentation_i.length - {9'd0, headers.bytes} <= 17'h0FFFF);
    assume (17'(headers.bytes) + {1'b0, segmentation_i.size} <= 17'(nic_pkg::MaxFrameBytes) ||
            segmentation_i.length <= 17'(nic_pkg::MaxFrameBytes));
    if (rst_i || state_q == StateCollect) begin
      sent_q    <= '0;
      carried_q <= '0;
      one_q     <= 1'b0;
    end else if (ends) begin
      sent_q    <= '0;
      carried_q <= carried_q + payload_q;
      one_q     <= 1'b1;
    end else if (emits) sent_q <= sent_q + 11'd16;
    if (started_q && !rst_i) begin
      if (ends) begin
        HeadersLeadEach:    assert (segment == {3'd0, headers.bytes} + payload_q);
        NoneIsLarger:       assert ({5'd0, payload_q} <= segmentation_i.size);
        AllButTheLastAreFull: assert (left_q == 16'd0 || {5'd0, payload_q} == segmentation_i.size);
        AllIsCarried:       assert (left_q != 16'd0 || carried_q + payload_q == payload);
        EachIsAFrame:       assert (32'(segment) <= nic_pkg::MaxFrameBytes);
        NoneIsEmpty:        assert (payload_q != 11'd0 || payload == 16'd0);
        BeatHasBytes:       assert (total != 6'd0);
      end
      // What the editor is told of the segment.
      if (cutting) begin
        FirstIsKnown:       assert (first_q == !one_q);
        LastIsKnown:        assert (final_q == (carried_q + payload_q == payload));
      end
      // What makes them inductive.
      if (cutting) begin
        NothingIsForgotten: assert (18'(carried_q) + 18'(payload_q) + 18'(left_q) ==
                                    18'(payload));
        FullIfMoreFollows:  assert ({5'd0, payload_q} == segmentation_i.size ||
                                    (left_q == 16'd0 && {5'd0, payload_q} < segmentation_i.size));
        Carries:            assert (payload_q != 11'd0 || payload == 16'd0);
        OneIsFirst:         assert (one_q || carried_q == 16'd0);
      end
      if (state_q == StateEdit) NothingHasLeft: assert (sent_q == 11'd0);
      if (state_q == StateHead) begin
        PieceIsWhole:       assert (piece_q == payload_q);
        RowsHaveLeft:       assert (sent_q == {3'd0, row_q, 4'd0} && row_q <= last_row);
      end
      if (state_q == StateBody) begin
        PieceIsLeft:        assert (piece_q <= payload_q &&
                                    13'(sent_q) + 13'(held_count_q) + 13'(piece_q) ==
                                    13'(headers.bytes) + 13'(payload_q));
        SomethingIsLeft:    assert (held_count_q != 5'd0 || piece_q != 11'd0);
        HeldIsARow:         assert (held_count_q <= 5'd16);
      end
      if (state_q == StateBody || (cutting && !first_q)) begin
        SourceIsARow:       assert (source_at_q <= 5'd16);
      end
    end
    if (rst_i) seen_q <= '0;
    else if (started_q) begin
      if (ends && first_q && !final_q && sent_q != 11'd0) seen_q[0] <= 1'b1;  // of several beats
      if (ends && final_q && !first_q && {5'd0, payload_q} < segmentation_i.size &&
          !out_bad && seen_q[0])                          seen_q[1] <= 1'b1;  // the last is shorter
      if (state_q == StateIdle && seen_q[1])              seen_q[2] <= 1'b1;  // the packet is done
    end
  end

  (* keep *) logic all_seen;
  assign all_seen = seen_q == '1;
