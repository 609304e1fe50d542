// Follows one beat, chosen by the solver, from the moment it is taken to the moment it leaves: it
// arrives unchanged, and exactly those that were before it are before it. Included by fifo.sv.

  logic                 started_q;
  logic                 choose;       // free: whether the beat of this cycle is the one to follow
  logic                 chosen_q;     // it was taken
  logic                 inside_q;     // and has not left
  logic [AddressBits:0] ahead_q;      // beats that leave before it, output register included
  logic [Width-1:0]     chosen_data_q;
  logic [AddressBits:0] place;        // its address, unless it is in the output register
  logic                 pop;
  (* anyseq *) wire     any_choose;

  initial started_q = 1'b0;

  assign choose = any_choose && write && !chosen_q;
  assign pop    = valid_o && ready_i;
  assign place  = read_q + ahead_q - {{AddressBits{1'b0}}, valid_o};

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    if (rst_i) begin
      chosen_q <= 1'b0;
      inside_q <= 1'b0;
    end else begin
      if (choose) begin
        chosen_q      <= 1'b1;
        inside_q      <= 1'b1;
        chosen_data_q <= data_i;
        ahead_q       <= level + {{AddressBits{1'b0}}, valid_o} - {{AddressBits{1'b0}}, pop};
      end else if (inside_q && pop) begin
        if (ahead_q == '0) inside_q <= 1'b0;
        ahead_q <= ahead_q - 1'b1;
      end
      ChosenWasTaken: assert (chosen_q || !inside_q);
      if (inside_q) begin
        ChosenIsWithin: assert (ahead_q < level + {{AddressBits{1'b0}}, valid_o});
        if (valid_o && ahead_q == '0) begin
          ChosenLeavesUnchanged: assert (data_o == chosen_data_q);
        end else begin
          ChosenIsStored: assert (memory[place[AddressBits-1:0]] == chosen_data_q);
        end
      end
      ChosenLeaves: cover (chosen_q && !inside_q);
      FullQueue:    cover (!ready_o && valid_o);
      EmptiesAgain: cover (chosen_q && !inside_q && !valid_o && level == '0);
    end
  end
