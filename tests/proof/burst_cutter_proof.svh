// The bursts of a request lie end to end from its first byte to its last, none crosses a boundary
// of 256 bytes, and each says truly which lanes it covers. Included by burst_cutter.sv.

  logic        started_q;
  logic [63:0] next_q;      // the byte that the coming burst has to begin with
  logic [15:0] missing_q;   // bytes of the request that are not in a burst yet
  logic [1:0]  owner_q;
  logic        begun_q;     // a burst of the request has gone
  logic [63:0] final_byte;  // of the burst
  logic [8:0]  covered;     // bytes that beats and tail say it has
  logic [3:0]  seen_q;      // covers met
  (* keep *) logic all_seen;

  initial started_q = 1'b0;
  initial seen_q = 4'd0;
  assign all_seen = &seen_q;

  always_comb begin
    final_byte = addr_o + {55'd0, bytes} - 64'd1;
    covered    = {1'b0, beats_o, 4'd0} + 9'd16 - {5'd0, addr_o[3:0]} -
                 (tail_o == 4'd0 ? 9'd0 : 9'd16 - {5'd0, tail_o});
  end

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (rst_i);
    if (valid_i) begin
      assume (request_i.len != 16'd0);
      assume (request_i.addr <= 64'hFFFFFFFFFFFFFFFF - {48'd0, request_i.len - 16'd1});
    end
    if (valid_i && ready_o) begin
      next_q    <= request_i.addr;
      missing_q <= request_i.len;
      owner_q   <= client_i;
      begun_q   <= 1'b0;
    end else if (valid_o && ready_i) begin
      next_q    <= next_q + {55'd0, bytes};
      missing_q <= missing_q - {7'd0, bytes};
      begun_q   <= 1'b1;
    end
    if (started_q && !rst_i && active_q) begin
      BeginsWhereTheLastEnded: assert (addr_o == next_q);
      KnowsWhatIsMissing:      assert (left_q == missing_q && missing_q != 16'd0);
      RequestIsInTheSpace:     assert (next_q <= 64'hFFFFFFFFFFFFFFFF - {48'd0, missing_q - 16'd1});
      KnowsItsClient:          assert (client_o == owner_q);
      FirstIsTheFirst:         assert (first_o == !begun_q);
      IsNotEmpty:              assert (bytes != 9'd0 && {7'd0, bytes} <= missing_q);
      LastIsTheLast:           assert (last_o == ({7'd0, bytes} == missing_q));
      CrossesNoBoundary:       assert (final_byte[63:8] == addr_o[63:8]);
      SaysWhatItCovers:        assert (covered == bytes);
      if (bytes == 9'd256 && valid_o && ready_i) seen_q[0] <= 1'b1;
      if (last_o && begun_q && valid_o && ready_i && addr_o[9:8] == 2'd2) seen_q[1] <= 1'b1;
      if (bytes == 9'd1 && addr_o[7:0] == 8'hFF && valid_o) seen_q[2] <= 1'b1;
      if (valid_o && valid_i && ready_o) seen_q[3] <= 1'b1;
    end
  end
