// How received packets are hashed and spread over queues: what the last good command said. The
// indirection table comes from the driver, or, when that only says how many pairs it uses, is
// filled here with one after the other, an entry a cycle. Nothing is hashed before.
//
// Which hashes the driver hears of is its own affair: where it leaves the spreading to the device,
// frames are spread by all that there are.
`default_nettype none

module steering_settings (
    input  wire logic                               clk_i,
    input  wire logic                               rst_i,
    // A command is judged: with a table, with types and key for hashing, or with neither.
    input  wire logic                               judge_i,
    input  wire logic                               table_i,
    input  wire logic                               hash_i,
    input  wire logic [5:0]                         hash_types_i,
    input  wire logic [6:0]                         mask_i,
    input  wire logic [2:0]                         unclassified_i,
    input  wire logic [8*nic_pkg::HashKeyBytes-1:0] hash_key_i,
    // Entries of its table, as they come.
    input  wire logic                               entry_valid_i,
    input  wire logic [6:0]                         entry_index_i,
    input  wire logic [2:0]                         entry_i,
    // Behind a verdict, until it ends: the table is filled with the pairs 0 to last_pair_i, which
    // comes with judge_i.
    input  wire logic                               spread_i,
    input  wire logic [2:0]                         last_pair_i,
    output logic                                    spread_ends_o,
    output nic_types_pkg::steering_t                steering_o,
    output logic [8*nic_pkg::HashKeyBytes-1:0]      hash_key_o,
    output logic                                    awake_o  // a register changes next
);

  nic_types_pkg::steering_t steering_q;
  logic [7:0] index_q;      // of the entry to fill
  logic [2:0] pair_q;       // that it names
  logic [2:0] last_pair_q;

  assign steering_o    = steering_q;
  assign spread_ends_o = index_q == 8'(nic_pkg::IndirectionEntries);
  assign awake_o       = judge_i || entry_valid_i || spread_i || steering_q.write ||
                         steering_q.change || steering_q.rehash;

  always_ff @(posedge clk_i) begin
    if (awake_o || rst_i) begin
      steering_q.write  <= entry_valid_i;
      steering_q.index  <= entry_index_i;
      steering_q.pair   <= entry_i;
      steering_q.change <= 1'b0;
      steering_q.rehash <= 1'b0;
      if (spread_i) begin
        steering_q.write        <= !spread_ends_o;
        steering_q.index        <= index_q[6:0];
        steering_q.pair         <= pair_q;
        steering_q.change       <= spread_ends_o;
        steering_q.rehash       <= spread_ends_o;
        steering_q.all_types    <= 1'b1;
        steering_q.mask         <= '1;
        steering_q.unclassified <= '0;
        index_q                 <= index_q + 8'd1;
        pair_q                  <= pair_q == last_pair_q ? 3'd0 : pair_q + 3'd1;
      end
      if (judge_i) begin
        index_q     <= '0;
        pair_q      <= '0;
        last_pair_q <= last_pair_i;
      end
      if (table_i) begin
        steering_q.change       <= 1'b1;
        steering_q.all_types    <= 1'b0;
        steering_q.mask         <= mask_i;
        steering_q.unclassified <= unclassified_i;
      end
      if (hash_i) begin
        steering_q.rehash     <= 1'b1;
        steering_q.hash_types <= hash_types_i;
        hash_key_o            <= hash_key_i;
      end
      if (rst_i) begin
        steering_q <= '0;
        hash_key_o <= nic_pkg::DefaultHashKey;
      end
    end
  end

endmodule

`default_nettype wire
