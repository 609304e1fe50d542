// Whoever is chosen wants, and nobody who wants lies between the last and the chosen one. Included
// by round_robin.sv.

  (* anyconst *) wire [Bits-1:0] other;
  logic [Bits:0] steps_to_chosen;
  logic [Bits:0] steps_to_other;

  // From 1, the one after the last, to Count, the last itself.
  always_comb begin
    steps_to_chosen = {1'b0, chosen_o} - {1'b0, last_i};
    if (chosen_o <= last_i) steps_to_chosen = steps_to_chosen + (Bits + 1)'(Count);
    steps_to_other = {1'b0, other} - {1'b0, last_i};
    if (other <= last_i) steps_to_other = steps_to_other + (Bits + 1)'(Count);
    if (wants_i != '0 && {1'b0, last_i} < (Bits + 1)'(Count)) begin
      ChosenWants: assert (wants_i[chosen_o]);
      if ({1'b0, other} < (Bits + 1)'(Count) && wants_i[other]) begin
        NobodyIsPassed: assert (steps_to_chosen <= steps_to_other);
      end
      LastComesLast: cover (chosen_o == last_i);
      WrapsAround:   cover (chosen_o < last_i && chosen_o != '0);
    end
  end
