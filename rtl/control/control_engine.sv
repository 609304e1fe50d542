// The control virtqueue (virtio 1.3, 5.1.6.5): one command after the other is read, judged, given
// effect and answered, and only then given back. A command that is refused changes nothing, and
// nothing that a driver sends stops the queue.
`default_nettype none

module control_engine #(
    parameter int NumQueues = nic_pkg::NumQueues
) (
    input  wire logic                       clk_i,
    input  wire logic                       rst_i,
    input  wire logic                       live_i,
    input  wire logic                       flush_i,
    output logic                            drained_o,
    output logic                            awake_o,              // a register changes next
    input  wire logic [63:0]                features_i,           // agreed on
    input  wire logic [NumQueues-1:0]       enable_i,             // of each queue
    // The control queue's elements.
    input  wire nic_types_pkg::element_t    element_i,
    input  wire logic                       element_valid_i,
    output logic                            element_take_o,
    output logic                            element_commit_o,
    // dma_read, client ReadControl.
    output nic_types_pkg::dma_request_t     read_request_o,
    output logic                            read_valid_o,
    input  wire logic                       read_ready_i,
    input  wire nic_types_pkg::read_beat_t  read_beat_i,
    input  wire logic                       read_beat_valid_i,
    // dma_write, client WriteControl.
    output nic_types_pkg::dma_request_t     write_request_o,
    output logic                            write_valid_o,
    input  wire logic                       write_ready_i,
    output nic_types_pkg::dma_beat_t        write_beat_o,
    output logic                            write_beat_valid_o,
    input  wire logic                       write_beat_ready_i,
    input  wire logic                       write_done_i,
    input  wire logic                       write_error_i,
    // used_writer.
    output nic_types_pkg::completion_t      completion_o,
    output logic                            completion_valid_o,
    input  wire logic                       completion_ready_i,
    output logic                            data_error_o,         // pulse
    // Settings that lie elsewhere; pulses.
    output logic                            mac_set_o,
    output logic                            announced_o,
    output logic [NumQueues-2:0]            coalescing_set_o,     // by queue
    output logic [63:0]                     value_o,              // goes with them: last bytes
    input  wire logic [64*(NumQueues-1)-1:0] coalescing_i,        // by queue, as it is
    output logic                            checksum_off_o,       // nothing is told of checksums
    // How received packets are spread.
    output nic_types_pkg::steering_t        steering_o,
    output logic [8*nic_pkg::HashKeyBytes-1:0] hash_key_o,
    // The receive filter and its tables.
    output nic_types_pkg::filter_t          filter_o,
    input  wire logic                       seek_i,
    input  wire logic [3:0]                 row_i,
    output logic [191:0]                    row_o,
    input  wire logic [11:0]                vid_i,
    output logic                            vlan_o
);

  localparam int DataQueues = NumQueues - 1;

  typedef enum logic [2:0] {Walk, Judge, Spread, Send, Wait, Complete} state_e;

  state_e      state_q, state_d;
  logic        clear;
  logic        byte_valid, walked, refused, failed, walker_awake, taken;
  logic [7:0]  command_byte;
  logic [8:0]  slots;
  logic [15:0] id;
  logic [3:0]  room, place_len;
  logic [63:0] place_addr;
  logic [3:0]  place_q;        // where the next byte of the answer goes
  logic [3:0]  left_q;         // bytes of the answer to send
  logic [3:0]  part;           // of them, those that go to this place
  logic [71:0] answer_q;
  logic [3:0]  len_q;          // of the whole answer
  logic        write_failed_q;
  logic        request_valid_q, beat_valid_q;

  assign clear = rst_i || flush_i;

  control_walker u_walker (
      .clk_i, .rst_i(clear), .live_i, .awake_o(walker_awake),
      .element_i, .element_valid_i, .element_take_o,
      .read_request_o, .read_valid_o, .read_ready_i, .read_beat_i, .read_beat_valid_i,
      .byte_valid_o(byte_valid), .byte_o(command_byte),
      .done_o(walked), .take_i(taken), .refused_o(refused), .failed_o(failed),
      .slots_o(slots), .id_o(id), .room_o(room),
      .place_i(place_q), .place_addr_o(place_addr), .place_len_o(place_len)
  );

  assign element_commit_o = element_take_o;

  logic        judge, good, get, sets_table, scales, hashes, entry_valid, entry_list;
  logic [15:0] code, queue;
  logic [95:0] tail;
  logic [3:0]  entry_index;
  logic [47:0] entry;
  logic [9:0]  counts;
  logic [1:0]  overflow;
  logic [5:0]  hash_types;
  logic [6:0]  mask, steer_index;
  logic [2:0]  unclassified, steer_pair;
  logic        steer_valid;
  logic [8*nic_pkg::HashKeyBytes-1:0] hash_key;

  control_command #(.NumQueues(NumQueues)) u_command (
      .clk_i, .rst_i(clear || taken), .features_i, .enable_i,
      .byte_valid_i(byte_valid), .byte_i(command_byte),
      .judge_i(judge), .good_o(good), .get_o(get), .table_o(sets_table), .scaling_o(scales),
      .hashing_o(hashes), .code_o(code), .tail_o(tail), .queue_o(queue),
      .entry_valid_o(entry_valid), .entry_list_o(entry_list), .entry_index_o(entry_index),
      .entry_o(entry), .counts_o(counts), .overflow_o(overflow),
      .hash_types_o(hash_types), .mask_o(mask), .unclassified_o(unclassified),
      .hash_key_o(hash_key), .steer_valid_o(steer_valid), .steer_index_o(steer_index),
      .steer_pair_o(steer_pair)
  );

  // ---- The verdict. Who leaves no room for an answer could not tell what became of the command,
  // so it is not carried out.

  logic        whole;   // the answer has a queue's moderation in front of the ack
  logic        apply;
  logic [63:0] coalescing;

  assign judge = state_q == Judge;

  always_comb begin
    whole      = 1'b0;
    apply      = 1'b0;
    coalescing = '0;
    if (judge) begin
      whole = get && !failed && room == 4'd9;
      apply = good && !refused && !failed && (get ? whole : room != 4'd0);
      if (apply && get) begin
        for (int q = 0; q < DataQueues; q++) begin
          if (queue == 16'(q)) coalescing = coalescing_i[64*q+:64];
        end
      end
    end
  end

  // ---- Effects, in the cycle after the verdict.

  nic_types_pkg::filter_t filter_q;
  logic                   vlan_set_q;
  logic                   pulses_q;  // one of the pulses is up

  assign filter_o = filter_q;

  filter_tables u_tables (
      .clk_i, .rst_i(clear),
      .entry_valid_i(entry_valid), .entry_index_i({!filter_q.half, entry_list, entry_index}),
      .entry_i(entry), .seek_i, .row_i, .row_o,
      .vlan_set_i(vlan_set_q && pulses_q), .vlan_i(code == nic_pkg::ControlVlanAdd),
      .vlan_index_i(tail[91:80]), .vid_i, .vlan_o
  );

  logic spread;       // the indirection table is to be filled
  logic spread_ends;
  logic steering_moves;

  assign spread = apply && code == nic_pkg::ControlMqPairsSet;

  steering_settings u_steering (
      .clk_i, .rst_i(clear),
      .judge_i(judge), .table_i(apply && scales), .hash_i(apply && hashes),
      .hash_types_i(hash_types), .mask_i(mask), .unclassified_i(unclassified),
      .hash_key_i(hash_key),
      .entry_valid_i(steer_valid), .entry_index_i(steer_index), .entry_i(steer_pair),
      .spread_i(state_q == Spread), .last_pair_i(3'(tail[83:80] - 4'd1)),
      .spread_ends_o(spread_ends), .steering_o, .hash_key_o, .awake_o(steering_moves)
  );

  always_ff @(posedge clk_i) begin
    if (clear) begin
      filter_q         <= '0;
      checksum_off_o   <= 1'b0;
      mac_set_o        <= 1'b0;
      announced_o      <= 1'b0;
      coalescing_set_o <= '0;
      vlan_set_q       <= 1'b0;
      pulses_q         <= 1'b0;
    end else if (judge || pulses_q) begin
      mac_set_o        <= apply && code == nic_pkg::ControlMacAddrSet;
      announced_o      <= apply && code == nic_pkg::ControlAnnounceAck;
      vlan_set_q       <= apply && code[15:8] == nic_pkg::ControlVlanAdd[15:8];
      pulses_q         <= apply;
      coalescing_set_o <= '0;
      if (apply) begin
        value_o <= tail[95:32];
        for (int q = 0; q < DataQueues; q++) begin
          unique case (code)
            nic_pkg::ControlCoalRxSet: coalescing_set_o[q] <= q % 2 == 0;
            nic_pkg::ControlCoalTxSet: coalescing_set_o[q] <= q % 2 == 1;
            nic_pkg::ControlCoalVqSet: coalescing_set_o[q] <= queue == 16'(q);
            default: ;
          endcase
        end
        unique case (code)
          nic_pkg::ControlRxPromisc:  filter_q.promisc <= tail[88];
          nic_pkg::ControlRxAllmulti: filter_q.allmulti <= tail[88];
          nic_pkg::ControlRxAlluni:   filter_q.alluni <= tail[88];
          nic_pkg::ControlRxNomulti:  filter_q.nomulti <= tail[88];
          nic_pkg::ControlRxNouni:    filter_q.nouni <= tail[88];
          nic_pkg::ControlRxNobcast:  filter_q.nobcast <= tail[88];
          nic_pkg::ControlGuestOffloadsSet: checksum_off_o <= !tail[32 + nic_pkg::FeatureGuestCsum];
          default: ;
        endcase
        if (sets_table) begin
          filter_q.half     <= !filter_q.half;
          filter_q.counts   <= counts;
          filter_q.overflow <= overflow;
        end
      end
    end
  end

  // ---- The answer, piece by piece, and then the buffer.

  logic accepted;  // both the request and its data are on their way

  always_comb begin
    part     = 4'd0;
    accepted = 1'b0;
    if (state_q == Send || state_q == Wait) begin
      part     = place_len < left_q ? place_len : left_q;
      accepted = (!request_valid_q || write_ready_i) && (!beat_valid_q || write_beat_ready_i);
    end
  end

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Walk:    if (walked && live_i) state_d = Judge;
      Judge:   state_d = spread ? Spread : room == 4'd0 ? Complete : Send;
      Spread:  if (spread_ends) state_d = Send;
      Send:    if (accepted) state_d = Wait;
      Wait:    if (write_done_i) state_d = left_q == part ? Complete : Send;
      default: if (completion_ready_i) state_d = Walk;
    endcase
  end

  assign taken = state_q == Complete && completion_ready_i;

  logic step;

  always_comb begin
    unique case (state_q)
      Walk:    step = walked && live_i;
      Wait:    step = write_done_i;
      default: step = state_q != Complete || completion_ready_i;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (step) begin
      state_q <= state_d;
      if (judge) begin
        place_q        <= 4'd0;
        len_q          <= whole ? 4'd9 : room != 4'd0 ? 4'd1 : 4'd0;
        left_q         <= whole ? 4'd9 : 4'd1;
        answer_q       <= whole ? {apply ? nic_pkg::ControlAckOk : nic_pkg::ControlAckErr,
                                   coalescing}
                                : {64'd0, apply ? nic_pkg::ControlAckOk : nic_pkg::ControlAckErr};
        write_failed_q <= 1'b0;
      end
      if (state_q == Wait) begin
        place_q        <= place_q + 4'd1;
        left_q         <= left_q - part;
        answer_q       <= answer_q >> {part, 3'd0};
        write_failed_q <= write_failed_q || write_error_i;
      end
      if (state_d == Send && state_q != Send) begin
        request_valid_q <= 1'b1;
        beat_valid_q    <= 1'b1;
      end else begin
        if (write_ready_i) request_valid_q <= 1'b0;
        if (write_beat_ready_i) beat_valid_q <= 1'b0;
      end
    end
    if (clear) begin
      state_q         <= Walk;
      request_valid_q <= 1'b0;
      beat_valid_q    <= 1'b0;
    end
  end

  assign write_request_o    = {place_addr, 12'd0, part};
  assign write_valid_o      = request_valid_q;
  assign write_beat_o       = {1'b1, {1'b0, part}, 56'd0, answer_q};
  assign write_beat_valid_o = beat_valid_q;

  assign completion_valid_o = state_q == Complete;
  assign completion_o = {1'b0, !write_failed_q && len_q != 4'd0, slots, id,
                         write_failed_q ? 32'd0 : {28'd0, len_q}};
  assign data_error_o = taken && (failed || write_failed_q);

  assign drained_o = !read_valid_o && !request_valid_q && !beat_valid_q;

  always_comb begin
    awake_o = 1'b1;
    if (!walker_awake && !steering_moves) awake_o = step || pulses_q || flush_i;
  end

endmodule

`default_nettype wire
