// AXI4 read master for three clients. Requests are cut into bursts, a burst's AXI ID is its client,
// and its beats go back to that client with the lanes that the request covers.
`default_nettype none

module dma_read #(
    parameter int MaxBursts = 64  // in flight at most, for all clients together
) (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        flush_i,
    output logic                        drained_o,
    output logic                        quiescent_o,
    // Requests; bit n of the vectors is client n of nic_types_pkg.
    input  nic_types_pkg::dma_request_t descriptors_request_i,
    input  nic_types_pkg::dma_request_t transmit_request_i,
    input  nic_types_pkg::dma_request_t events_request_i,
    input  nic_types_pkg::dma_request_t control_request_i,
    input  logic [3:0]                  request_valid_i,
    output logic [3:0]                  request_ready_o,
    // Answers: one beat for the client whose valid is up. Nobody can refuse it.
    output nic_types_pkg::read_beat_t   beat_o,
    output logic [3:0]                  beat_valid_o,
    // AXI4.
    output logic [1:0]                  arid_o,
    output logic [63:0]                 araddr_o,
    output logic [7:0]                  arlen_o,
    output logic [2:0]                  arsize_o,
    output logic [1:0]                  arburst_o,
    output logic [3:0]                  arcache_o,
    output logic [2:0]                  arprot_o,
    output logic                        arvalid_o,
    input  logic                        arready_i,
    input  logic [1:0]                  rid_i,
    input  logic [127:0]                rdata_i,
    input  logic [1:0]                  rresp_i,
    input  logic                        rlast_i,
    input  logic                        rvalid_i,
    output logic                        rready_o
);

  localparam int IndexBits = $clog2(MaxBursts);
  localparam int BookBits = 9;

  nic_types_pkg::dma_request_t request;
  logic [1:0]  request_client, burst_client;
  logic        request_valid, request_ready;
  logic [63:0] burst_addr;
  logic [3:0]  burst_beats, burst_tail;
  logic        burst_last, burst_valid, cut, ar_ready, unused_first;

  request_arbiter u_arbiter (
      .clk_i, .rst_i,
      .request0_i(descriptors_request_i),
      .request1_i(transmit_request_i),
      .request2_i(events_request_i),
      .request3_i(control_request_i),
      .valid_i(request_valid_i), .ready_o(request_ready_o),
      .request_o(request), .client_o(request_client),
      .valid_o(request_valid), .ready_i(request_ready)
  );

  burst_cutter u_cutter (
      .clk_i, .rst_i, .flush_i,
      .request_i(request), .client_i(request_client),
      .valid_i(request_valid), .ready_o(request_ready),
      .addr_o(burst_addr), .beats_o(burst_beats), .tail_o(burst_tail), .client_o(burst_client),
      .first_o(unused_first), .last_o(burst_last),
      .valid_o(burst_valid), .ready_i(cut)
  );

  skid_buffer #(.Width(70)) u_address (
      .clk_i, .rst_i,
      .data_i({burst_client, burst_beats, burst_addr}), .valid_i(cut), .ready_o(ar_ready),
      .data_o({arid_o, arlen_o[3:0], araddr_o}), .valid_o(arvalid_o), .ready_i(arready_i)
  );

  assign arlen_o[7:4] = 4'd0;
  assign arsize_o     = 3'd4;       // 16 bytes
  assign arburst_o    = 2'b01;      // INCR
  assign arcache_o    = 4'b0011;    // normal memory, bufferable
  assign arprot_o     = 3'b010;     // data, non-secure, unprivileged

  // Nobody asks for more than it has room for, so nothing ever stops the answers. They are taken
  // into registers first: a path from the host's side ends here.
  logic         rvalid_q, rlast_q, rerror_q;
  logic [1:0]   rid_q;
  logic [127:0] rdata_q;

  assign rready_o = 1'b1;

  // What each burst in flight is, by client and in the order of its bursts:
  // {last of the request, first lane, lanes of the last beat}.
  logic [BookBits-1:0]    book_q [0:4*MaxBursts-1];
  // Positions, by client: registers, whose array Yosys would take for a memory.
  (* mem2reg *) logic [IndexBits-1:0] write_q [0:3];
  (* mem2reg *) logic [IndexBits-1:0] read_q [0:3];
  logic [3:0]           started_q;       // by client: a beat of its oldest burst has come
  logic [IndexBits:0]   in_flight_q;
  logic [IndexBits-1:0] write_index, read_index;
  logic                 ended;

  // Wide or indexed logic is gated throughout, so that it costs an idle simulation nothing.
  always_comb begin
    cut         = 1'b0;
    write_index = '0;
    if (burst_valid) begin
      cut         = ar_ready && in_flight_q != (IndexBits + 1)'(MaxBursts);
      write_index = write_q[burst_client];
    end
  end

  always_ff @(posedge clk_i) begin
    if (cut || rvalid_i || rvalid_q) begin
      rvalid_q <= rvalid_i;
      if (rvalid_i) begin
        rid_q    <= rid_i;
        rdata_q  <= rdata_i;
        rlast_q  <= rlast_i;
        rerror_q <= rresp_i != 2'b00;
      end
      if (cut) begin
        book_q[{burst_client, write_index}] <= {burst_last, burst_addr[3:0], burst_tail};
        write_q[burst_client] <= write_index + IndexBits'(1);
      end
      if (rvalid_q) started_q[rid_q] <= !rlast_q;
      if (ended) read_q[rid_q] <= read_index + IndexBits'(1);
      if (cut != ended) begin
        in_flight_q <= cut ? in_flight_q + (IndexBits + 1)'(1) : in_flight_q - (IndexBits + 1)'(1);
      end
    end
    if (rst_i) begin
      for (int i = 0; i < 4; i++) begin
        write_q[i] <= '0;
        read_q[i]  <= '0;
      end
      rvalid_q    <= 1'b0;
      started_q   <= '0;
      in_flight_q <= '0;
    end
  end

  logic [BookBits-1:0] book;
  logic [4:0]          stop;

  // A flush swallows what is still on its way.
  always_comb begin
    read_index   = '0;
    ended        = 1'b0;
    book         = '0;
    stop         = 5'd16;
    beat_o       = '0;
    beat_valid_o = 4'b0000;
    if (rvalid_q) begin
      read_index = read_q[rid_q];
      ended      = rlast_q;
      book       = book_q[{rid_q, read_index}];
      if (rlast_q && book[3:0] != 4'd0) stop = {1'b0, book[3:0]};
      beat_o.last   = rlast_q && book[8];
      beat_o.error  = rerror_q;
      beat_o.offset = started_q[rid_q] ? 4'd0 : book[7:4];
      beat_o.count  = stop - {1'b0, beat_o.offset};
      beat_o.data   = rdata_q;
      if (!flush_i) beat_valid_o = 4'b0001 << rid_q;
    end
  end

  assign drained_o   = !burst_valid && in_flight_q == '0;
  assign quiescent_o = !(arvalid_o || !ar_ready || rvalid_q || cut || flush_i ||
                         (request_valid && request_ready));

  if (MaxBursts < 32 || 2 ** IndexBits != MaxBursts) begin : gen_check
    $error("dma_read: MaxBursts must be a power of two, at least 32");
  end

endmodule

`default_nettype wire
