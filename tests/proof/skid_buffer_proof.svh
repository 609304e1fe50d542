// Follows one beat, chosen by the solver, from the moment it is taken to the moment it leaves: it
// arrives unchanged, and exactly those that were before it are before it. Included by
// skid_buffer.sv.

  logic             started_q;
  logic             chosen_q;  // the beat was taken
  logic             inside_q;  // and has not left
  logic             second_q;  // another leaves before it
  logic [Width-1:0] chosen_data_q;
  (* anyseq *) wire any_choose;

  initial started_q = 1'b0;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    if (rst_i) begin
      chosen_q <= 1'b0;
      inside_q <= 1'b0;
    end else begin
      if (any_choose && valid_i && ready_o && !chosen_q) begin
        chosen_q      <= 1'b1;
        inside_q      <= 1'b1;
        chosen_data_q <= data_i;
        second_q      <= valid_o && !ready_i;
      end else if (inside_q && valid_o && ready_i) begin
        inside_q <= second_q;
        second_q <= 1'b0;
      end
      ChosenWasTaken: assert (chosen_q || !inside_q);
      if (inside_q) begin
        ChosenIsWithin: assert (valid_o && spare_valid_q >= second_q);
        if (!second_q) begin
          ChosenLeavesUnchanged: assert (data_o == chosen_data_q);
        end else begin
          ChosenIsSpare: assert (spare_q == chosen_data_q);
        end
      end
      ChosenLeaves: cover (chosen_q && !inside_q);
      BothAreFull:  cover (!ready_o && inside_q && second_q);
    end
  end
