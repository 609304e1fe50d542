// What may begin, and when; and that a frame, once begun, is the host's or ours to its end. The MAC
// behind takes beats outside of gaps only (mac_tx.sv). Included by mac_control_tx.sv.

  logic started_q;
  logic under_way_q;  // a frame has begun and not ended
  logic ours_q;       // it is one of ours
  logic told_q;       // the last of ours asked for silence
  logic ends;
  logic [4:0] seen_q;

  assign ends = valid_o && ready_i && beat_o.last;

  initial started_q = 1'b0;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    assume (open_i == !under_way_q && ready_i <= under_way_q);
    if (rst_i) begin
      under_way_q <= 1'b0;
      ours_q      <= 1'b0;
      told_q      <= 1'b0;
    end else if (begins) begin
      under_way_q <= 1'b1;
      ours_q      <= due;
      if (due) told_q <= wanted;
    end else if (ends) begin
      under_way_q <= 1'b0;
      ours_q      <= 1'b0;
    end
    if (started_q && !rst_i) begin
      if (begins) begin
        FaultStopsAll:       assert (!fault_i);
        PauseStopsTheHost:   assert (!paused_i || due);
        HostHasSomething:    assert (due || valid_i);
        SilenceIsForAReason: assert (!due || (config_i.send_pause || config_i.send_pfc) || told_q);
        FreeAfterSilence:    assert (!due || wanted || told_q);
      end
      OursIsKnown:    assert (control_q == ours_q);
      OursIsUnderWay: assert (under_way_q || !ours_q);
      ToldIsKept:     assert (stopping_o == told_q);
      HostWaits:      assert (!ours_q || !ready_o);
      OursGoesOn:     assert (!ours_q || valid_o);
    end
    if (rst_i) begin
      seen_q <= 5'b0;
    end else if (started_q) begin
      if (begins && due && paused_i && valid_i) seen_q[0] <= 1'b1;  // ours, while paused
      if (begins && wanted && told_q)           seen_q[1] <= 1'b1;  // silence is asked for again
      if (begins && due && !wanted && told_q)   seen_q[2] <= 1'b1;  // and ended
      if (ours_q && ends)                       seen_q[3] <= 1'b1;
      if (begins && !due && told_q)             seen_q[4] <= 1'b1;  // the host's goes on
    end
  end

  (* keep *) logic all_seen;
  assign all_seen = seen_q == '1;
