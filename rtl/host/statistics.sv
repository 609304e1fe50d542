// The counters, 64 bits each, in one memory with one adder: pulses are gathered beside it, and one
// counter a cycle takes in what was gathered for it.
//
// There are two kinds. The first ones may be pulsed in any cycle, and gather small sums; a counter
// waits for each other at most once, far shorter than a sum takes to overflow. The others tell more
// of frames of legal length, 64 bytes and more, and of the link: a frame in each direction sets at
// most four of them every nine cycles, so a bit each is enough, if they go first. (A host that
// reads takes a cycle in three at most.) The link's go before the frames': it may be up for two
// cycles only, between a fault that ends and the next, and faults of two kinds may take turns every
// two.
//
// A read of the lower half keeps the upper half of that moment for the read that follows, so that
// two reads make one consistent number.
`default_nettype none

module statistics (
  input  wire logic                         clk_i,
  input  wire logic                         rst_i,
  input  wire logic                         read_i,
  input  wire register_pkg::access_t        access_i,
  output logic [31:0]                       data_o,
  // Pulses by counter. With those of tx_octets and rx_octets so many bytes are added, else one.
  input  wire logic [nic_pkg::NumStats-1:0] increment_i,
  input  wire logic [15:0]                  tx_octets_i,
  input  wire logic [15:0]                  rx_octets_i,
  output logic                              quiescent_o
);

  localparam int NumStats = nic_pkg::NumStats;
  localparam int NumSums = nic_pkg::StatRxBroadcast;  // the first of the other kind
  localparam int NumBits = NumStats - NumSums;
  // From here on they are the link's, and the filter's.
  localparam int LinkBit = nic_pkg::StatLocalFaults - NumSums;
  localparam int IndexBits = $clog2(NumStats);
  localparam int SumBits = 6;
  localparam logic [IndexBits-1:0] TxOctets = IndexBits'(nic_pkg::StatTxOctets);
  localparam logic [IndexBits-1:0] RxOctets = IndexBits'(nic_pkg::StatRxOctets);

  logic [63:0] count_q [0:2**IndexBits-1];

  logic [NumStats-1:0]         counted_q;  // what was never counted is 0, the memory has no reset
  logic [NumSums*SumBits-1:0]  sum_q;
  logic [NumBits-1:0]          bit_q;
  logic [15:0]                 tx_octets_q;
  logic [15:0]                 rx_octets_q;
  logic [IndexBits-1:0]        last_q;

  logic                 upper;  // half
  logic [NumSums-1:0]   waiting;
  logic [IndexBits-1:0] next_sum;
  logic [IndexBits-1:0] next_bit;
  logic                 serve;
  logic [IndexBits-1:0] index;
  logic [NumBits-1:0]   served_bit;
  logic [63:0]          amount;
  logic [63:0]          count;

  assign upper = access_i.address[2];

  always_comb begin
    waiting = '0;
    if (sum_q != '0) begin
      for (int i = 0; i < NumSums; i++) waiting[i] = sum_q[SumBits*i+:SumBits] != '0;
    end
  end

  // The lowest bit that waits, and its number: bit n of that is set for every other run of 2^n.
  logic [31:0] bits;
  logic [31:0] lowest;

  always_comb begin
    bits     = '0;
    lowest   = '0;
    next_bit = '0;
    if (bit_q != '0) begin
      bits = 32'(bit_q);
      if (bit_q[NumBits-1:LinkBit] != '0) bits[LinkBit-1:0] = '0;
      lowest   = bits & (~bits + 32'd1);
      next_bit = IndexBits'(NumSums) +
                 IndexBits'({(lowest & 32'hFFFF_0000) != '0, (lowest & 32'hFF00_FF00) != '0,
                             (lowest & 32'hF0F0_F0F0) != '0, (lowest & 32'hCCCC_CCCC) != '0,
                             (lowest & 32'hAAAA_AAAA) != '0});
    end
  end

  round_robin #(
    .Count(NumSums),
    .Bits (IndexBits)
  ) u_next (
    .wants_i (waiting),
    .last_i  (last_q),
    .chosen_o(next_sum)
  );

  // A counter that is read takes in its sum as well, so a read sees all that has happened.
  assign serve = read_i || bit_q != '0 || sum_q != '0;
  assign index = read_i ? access_i.address[3+:IndexBits] : bit_q != '0 ? next_bit : next_sum;

  always_comb begin
    served_bit = '0;
    if (bit_q != '0) served_bit = NumBits'((2**IndexBits)'(1) << index >> NumSums);
  end

  always_comb begin
    amount = '0;
    count  = '0;
    if (serve) begin
      unique case (index)
        TxOctets: amount = 64'(tx_octets_q);
        RxOctets: amount = 64'(rx_octets_q);
        default: begin
          if (index < IndexBits'(NumSums)) amount = 64'(sum_q[SumBits*index+:SumBits]);
          else                             amount = 64'((bit_q & served_bit) != '0);
        end
      endcase
      count = (counted_q[index] ? count_q[index] : 64'd0) + amount;
    end
  end

  always_ff @(posedge clk_i) begin
    if (serve) count_q[index] <= count;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      counted_q <= '0;
      last_q    <= '0;
    end else if (serve) begin
      counted_q[index] <= 1'b1;
      if (bit_q == '0) last_q <= index;
    end
  end

  logic                       gather;
  logic [NumSums*SumBits-1:0] sum_d;
  logic [NumBits-1:0]         bit_d;
  logic [15:0]                tx_octets_d;
  logic [15:0]                rx_octets_d;

  always_comb begin
    gather = increment_i[NumSums-1:0] != '0;
    if (serve && sum_q != '0 && index < IndexBits'(NumSums)) gather = 1'b1;
  end

  always_comb begin
    bit_d = '0;
    if (bit_q != '0) begin
      bit_d = bit_q & ~served_bit;
    end
    bit_d = bit_d | increment_i[NumStats-1:NumSums];
  end

  always_comb begin
    sum_d       = '0;
    tx_octets_d = '0;
    rx_octets_d = '0;
    if (gather) begin
      for (int i = 0; i < NumSums; i++) begin
        sum_d[SumBits*i+:SumBits] =
            (serve && index == IndexBits'(i) ? SumBits'(0) : sum_q[SumBits*i+:SumBits]) +
            SumBits'(increment_i[i]);
      end
      tx_octets_d = (serve && index == TxOctets ? 16'd0 : tx_octets_q) +
                    (increment_i[nic_pkg::StatTxOctets] ? tx_octets_i : 16'd0);
      rx_octets_d = (serve && index == RxOctets ? 16'd0 : rx_octets_q) +
                    (increment_i[nic_pkg::StatRxOctets] ? rx_octets_i : 16'd0);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      sum_q       <= '0;
      bit_q       <= '0;
      tx_octets_q <= '0;
      rx_octets_q <= '0;
    end else begin
      bit_q <= bit_d;
      if (gather) begin
        sum_q       <= sum_d;
        tx_octets_q <= tx_octets_d;
        rx_octets_q <= rx_octets_d;
      end
    end
  end

  // The upper half that belongs to the lower half read last.
  logic                 upper_valid_q;
  logic [IndexBits-1:0] upper_index_q;
  logic [31:0]          upper_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) upper_valid_q <= 1'b0;
    else if (read_i) upper_valid_q <= !upper;
    if (read_i) begin
      if (upper) begin
        data_o <= upper_valid_q && upper_index_q == index ? upper_q : count[63:32];
      end else begin
        data_o        <= count[31:0];
        upper_index_q <= index;
        upper_q       <= count[63:32];
      end
    end
  end

  if (NumBits > 32 || nic_pkg::StatisticsBase % (8 << IndexBits) != 0) begin : gen_check
    $error("statistics: a counter's index is taken from its address");
  end

  always_comb begin
    quiescent_o = 1'b0;
    if (increment_i == '0 && bit_q == '0) quiescent_o = sum_q == '0;
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      for (int i = 0; i < NumSums; i++) begin
        SumFits: assert (!increment_i[i] || (serve && index == IndexBits'(i)) ||
                         sum_q[SumBits*i+:SumBits] != '1);
      end
      for (int i = 0; i < NumBits; i++) begin
        BitIsFree: assert (!increment_i[NumSums+i] || !bit_q[i] ||
                           index == IndexBits'(NumSums + i));
      end
    end
  end
`endif

endmodule

`default_nettype wire
