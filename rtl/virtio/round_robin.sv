// Chooses among those who want: the next one after the last that was served, cyclically. So nobody
// is served twice while another waits. Combinational; the caller remembers who was served.
`default_nettype none

module round_robin #(
    parameter int Count = 2,
    parameter int Bits  = 1  // of an index below Count
) (
    input  wire  [Count-1:0] wants_i,
    input  wire  [ Bits-1:0] last_i,
    output logic [ Bits-1:0] chosen_o  // 0 if nobody wants
);

  // The later assignment wins: first candidate at all, then first candidate above the last.
  always_comb begin
    chosen_o = '0;
    if (wants_i != '0) begin
      for (int i = Count - 1; i >= 0; i--) if (wants_i[i]) chosen_o = Bits'(i);
      for (int i = Count - 1; i >= 0; i--)
        if (wants_i[i] && Bits'(i) > last_i) chosen_o = Bits'(i);
    end
  end

`ifdef NIC_PROOF
  `include "round_robin_proof.svh"
`endif

endmodule

`default_nettype wire
