// What segments say of themselves: numbers go on by what the segments before carried; congestion is
// notified, and the end pushed, only where it belongs; nothing else of the flags is touched. Headers
// stay as they are while their packet is cut. Included by segment_editor.sv.

  localparam logic [15:0] Ends = Fin | Psh;

  logic        started_q;
  logic        begun_q;    // a packet is there
  logic [31:0] carried_q;  // payload in the segments before
  logic [15:0] segments_q;
  logic [3:0]  seen_q;
  logic        ipv6_q;
  logic [15:0] gone;       // flags that are not passed on
  nic_types_pkg::segment_headers_t headers_q;

  initial started_q = 1'b0;
  initial begun_q = 1'b0;

  assign gone = headers_i.flags & ~value_o;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    headers_q <= headers_i;
    ipv6_q    <= ipv6_i;
    assume (begun_q || begin_i || !active_i);
    assume (!begin_i || !active_i);
    assume (!begun_q || begin_i || headers_i == headers_q);
    assume (ipv6_i == ipv6_q || begin_i);
    if (begin_i) begin
      begun_q    <= 1'b1;
      carried_q  <= '0;
      segments_q <= '0;
    end else if (active_i && last_o) begin
      carried_q  <= carried_q + {21'd0, payload_i};
      segments_q <= segments_q + 16'd1;
    end
    if (started_q && begun_q && !begin_i) begin
      SequenceGoesOn: assert (sequence_q == headers_i.sequence_number + carried_q);
      StepIsOne:      assert (edit_q <= EditTransportSum);
      IdGoesOn:       assert (id_q == headers_i.id + segments_q);
      if (active_i && edit_q == EditHigh) HighIsSaid: assert (value_o == sequence_q[31:16]);
      if (active_i && edit_q == EditLow)  LowIsSaid:  assert (value_o == sequence_q[15:0]);
      if (active_i && edit_q == EditId)   IdIsSaid:   assert (value_o == id_q);
      if (active_i && edit_q == EditFlags) begin
        NoFlagAppears:      assert ((value_o & ~headers_i.flags) == 16'd0);
        OnlyTheseGo:        assert ((gone & ~(Ends | Cwr)) == 16'd0);
        PushedAtTheEnd:     assert (final_i ? (gone & Ends) == 16'd0 : (value_o & Ends) == 16'd0);
        NotifiedAtTheStart: assert (first_i || !ecn_i ? (gone & Cwr) == 16'd0
                                                      : (value_o & Cwr) == 16'd0);
      end
      if (active_i && edit_q == EditLength) begin
        LengthIsSaid: assert (value_o + {8'd0, headers_i.network, 1'b0} + (ipv6_i ? 16'd40 : 16'd0)
                              == {8'd0, headers_i.bytes} + {5'd0, payload_i});
      end
    end
    if (!started_q || begin_i) seen_q <= '0;
    else if (active_i) begin
      if (last_o && segments_q == 16'd1)                 seen_q[0] <= 1'b1;  // a second segment
      if (edit_q == EditFlags && (gone & Cwr) != 16'd0)  seen_q[1] <= 1'b1;
      if (edit_q == EditFlags && (gone & Ends) == Ends)  seen_q[2] <= 1'b1;
      if (edit_q == EditId && id_q == 16'd0)             seen_q[3] <= 1'b1;  // it has wrapped
    end
  end

  (* keep *) logic all_seen;
  assign all_seen = seen_q == '1;
