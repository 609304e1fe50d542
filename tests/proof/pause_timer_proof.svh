// A pause lasts until its time and not a cycle longer, a new one replaces it, and none is left when
// it is not obeyed. Time does not go back. Included by pause_timer.sv.

  logic        started_q;
  logic        asked_q;     // silence was asked for, and nothing ended it but time
  logic [63:0] asked_ps_q;  // until then
  logic [63:0] last_ps_q;

  initial started_q = 1'b0;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    last_ps_q <= time_ps_q_i;
    if (!started_q) assume (rst_i);
    if (started_q)  assume (time_ps_q_i >= last_ps_q);
    if (rst_i || !enable_i) begin
      asked_q <= 1'b0;
    end else if (set_i) begin
      asked_q    <= silent_i;
      asked_ps_q <= until_ps_i;
    end else if (time_ps_q_i >= asked_ps_q) begin
      asked_q <= 1'b0;
    end
    if (started_q) begin
      SilentAsAsked:   assert (paused_o == asked_q);
      DeadlineIsRight: assert (!paused_o || deadline_ps_o == asked_ps_q);
      NoneIsNever:     assert (paused_o || deadline_ps_o == '1);
    end
    TimeEndsIt:    cover (started_q && !paused_o && $past(paused_o && !set_i && enable_i && !rst_i));
    RequestEndsIt: cover (started_q && !paused_o && $past(paused_o && set_i && enable_i && !rst_i));
    HostEndsIt:    cover (started_q && !paused_o && $past(paused_o && !enable_i && !rst_i));
    OneReplacesIt: cover (started_q && paused_o && $past(paused_o && set_i && until_ps_i < until_ps_q));
  end
