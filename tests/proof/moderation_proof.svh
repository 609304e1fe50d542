// Follows one packet, chosen by the solver, under a setting that changes as it likes: whenever its
// time is up, or moderation is off, the block says so until it is taken. Nothing is said for no
// packet. Time moves on, and stays away from the end of its 64 bits. Included by moderation.sv.

  (* anyseq *) wire any_choose;
  logic        started_q;
  logic        waits_q;   // the chosen packet is counted and not taken
  logic        told_q;
  logic [63:0] chosen_ps_q;
  logic [63:0] last_ps_q;
  logic [31:0] behind_q;  // packets counted since, itself included

  initial started_q = 1'b0;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    last_ps_q <= time_ps_i;
    if (!started_q) assume (rst_i);
    else assume (time_ps_i >= last_ps_q);
    assume (!time_ps_i[63]);
    assume (!take_i || met_o);
    if (rst_i) begin
      waits_q <= 1'b0;
      told_q  <= 1'b0;
    end else begin
      if (any_choose && packet_i && !waits_q) begin
        waits_q     <= 1'b1;
        chosen_ps_q <= time_ps_i;
        behind_q    <= 32'd1;
      end else if (take_i) begin
        waits_q <= 1'b0;
        told_q  <= waits_q;
      end else if (waits_q && packet_i && behind_q != '1) behind_q <= behind_q + 1'b1;
      NothingIsMetForNoPacket: assert (!met_o || armed_o);
      FirstIsPast:  assert (!armed_o || first_ps_q <= last_ps_q);
      ChosenIsPast: assert (!waits_q || chosen_ps_q <= last_ps_q);
      if (waits_q) begin
        ChosenIsCounted:    assert (armed_o && first_ps_q <= chosen_ps_q);
        CountHoldsThemAll:  assert (count_q >= behind_q);
        MetWhenTimeIsUp:    assert (met_o || time_ps_i < chosen_ps_q + 64'(config_i.limit_ps));
        MetWhenManyCame:    assert (met_o || behind_q < config_i.max_packets);
        MetWhenTurnedOff:   assert (met_o || (config_i.max_packets != '0
                                              && config_i.limit_ps != '0));
        DeadlineIsInTime:   assert (deadline_ps_o <= chosen_ps_q + 64'(config_i.limit_ps));
      end
      ToldByTime:  cover (told_q && behind_q < 32'd3);
      ToldByCount: cover (waits_q && met_o && config_i.max_packets > 32'd2
                          && time_ps_i < deadline_ps_o);
    end
  end
