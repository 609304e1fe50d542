// Makes sense of a control command while its bytes come in, the last twelve of which it keeps:
// which command it is, whether it was negotiated, whether it is as long as it has to be and says
// what can be (virtio 1.3, 5.1.6.5). Addresses of a table go to the spare half of the filter's
// table at once; everything else takes effect when the whole command has been found good.
`default_nettype none

module control_command #(
    parameter int NumQueues = nic_pkg::NumQueues
) (
    input  wire logic                 clk_i,
    input  wire logic                 rst_i,       // of the session, and after each command
    input  wire logic [63:0]          features_i,
    input  wire logic [NumQueues-1:0] enable_i,    // of each queue
    input  wire logic                 byte_valid_i,
    input  wire logic [7:0]           byte_i,
    // Of what has come so far.
    input  wire logic                 judge_i,     // the three below are looked at
    output logic                      good_o,
    output logic                      get_o,       // it asks for a queue's moderation
    output logic                      table_o,     // it sets the table of addresses
    output logic                      scaling_o,   // it spreads packets, by what is below
    output logic                      hashing_o,   // it has them hashed, by what is below
    output logic [15:0]               code_o,      // class and command
    output logic [95:0]               tail_o,      // its last twelve bytes
    output logic [15:0]               queue_o,     // that it is about
    // Addresses for the table, and how many there are: unicast 0, multicast 1.
    output logic                      entry_valid_o,
    output logic                      entry_list_o,
    output logic [3:0]                entry_index_o,
    output logic [47:0]               entry_o,
    output logic [9:0]                counts_o,
    output logic [1:0]                overflow_o,
    // How packets are to be spread.
    output logic [5:0]                hash_types_o,
    output logic [6:0]                mask_o,
    output logic [2:0]                unclassified_o,
    output logic [8*nic_pkg::HashKeyBytes-1:0] hash_key_o,
    output logic                      steer_valid_o,  // an entry of the indirection table
    output logic [6:0]                steer_index_o,
    output logic [2:0]                steer_pair_o
);

  localparam int DataQueues = NumQueues - 1;

  logic [15:0] code_q;
  logic [95:0] tail_q;
  logic [15:0] position_q;  // bytes that have come
  logic [95:0] tail;

  assign tail   = byte_valid_i ? {byte_i, tail_q[95:8]} : '0;
  assign code_o = code_q;
  assign tail_o = tail_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) position_q <= '0;
    else if (byte_valid_i) begin
      position_q <= position_q + 16'd1;
      tail_q     <= tail;
      if (position_q == 16'd0) code_q[15:8] <= byte_i;
      if (position_q == 16'd1) code_q[7:0] <= byte_i;
    end
  end

  // ---- The table: a count, so many addresses, and both again.

  logic        listing;        // this byte belongs to it
  logic        list_q;
  logic        counted_q;      // the list's addresses follow
  logic        whole_q;        // both lists have ended
  logic        extra_q;        // and more came
  logic [2:0]  byte_q;         // of the count or the address
  logic [31:0] left_q;         // addresses of the list to come
  logic [9:0]  counts_q;
  logic [1:0]  overflow_q;
  logic        ends;           // with this byte an item does
  logic        list_ends;
  logic [4:0]  stored;

  always_comb begin
    listing   = 1'b0;
    ends      = 1'b0;
    list_ends = 1'b0;
    stored    = '0;
    if (byte_valid_i && position_q >= 16'd2 && code_q == nic_pkg::ControlMacTableSet) begin
      listing   = !whole_q;
      ends      = listing && byte_q == (counted_q ? 3'd5 : 3'd3);
      list_ends = ends && (counted_q ? left_q == 32'd1 : tail[95:64] == 32'd0);
      stored    = counts_q[5*list_q+:5];
    end
  end

  assign entry_valid_o = ends && counted_q && stored != 5'(nic_pkg::MacTableSize);
  assign entry_list_o  = list_q;
  assign entry_index_o = stored[3:0];
  assign entry_o       = tail[95:48];
  assign counts_o      = counts_q;
  assign overflow_o    = overflow_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      list_q     <= 1'b0;
      counted_q  <= 1'b0;
      whole_q    <= 1'b0;
      extra_q    <= 1'b0;
      byte_q     <= '0;
      counts_q   <= '0;
      overflow_q <= '0;
    end else if (byte_valid_i) begin
      if (whole_q) extra_q <= 1'b1;
      if (listing) byte_q <= ends ? 3'd0 : byte_q + 3'd1;
      if (ends) begin
        counted_q <= !list_ends;
        left_q    <= counted_q ? left_q - 32'd1 : tail[95:64];
        if (entry_valid_o) counts_q[5*list_q+:5] <= stored + 5'd1;
        else if (counted_q) overflow_q[list_q] <= 1'b1;
      end
      if (list_ends) begin
        list_q  <= 1'b1;
        whole_q <= list_q;
      end
    end
  end

  // ---- The indirection table.

  logic scaling_good, hash_only;

  assign hash_only = code_q == nic_pkg::ControlMqHashConfig;

  steering_command u_steering (
      .clk_i, .rst_i,
      .byte_valid_i(byte_valid_i && position_q >= 16'd2 &&
                    (code_q == nic_pkg::ControlMqRssConfig || hash_only)),
      .byte_i, .hash_only_i(hash_only), .good_o(scaling_good), .hash_types_o, .mask_o,
      .unclassified_o, .key_o(hash_key_o), .entry_valid_o(steer_valid_o),
      .entry_index_o(steer_index_o), .entry_o(steer_pair_o)
  );

  // ---- The verdict.

  logic        known;     // the command exists and was negotiated
  logic [3:0]  data;      // bytes that it has behind class and command
  logic        sensible;  // what it says can be
  logic        about_queue;

  always_comb begin
    known       = 1'b0;
    data        = 4'd0;
    sensible    = 1'b1;
    about_queue = 1'b0;
    if (judge_i && position_q >= 16'd2) begin
      unique case (code_q)
        nic_pkg::ControlRxPromisc, nic_pkg::ControlRxAllmulti: begin
          known    = features_i[nic_pkg::FeatureCtrlRx];
          data     = 4'd1;
          sensible = tail_q[95:89] == '0;
        end
        nic_pkg::ControlRxAlluni, nic_pkg::ControlRxNomulti, nic_pkg::ControlRxNouni,
        nic_pkg::ControlRxNobcast: begin
          known    = features_i[nic_pkg::FeatureCtrlRxExtra];
          data     = 4'd1;
          sensible = tail_q[95:89] == '0;
        end
        nic_pkg::ControlMacTableSet: known = features_i[nic_pkg::FeatureCtrlRx];
        nic_pkg::ControlMacAddrSet: begin
          known = features_i[nic_pkg::FeatureCtrlMacAddr];
          data  = 4'd6;
        end
        nic_pkg::ControlVlanAdd, nic_pkg::ControlVlanDel: begin
          known    = features_i[nic_pkg::FeatureCtrlVlan];
          data     = 4'd2;
          sensible = tail_q[95:92] == '0;
        end
        nic_pkg::ControlAnnounceAck: known = features_i[nic_pkg::FeatureGuestAnnounce];
        nic_pkg::ControlMqPairsSet: begin
          known    = features_i[nic_pkg::FeatureMq];
          data     = 4'd2;
          sensible = tail_q[95:80] != '0 && tail_q[95:80] <= 16'(nic_pkg::MaxQueuePairs);
        end
        nic_pkg::ControlMqRssConfig: known = features_i[nic_pkg::FeatureRss];
        // Where packets are spread by it, the hash is set with the table.
        nic_pkg::ControlMqHashConfig:
          known = features_i[nic_pkg::FeatureHashReport] && !features_i[nic_pkg::FeatureRss] &&
                  features_i[nic_pkg::FeatureCtrlVq];
        nic_pkg::ControlGuestOffloadsSet: begin
          known    = features_i[nic_pkg::FeatureCtrlGuestOffloads] &&
                     features_i[nic_pkg::FeatureCtrlVq];
          data     = 4'd8;
          sensible = (tail_q[95:32] & ~(features_i & nic_pkg::GuestOffloads)) == '0;
        end
        nic_pkg::ControlCoalTxSet, nic_pkg::ControlCoalRxSet: begin
          known = features_i[nic_pkg::FeatureNotfCoal];
          data  = 4'd8;
        end
        nic_pkg::ControlCoalVqSet: begin
          known       = features_i[nic_pkg::FeatureVqNotfCoal];
          data        = 4'd12;
          about_queue = 1'b1;
        end
        nic_pkg::ControlCoalVqGet: begin
          known       = features_i[nic_pkg::FeatureVqNotfCoal];
          data        = 4'd4;
          about_queue = 1'b1;
        end
        default: ;
      endcase
    end
  end

  // Only a queue that carries packets, and is enabled, has moderation (5.1.6.5.7.2).
  logic       enabled;

  always_comb begin
    get_o   = known && code_q == nic_pkg::ControlCoalVqGet;
    table_o = known && code_q == nic_pkg::ControlMacTableSet;
    scaling_o = known && code_q == nic_pkg::ControlMqRssConfig;
    hashing_o = scaling_o || (known && hash_only);
    queue_o = '0;
    enabled = 1'b0;
    if (about_queue) begin
      queue_o = code_q == nic_pkg::ControlCoalVqGet ? tail_q[79:64] : tail_q[15:0];
      for (int q = 0; q < DataQueues; q++) if (queue_o == 16'(q)) enabled = enable_i[q];
    end
    good_o = known && sensible && (!about_queue || enabled) &&
             (table_o ? whole_q && !extra_q :
              hashing_o ? scaling_good : position_q == {12'd0, data} + 16'd2);
  end

endmodule

`default_nettype wire
