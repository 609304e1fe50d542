// Follows one entry, chosen by the solver: it comes out unchanged, after exactly those before it.
// Included by order_queue.sv.

  (* anyseq *) wire any_choose;
  logic             started_q;
  logic             inside_q;  // the chosen entry
  logic             left_q;
  logic [Width-1:0] chosen_q;
  logic [Bits:0]    ahead_q;
  logic [Bits:0]    level;
  logic [Bits:0]    place;

  initial started_q = 1'b0;
  assign level = tail_q - head_q;
  assign place = head_q + ahead_q;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    assume (!(push_i && full_o));
    assume (!(pop_i && empty_o));
    if (rst_i) begin
      inside_q <= 1'b0;
      left_q   <= 1'b0;
    end else begin
      if (any_choose && push_i && !inside_q && !left_q) begin
        inside_q <= 1'b1;
        chosen_q <= data_i;
        ahead_q  <= level - (Bits + 1)'(pop_i);
      end else if (inside_q && pop_i) begin
        ahead_q <= ahead_q - 1'b1;
        if (ahead_q == '0) {inside_q, left_q} <= 2'b01;
      end
      LevelFits: assert (level <= (Bits + 1)'(Depth));
      FullIsFull: assert (full_o == (level == (Bits + 1)'(Depth)));
      if (inside_q) begin
        ChosenIsWithin: assert (ahead_q < level);
        ChosenIsStored: assert (entries_q[place[Bits-1:0]] == chosen_q);
        ChosenIsSeen:   assert (ahead_q != '0 || data_o == chosen_q);
      end
      Fills:  cover (full_o && inside_q && ahead_q == (Bits + 1)'(Depth - 1));
      Leaves: cover (left_q && empty_o);
    end
  end
