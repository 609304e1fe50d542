// Follows one element, chosen by the solver, from its fill to its commit: as often as the consumer
// comes to it, by takes and rewinds, it is there and unchanged. What is assumed of the surroundings
// is asserted in simulation. Included by element_window.sv.

  (* anyseq *) wire any_choose;
  logic                                  started_q;
  logic                                  inside_q;
  logic                                  rewound_q;
  logic [CountBits-1:0]                  place_q;  // its number, modulo 2 * Depth
  logic [Width-1:0] chosen_q;

  initial started_q = 1'b0;

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    assume (!reserve_i || reserved_i <= free_o);
    assume (!fill_i || (fill_reserved_i ? filled_q != reserved : !reserve_i
                        && free_o != '0 && filled_q == reserved));
    assume (!take_i || valid_o);
    assume (!(commit_i && rewind_i));
    if (rst_i) begin
      inside_q  <= 1'b0;
      rewound_q <= 1'b0;
    end else begin
      if (any_choose && fill_i && !inside_q) begin
        inside_q <= 1'b1;
        place_q  <= filled_q;
        chosen_q <= fill_data_i;
      end else if (commit_i && place_q - committed_q < taken_q + CountBits'(take_i) - committed_q)
        inside_q <= 1'b0;
      if (inside_q && rewind_i && place_q - committed_q < taken_q - committed_q)
        rewound_q <= 1'b1;
      TakenWithinFilled: assert (taken_q - committed_q <= filled_q - committed_q);
      FilledWithin:      assert (filled_q - committed_q <= reserved - committed_q);
      ReservedWithin:    assert (reserved - committed_q <= CountBits'(Depth));
      ValidIsFilled:     assert (valid_o == (taken_q != filled_q));
      FullIsFull:        assert (full_o == (taken_q - committed_q == CountBits'(Depth)));
      FullTakesAll:      assert (!full_o || (free_o == '0 && !valid_o));
      if (inside_q) begin
        ChosenIsWithin: assert (place_q - committed_q < filled_q - committed_q);
        ChosenIsStored: assert (elements_q[place_q[IndexBits-1:0]] == chosen_q);
        ChosenIsSeen:   assert (taken_q != place_q || (valid_o && element_o == chosen_q));
      end
      SeenAgain: cover (inside_q && rewound_q && taken_q == place_q);
      Full:      cover (full_o && inside_q);
    end
  end
