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
    assume (any_client < 2'd3);
    if (!started_q) assume (rst_i);
    if (rst_i || !valid_i[chosen_q] || ready_o[chosen_q]) passed_q <= 2'd0;
    else if (valid_o && ready_i) passed_q <= passed_q + 2'd1;
    if (started_q && !rst_i) begin
      LastIsAClient:   assert (last_q < 2'd3);
      ServesOne:       assert ((ready_o & (ready_o - 3'd1)) == 3'd0);
      ServesWhoAsks:   assert ((ready_o & ~valid_i) == 3'd0);
      NothingIsLost:   assert (!(valid_o && ready_i) || ready_o == 3'b001 << client_o);
      NobodyStarves:   assert (passed_q <= 2'd2);
      // What makes it inductive: who has waited for one or two is next, or next but one.
      WaitedForTwo:    assert (passed_q != 2'd2 ||
                               last_q == (chosen_q == 2'd0 ? 2'd2 : chosen_q - 2'd1));
      WaitedForOne:    assert (passed_q != 2'd1 || last_q != chosen_q);
      SomebodyWaits:   cover (passed_q == 2'd2);
    end
  end
