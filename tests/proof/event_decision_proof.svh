// Equals the formula that the field uses (DPDK's vhost: 16-bit distances) on rings of up to 16
// slots, all of them, as long as no more than a lap was used since the last decision; beyond that
// the formula does not reach. Larger rings take the solver too long and are tested at random.
// Included by event_decision.sv.

  logic        wrap;   // of the position
  logic [15:0] now;
  logic [15:0] old;
  logic [15:0] event_at;
  logic [15:0] size;
  logic        formula;
  logic        asked;     // a question that the formula answers
  (* keep *) logic all_seen;

  always_comb begin
    size = 16'(size_i);
    wrap = position_i < 10'(size_i);
    now = 16'(position_i) - (wrap ? 16'd0 : size);
    old = now - 16'(slots_i);
    if (16'(slots_i) > now) old = old + size;
    event_at = 16'(event_i.off);
    if (event_i.wrap != wrap) event_at = event_at - size;
    if (now <= old) old = old - size;
    formula = (now - event_at - 16'd1) < (now - old);
    asked = valid_i && size_i != '0 && size_i <= 9'd16 && position_i < {size_i, 1'b0}
        && slots_i != '0 && slots_i <= 10'(size_i) && event_i.off < 15'(size_i)
        && event_i.flags == nic_pkg::EventDesc && event_idx_i && !first_i;
    all_seen = asked && fire_o && event_i.wrap != wrap;
    if (asked) begin
      EqualsTheFormula: assert (fire_o == formula);
    end
    if (event_i.flags == nic_pkg::EventDisable) begin
      DisabledIsSilent: assert (!fire_o);
    end
  end
