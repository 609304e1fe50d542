// Makes frames out of read answers: takes the virtio header off, closes the gaps between elements
// and hands packed beats to the frame buffer. A buffer goes back to the driver when the last byte
// of it has been taken. A 64-byte frame takes 7 cycles at most, however it lies in memory. A packet
// that is to be cut goes through the segmenter, and goes back when that has done with it.
`default_nettype none

module transmit_packer (
    input  logic                       clk_i,
    input  logic                       rst_i,
    input  logic                       flush_i,
    input  logic                       checksum_i,   // CSUM was negotiated
    input  logic                       hash_report_i, // headers are the long ones
    input  logic [2:0]                 segment_i,    // HOST_ECN, HOST_TSO6, HOST_TSO4 were
    output logic                       quiescent_o,
    // Parts of buffers, from transmit_fetch.
    input  logic                       part_data_i,
    input  logic                       part_last_i,
    input  logic                       part_drop_i,
    input  logic [8:0]                 part_slots_i,
    input  logic [15:0]                part_id_i,
    input  logic [16:0]                part_length_i,
    input  logic                       part_valid_i,
    output logic                       part_take_o,
    // Read answers, in the order of the parts.
    input  nic_types_pkg::read_beat_t  answer_i,
    input  logic                       answer_valid_i,
    output logic                       answer_take_o,
    // The segmenter, and behind it the frame buffer.
    output nic_types_pkg::dma_beat_t   beat_o,
    output nic_types_pkg::checksum_t   checksum_o,   // of the frame that the beat belongs to
    output nic_types_pkg::segmentation_t segmentation_o,  // of the packet, if
    output logic                       cut_o,        // the beat belongs to one that is to be cut
    output logic                       beat_valid_o,
    output logic                       drop_o,       // with the last beat: forget the frame; with
                                                     // any of one to be cut: not to be believed
    input  logic                       beat_ready_i,
    input  logic                       segmenter_busy_i,     // with what it has of a packet
    input  logic                       segmenter_refused_i,  // the packet can not be cut
    output nic_types_pkg::completion_t completion_o,
    output logic                       completion_valid_o,
    input  logic                       completion_ready_i,
    output logic                       packet_o,     // pulse: a buffer was taken from the driver
    output logic                       malformed_o,  // with it: and dropped for what it holds
    output logic                       error_o       // with it: and dropped for a DMA error
);

  localparam int RowBits = $clog2(nic_pkg::MaxSegmentedBytes) - 4;
  // The virtio header is gathered at the end of a row of its own, so that the frame begins with the
  // next; a long one of two rows. There its fields have these places.
  localparam logic [4:0] HeaderLane = 5'(16 - nic_pkg::NetHeaderBytes);
  localparam logic [4:0] LongHeaderLane =
      5'(32 - nic_pkg::NetHeaderBytes - nic_pkg::NetHeaderHashBytes);
  localparam int Flags = 8 * (16 - nic_pkg::NetHeaderBytes);
  localparam int GsoType = Flags + 8;
  localparam int GsoSize = Flags + 32;
  localparam int CsumStart = Flags + 48;
  localparam int CsumOffset = Flags + 64;
  localparam int LongFlags = 8 * (32 - nic_pkg::NetHeaderBytes - nic_pkg::NetHeaderHashBytes);
  localparam int LongGsoType = LongFlags + 8;
  localparam int LongGsoSize = LongFlags + 32 - 128;     // these in the second row
  localparam int LongCsumStart = LongFlags + 48 - 128;
  localparam int LongCsumOffset = LongFlags + 64 - 128;
  localparam logic [15:0] TcpField = 16'd16;  // of the checksum, in the TCP header
  localparam logic [16:0] MaxBytes = 17'(nic_pkg::NetHeaderBytes + nic_pkg::MaxFrameBytes);
  localparam logic [16:0] HashBytes = 17'(nic_pkg::NetHeaderHashBytes);
  // A checksum that reaches into the EtherType, bytes 12 and 13, could make any type of it.
  localparam logic [16:0] TypeFirst = 17'd11;
  localparam logic [16:0] TypeLast = 17'd13;

  // The packet in work.
  logic [127:0]       held_q, moved, row;
  // Bytes in held_q, those in front of the header included: the end may be found after a full row.
  // 0: nothing has come yet.
  logic [4:0]         held_count_q;
  logic               first_q;         // held_q is the header's first row
  logic               second_q;        // or its second
  logic [RowBits-1:0] rows_q;          // of the frame, before held_q
  logic               started_q;       // the frame buffer has a beat of it
  logic               bad_q, failed_q; // the header is refused, a read has failed
  logic               spilled_q;       // its last answer is in held_q
  logic               wanted_q;        // a checksum, over all from start_q, to field_q and the next
  logic [15:0]        start_q;
  logic [16:0]        field_q;
  logic [7:0]         gso_type_q;      // as the first row of a long header has it
  logic               cut_q;           // into segments, as segmentation_q says
  logic               sent_q;          // the segmenter has been given its last beat
  nic_types_pkg::segmentation_t segmentation_q;

  logic [4:0]   rest;
  logic [5:0]   total;
  logic [4:0]   lane;                  // of the next byte
  logic         first_done, header_done, in_header, asked, cut, cuttable, refused, mac_control;
  logic         misplaced;
  logic [7:0]   flags, gso_type;
  logic [15:0]  size, start, offset;
  logic [16:0]  frame_bytes;           // of the packet, if its length is known
  logic [3:0]   last_lane;
  logic         bad, failed, drop, free, take, ends, over, through, finish, emit, awake;

  nic_types_pkg::dma_beat_t   beat_q;
  nic_types_pkg::completion_t completion_q;
  logic                       valid_q, drop_q, completion_valid_q;

  // One rule for every kind of step keeps it simple: room for a beat and for a completion.
  always_comb begin
    free = 1'b0;
    take = 1'b0;
    if (part_valid_i && !flush_i) begin
      free = (!valid_q || beat_ready_i) && (!completion_valid_q || completion_ready_i);
      take = free && part_data_i && !spilled_q && answer_valid_i;
    end
  end

  // What the header asks for must have been negotiated; its other fields have no meaning then
  // (virtio 1.3, 5.1.6.2).
  always_comb begin
    total       = {1'b0, held_count_q};
    moved       = '0;
    row         = held_q;
    header_done = 1'b0;
    first_done  = 1'b0;
    lane        = '0;
    flags       = '0;
    gso_type    = '0;
    size        = '0;
    start       = '0;
    offset      = '0;
    frame_bytes = '0;
    asked       = 1'b0;
    cut         = 1'b0;
    cuttable    = 1'b0;
    refused     = 1'b0;
    if (take) begin
      lane  = held_count_q;
      if (held_count_q == 5'd0) lane = hash_report_i ? LongHeaderLane : HeaderLane;
      total = {1'b0, lane} + {1'b0, answer_i.count};
      moved = byte_lanes_pkg::rotate(answer_i.data, lane[3:0] - answer_i.offset);
      row   = byte_lanes_pkg::merge(held_q, moved, lane);
      if (total > 6'd16 && in_header) begin
        first_done  = first_q;
        header_done = second_q || !hash_report_i;
        if (first_done) begin
          flags    = hash_report_i ? row[LongFlags+:8] : row[Flags+:8];
          gso_type = hash_report_i ? row[LongGsoType+:8] : row[GsoType+:8];
          asked    = (flags & nic_pkg::HeaderNeedsCsum) != 8'd0;
          refused  = asked && !checksum_i;
        end else begin
          gso_type = gso_type_q;
          asked    = wanted_q;
        end
        if (header_done) begin
          size        = hash_report_i ? row[LongGsoSize+:16] : row[GsoSize+:16];
          start       = hash_report_i ? row[LongCsumStart+:16] : row[CsumStart+:16];
          offset      = hash_report_i ? row[LongCsumOffset+:16] : row[CsumOffset+:16];
          frame_bytes = part_length_i - 17'(nic_pkg::NetHeaderBytes) -
                        (hash_report_i ? HashBytes : 17'd0);
          cut         = gso_type != 8'd0;
          cuttable    = asked && part_length_i != 17'd0 &&
                        size >= 16'(nic_pkg::MinGsoSize) && offset == TcpField &&
                        ((gso_type[6:0] == nic_pkg::GsoTcpv4[6:0] && segment_i[0]) ||
                         (gso_type[6:0] == nic_pkg::GsoTcpv6[6:0] && segment_i[1])) &&
                        (!gso_type[7] || segment_i[2]);
          if (cut ? !cuttable
                  : part_length_i > MaxBytes + (hash_report_i ? HashBytes : 17'd0)) begin
            refused = 1'b1;
          end
        end
      end
    end
  end

  // A full row is kept until more is known to follow it, since the last beat has to say so.
  always_comb begin
    ends        = 1'b0;
    over        = 1'b0;
    through     = 1'b0;
    finish      = 1'b0;
    mac_control = 1'b0;
    misplaced   = 1'b0;
    last_lane   = '0;
    bad         = 1'b0;
    failed      = 1'b0;
    drop        = 1'b0;
    emit        = 1'b0;
    if (free) begin
      ends        = take ? answer_i.last && part_last_i : !part_data_i || spilled_q;
      over        = ends && total <= 6'd16;
      // PAUSE frames are the MAC's own: a host that sends them could stop its neighbours. The first
      // row has the EtherType, 0x8808, in bytes 12 and 13; nothing of the frame has left before it.
      mac_control = !in_header && rows_q == '0 && (total > 6'd16 || over) &&
                    row[12 * 8+:16] == 16'h0888;
      // Where the frame ends is known with its last byte only. The field needs two.
      last_lane   = total[3:0] - 4'd1;
      misplaced   = over && wanted_q && !in_header && !cut_q &&
                    (field_q >= 17'({rows_q, last_lane}) ||
                     (field_q >= TypeFirst && field_q <= TypeLast));
      bad         = bad_q || mac_control || refused || misplaced ||
                    (sent_q && segmenter_refused_i);
      failed      = failed_q || (take && answer_i.error);
      drop        = part_drop_i || bad || failed;
      through     = cut_q && (started_q || sent_q || !drop);
      finish      = over && (!through || (sent_q && !valid_q && !segmenter_busy_i));
      emit        = (take && total > 6'd16 && !in_header && (started_q || !(bad || failed))) ||
                    (over && !sent_q && (started_q || !drop));
    end
  end

  assign in_header = first_q || second_q;

  assign rest = {!total[4], total[3:0]};  // beyond a full row

  assign answer_take_o = take;
  assign part_take_o   = finish || (take && answer_i.last && !part_last_i);

  // No register here changes without one of these: what quiescent_o says is so by construction.
  assign awake       = take || emit || finish || valid_q || completion_valid_q;
  assign quiescent_o = !awake;

  always_ff @(posedge clk_i) begin
    if (awake) begin
      if (emit) valid_q <= 1'b1;
      else if (beat_ready_i) valid_q <= 1'b0;
      if (finish) completion_valid_q <= 1'b1;
      else if (completion_ready_i) completion_valid_q <= 1'b0;
      if (take) begin
        held_q       <= total > 6'd16 ? moved : row;
        held_count_q <= total > 6'd16 ? rest : total[4:0];
        started_q    <= started_q || emit;
        bad_q        <= bad;
        failed_q     <= failed;
        spilled_q    <= ends;
        if (total > 6'd16) begin
          first_q  <= 1'b0;
          second_q <= first_q && hash_report_i;
          if (!in_header) rows_q <= rows_q + 1'b1;
        end
      end
      if (first_done) begin
        wanted_q   <= asked;
        gso_type_q <= gso_type;
      end
      if (header_done) begin
        cut_q          <= cut && cuttable;
        segmentation_q <= {gso_type[2], gso_type[7], size, frame_bytes};
        start_q        <= start;
        field_q        <= {1'b0, start} + {1'b0, offset};
      end
      if (over && through) sent_q <= 1'b1;
      if (emit) begin
        beat_q.last  <= over;
        beat_q.count <= over ? total[4:0] : 5'd16;
        beat_q.data  <= row;
        // Of a packet to be cut, a row that was whole before a read failed is still good.
        drop_q       <= cut_q ? failed_q || (failed && held_count_q != 5'd16) : over && drop;
      end
      if (finish) begin
        completion_q.more    <= 1'b0;
        completion_q.written <= 1'b0;
        completion_q.slots   <= part_slots_i;
        completion_q.id      <= part_id_i;
        completion_q.len     <= 32'd0;
      end
    end
    if (rst_i || flush_i) begin
      valid_q            <= 1'b0;
      completion_valid_q <= 1'b0;
    end
    if (rst_i || flush_i || finish) begin
      held_count_q <= '0;
      first_q      <= 1'b1;
      second_q     <= 1'b0;
      rows_q       <= '0;
      started_q    <= 1'b0;
      bad_q        <= 1'b0;
      failed_q     <= 1'b0;
      spilled_q    <= 1'b0;
      cut_q        <= 1'b0;
      sent_q       <= 1'b0;
    end
  end

  assign beat_o             = beat_q;
  assign checksum_o         = {wanted_q, start_q, field_q[15:0]};
  assign segmentation_o     = segmentation_q;
  assign cut_o              = cut_q;
  assign beat_valid_o       = valid_q;
  assign drop_o             = drop_q;
  assign completion_o       = completion_q;
  assign completion_valid_o = completion_valid_q;
  assign packet_o           = finish;
  assign malformed_o        = finish && !failed && (part_drop_i || bad);
  assign error_o            = finish && failed;

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) begin
    if (!rst_i && emit && finish) begin
      LastBeatHoldsBytes: assert (total != 6'd0);
    end
    if (!rst_i && take && answer_i.last && !part_last_i) begin
      PartsMatchAnswers: assert (part_data_i);
    end
  end
`endif

endmodule

`default_nettype wire
