// A client that keeps asking sees each of the others served once at most before its own turn.
// Included by request_arbiter.sv.

  logic       started_q;
  logic [1:0] passed_q;     // requests of others served while the chosen client waited
  logic [1:0] chosen_q;     // any client, the same for all time
  (* anyconst *) wire [1:0] any_client;

  initial started_q = 1'b0;
  assign chosen_q = any_client;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    if (rst_i || !valid_i[chosen_q] || ready_o[chosen_q]) passed_q <= 2'd0;
    else if (valid_o && ready_i) passed_q <= passed_q + 2'd1;
    if (started_q && !rst_i) begin
      ServesOne:       assert ((ready_o & (ready_o - 4'd1)) == 4'd0);
      ServesWhoAsks:   assert ((ready_o & ~valid_i) == 4'd0);
      NothingIsLost:   assert (!(valid_o && ready_i) || ready_o == 4'b0001 << client_o);
      NobodyStarves:   assert (passed_q <= 2'd3);
      // What makes it inductive: whoever was served last is as far before the chosen client as
      // there may still be others.
      WaitedSince:     assert (passed_q == 2'd0 || {1'b0, passed_q} <= {1'b0, last_q - chosen_q});
      WaitedForOne:    assert (passed_q == 2'd0 || last_q != chosen_q);
      SomebodyWaits:   cover (passed_q == 2'd3);
    end
  end
