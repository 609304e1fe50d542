// AXI4 write master for four clients. Requests are cut into bursts under one AXI ID, so that data
// and responses come in the order of the bursts; a client hears of each of its requests once, when
// all of its responses are in.
`default_nettype none

module dma_write #(
    parameter int MaxBursts = 64  // without a response at most
) (
    input  logic                        clk_i,
    input  logic                        rst_i,
    input  logic                        flush_i,
    output logic                        drained_o,
    output logic                        quiescent_o,
    // Requests; bit n of the vectors is client n of nic_types_pkg.
    input  nic_types_pkg::dma_request_t receive_request_i,
    input  nic_types_pkg::dma_request_t used_request_i,
    input  nic_types_pkg::dma_request_t msix_request_i,
    input  nic_types_pkg::dma_request_t control_request_i,
    input  logic [3:0]                  request_valid_i,
    output logic [3:0]                  request_ready_o,
    // Data, in the order of a client's requests, `last` on the last beat of each. Beats are packed,
    // but those of the receive client may be cut anywhere and start at lane `receive_lane_i`.
    input  nic_types_pkg::dma_beat_t    receive_beat_i,
    input  logic [3:0]                  receive_lane_i,
    input  nic_types_pkg::dma_beat_t    used_beat_i,
    input  nic_types_pkg::dma_beat_t    msix_beat_i,
    input  nic_types_pkg::dma_beat_t    control_beat_i,
    input  logic [3:0]                  beat_valid_i,
    output logic [3:0]                  beat_ready_o,
    output logic [3:0]                  done_o,    // pulse: a request of this client is in memory
    output logic [3:0]                  error_o,   // with it: or is not
    // AXI4; every burst has ID 0.
    output logic [1:0]                  awid_o,
    output logic [63:0]                 awaddr_o,
    output logic [7:0]                  awlen_o,
    output logic [2:0]                  awsize_o,
    output logic [1:0]                  awburst_o,
    output logic [3:0]                  awcache_o,
    output logic [2:0]                  awprot_o,
    output logic                        awvalid_o,
    input  logic                        awready_i,
    output logic [127:0]                wdata_o,
    output logic [15:0]                 wstrb_o,
    output logic                        wlast_o,
    output logic                        wvalid_o,
    input  logic                        wready_i,
    input  logic [1:0]                  bresp_i,
    input  logic                        bvalid_i,
    output logic                        bready_o
);

  localparam int IndexBits = $clog2(MaxBursts);
  localparam int Ahead = 4;        // bursts announced before their data at most
  localparam int BurstBits = 15;

  nic_types_pkg::dma_request_t request;
  logic [1:0]  request_client, burst_client;
  logic        request_valid, request_ready;
  logic [63:0] burst_addr;
  logic [3:0]  burst_beats, burst_tail;
  logic        burst_first, burst_last, burst_valid, cut, aw_ready;

  request_arbiter u_arbiter (
      .clk_i, .rst_i,
      .request0_i(receive_request_i), .request1_i(used_request_i), .request2_i(msix_request_i),
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
      .first_o(burst_first), .last_o(burst_last),
      .valid_o(burst_valid), .ready_i(cut)
  );

  // The address goes out without waiting for the data: whoever makes a request has all of it.
  skid_buffer #(.Width(68)) u_address (
      .clk_i, .rst_i,
      .data_i({burst_beats, burst_addr}), .valid_i(cut), .ready_o(aw_ready),
      .data_o({awlen_o[3:0], awaddr_o}), .valid_o(awvalid_o), .ready_i(awready_i)
  );

  assign awid_o       = 2'd0;
  assign awlen_o[7:4] = 4'd0;
  assign awsize_o     = 3'd4;       // 16 bytes
  assign awburst_o    = 2'b01;      // INCR
  assign awcache_o    = 4'b0011;    // normal memory, bufferable
  assign awprot_o     = 3'b010;     // data, non-secure, unprivileged

  // Bursts whose data is still to be sent: {client, last of its request, tail, lane, beats}.
  logic [BurstBits-1:0] burst_q [0:Ahead-1];
  logic [BurstBits-1:0] burst;
  logic [2:0]           burst_write_q, burst_read_q;
  logic                 sending, burst_take;

  assign sending = burst_write_q != burst_read_q;

  // The data of the burst's client.
  nic_types_pkg::dma_beat_t beat;
  logic [1:0]               client;
  logic [3:0]               lane;
  logic                     beat_valid, beat_ready;

  always_comb begin
    burst      = '0;
    client     = 2'd0;
    beat       = '0;
    lane       = 4'd0;
    beat_valid = 1'b0;
    if (sending) begin
      burst      = burst_q[burst_read_q[1:0]];
      client     = burst[14:13];
      beat_valid = beat_valid_i[client];
      unique case (client)
        2'd0: begin
          beat = receive_beat_i;
          lane = receive_lane_i;
        end
        2'd1:    beat = used_beat_i;
        2'd2:    beat = msix_beat_i;
        default: beat = control_beat_i;
      endcase
    end
  end

  assign beat_ready_o = beat_ready ? 4'b0001 << client : 4'b0000;

  logic [127:0] row;
  logic [15:0]  row_strobe;
  logic         row_last, row_valid, row_ready;

  write_lanes u_lanes (
      .clk_i, .rst_i, .flush_i,
      .beats_i(burst[3:0]), .offset_i(burst[7:4]), .tail_i(burst[11:8]), .last_i(burst[12]),
      .burst_valid_i(sending), .burst_take_o(burst_take),
      .beat_i(beat), .lane_i(lane), .beat_valid_i(beat_valid), .beat_ready_o(beat_ready),
      .data_o(row), .strobe_o(row_strobe), .last_o(row_last),
      .valid_o(row_valid), .ready_i(row_ready)
  );

  skid_buffer #(.Width(145)) u_data (
      .clk_i, .rst_i,
      .data_i({row_last, row_strobe, row}), .valid_i(row_valid), .ready_o(row_ready),
      .data_o({wlast_o, wstrb_o, wdata_o}), .valid_o(wvalid_o), .ready_i(wready_i)
  );

  // Responses, in the order of the bursts: {client, last of its request}.
  logic [2:0]           book_q [0:MaxBursts-1];
  logic [2:0]           book;
  logic [IndexBits-1:0] write_q, read_q;
  logic [IndexBits:0]   in_flight_q;
  logic                 bvalid_q, failed_q, earlier_failed_q;

  assign bready_o = 1'b1;

  always_comb begin
    book    = '0;
    done_o  = 4'b0000;
    error_o = 4'b0000;
    if (bvalid_q) begin
      book = book_q[read_q];
      if (book[0] && !flush_i) begin
        done_o = 4'b0001 << book[2:1];
        if (failed_q || earlier_failed_q) error_o = done_o;
      end
    end
  end

  // As many bursts as there is room for in both lists.
  always_comb begin
    cut = 1'b0;
    if (burst_valid) begin
      cut = aw_ready && in_flight_q != (IndexBits + 1)'(MaxBursts) &&
            burst_write_q != {~burst_read_q[2], burst_read_q[1:0]};
    end
  end

  always_ff @(posedge clk_i) begin
    if (cut || burst_take || bvalid_i || bvalid_q) begin
      if (cut) begin
        burst_q[burst_write_q[1:0]] <= {burst_client, burst_last, burst_tail,
                                        burst_first ? burst_addr[3:0] : 4'd0, burst_beats};
        book_q[write_q] <= {burst_client, burst_last};
        burst_write_q   <= burst_write_q + 3'd1;
        write_q         <= write_q + IndexBits'(1);
      end
      if (burst_take) burst_read_q <= burst_read_q + 3'd1;
      bvalid_q <= bvalid_i;
      if (bvalid_i) failed_q <= bresp_i != 2'b00;
      if (bvalid_q) begin
        read_q           <= read_q + IndexBits'(1);
        earlier_failed_q <= !book[0] && (failed_q || earlier_failed_q);
      end
      if (cut != bvalid_q) begin
        in_flight_q <= cut ? in_flight_q + (IndexBits + 1)'(1) : in_flight_q - (IndexBits + 1)'(1);
      end
    end
    if (rst_i || flush_i) earlier_failed_q <= 1'b0;
    if (rst_i) begin
      burst_write_q <= '0;
      burst_read_q  <= '0;
      write_q       <= '0;
      read_q        <= '0;
      in_flight_q   <= '0;
      bvalid_q      <= 1'b0;
    end
  end

  // A response comes after the address and all data of its burst (AXI4, A3.3.1): with none
  // outstanding, nothing is left in any channel.
  assign drained_o   = !burst_valid && in_flight_q == '0;
  assign quiescent_o = !(awvalid_o || !aw_ready || wvalid_o || !row_ready || bvalid_q || cut ||
                         row_valid || beat_ready || flush_i || (request_valid && request_ready));

  if (MaxBursts < 8 || 2 ** IndexBits != MaxBursts) begin : gen_check
    $error("dma_write: MaxBursts must be a power of two, at least 8");
  end

endmodule

`default_nettype wire
