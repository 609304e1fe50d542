// The position moves on by the slots modulo two laps, which the wrap counter tells apart. Included
// by used_position.sv.

  logic [10:0] before;
  logic [10:0] after;
  logic [10:0] moved;

  always_comb begin
    before = 11'(slot_i) + (wrap_i ? 11'd0 : 11'(size_i));
    after = 11'(slot_o) + (wrap_o ? 11'd0 : 11'(size_i));
    moved = before + 11'(slots_i);
    if (moved >= {1'b0, size_i, 1'b0}) moved = moved - {1'b0, size_i, 1'b0};
    if (valid_i && size_i != '0 && size_i <= 9'd256 && 9'(slot_i) < size_i
        && slots_i <= size_i) begin
      StaysInTheRing: assert (9'(slot_o) < size_i);
      MovesBySlots:   assert (after == moved);
      FlipsBack:      cover (!wrap_i && wrap_o && slot_o != '0);
      WholeRing:      cover (slots_i == size_i && slot_i != '0);
    end
  end
