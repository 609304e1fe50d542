// A second reading of the rule, with a counter for each kind of fault: both say the same in every
// cycle, whatever comes. Included by link_fault.sv.

  logic       started_q;
  logic [2:0] local_q;   // sets of that kind, none of the other between, up to four
  logic [2:0] remote_q;
  logic [ColumnBits-1:0] since_q;  // columns without a set, up to those that end a fault
  logic [1:0] told_q;
  logic       found_q, changed_q, ended_q;

  initial started_q = 1'b0;

  always_ff @(posedge clk_i) begin : second_reading
    logic [2:0] locals;
    logic [2:0] remotes;
    logic [ColumnBits-1:0] since;
    logic [1:0] told;
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    locals  = local_q;
    remotes = remote_q;
    since   = since_q;
    told    = told_q;
    for (int i = 0; i < 2; i++) begin
      if (xgmii_rxc_i[4*i+:4] == 4'b0001 && xgmii_rxd_i[32*i+:32] == 32'h0100_009C) begin
        since   = '0;
        remotes = 3'd0;
        if (locals < 3'd4) locals = locals + 3'd1;
      end else if (xgmii_rxc_i[4*i+:4] == 4'b0001 && xgmii_rxd_i[32*i+:32] == 32'h0200_009C) begin
        since  = '0;
        locals = 3'd0;
        if (remotes < 3'd4) remotes = remotes + 3'd1;
      end else if (since < ColumnBits'(1 << SilenceBits)) begin
        since = since + ColumnBits'(1);
      end
      if (since == ColumnBits'(1 << SilenceBits)) begin
        locals  = 3'd0;
        remotes = 3'd0;
        told    = 2'd0;
      end
      if (locals == 3'd4)  told = 2'd1;
      if (remotes == 3'd4) told = 2'd2;
    end
    local_q   <= rst_i ? 3'd0 : locals;
    remote_q  <= rst_i ? 3'd0 : remotes;
    since_q   <= rst_i ? ColumnBits'(1 << SilenceBits) : since;
    told_q    <= rst_i ? 2'd0 : told;
    if (started_q) begin
      BothSayTheSame: assert (fault_o == told_q);
      // What leads there.
      OneKindCounts:  assert (local_q == 3'd0 || remote_q == 3'd0);
      SetsAreCounted: assert (sets_q == (local_q | remote_q) && sets_q <= 3'd4);
      KindIsKept:     assert (sets_q == 3'd0 || kind_q == (local_q != 3'd0 ? 2'd1 : 2'd2));
      ColumnsMatch:   assert (sets_q == 3'd0 ? since_q <= ColumnBits'(1 << SilenceBits) : columns_q == since_q);
      SilenceForgets: assert (sets_q == 3'd0 || since_q < ColumnBits'(1 << SilenceBits));
      FourAreAFault:  assert ((local_q == 3'd4) <= (told_q == 2'd1) &&
                              (remote_q == 3'd4) <= (told_q == 2'd2));
      FaultHasSets:   assert (told_q == 2'd0 || sets_q != 3'd0);
      KindsAreTwo:    assert (told_q != 2'd3);
    end
    if (rst_i) begin
      found_q   <= 1'b0;
      ended_q   <= 1'b0;
      changed_q <= 1'b0;
    end else if (started_q) begin
      if (told_q == 2'd0 && told == 2'd1) found_q   <= 1'b1;
      if (told_q == 2'd1 && told == 2'd2) changed_q <= 1'b1;
      if (told_q == 2'd2 && told == 2'd0) ended_q   <= 1'b1;
    end
  end

  // A local fault, a remote one in its place, and its end.
  (* keep *) logic all_seen;
  assign all_seen = found_q && changed_q && ended_q;
