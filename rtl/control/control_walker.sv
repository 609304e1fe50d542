// Walks the buffers of the control queue: reads what the driver says, byte by byte, and notes where
// it wants the answer. How a command is laid out over descriptors is the driver's business (virtio
// 1.3, 2.7.4.1), so each byte may be an element of its own.
`default_nettype none

module control_walker (
    input  wire logic                      clk_i,
    input  wire logic                      rst_i,               // of the session, too
    input  wire logic                      live_i,
    output logic                           awake_o,             // a register changes next
    // The control queue's elements. Every taken element is committed.
    input  wire nic_types_pkg::element_t   element_i,
    input  wire logic                      element_valid_i,
    output logic                           element_take_o,
    // dma_read, client ReadControl.
    output nic_types_pkg::dma_request_t    read_request_o,
    output logic                           read_valid_o,
    input  wire logic                      read_ready_i,
    input  wire nic_types_pkg::read_beat_t read_beat_i,
    input  wire logic                      read_beat_valid_i,
    // The command's bytes, one a cycle.
    output logic                           byte_valid_o,
    output logic [7:0]                     byte_o,
    // The whole command has been walked; all below holds until it is taken.
    output logic                           done_o,
    input  wire logic                      take_i,
    output logic                           refused_o,           // by its layout or its length
    output logic                           failed_o,            // a read was answered by an error
    output logic [8:0]                     slots_o,
    output logic [15:0]                    id_o,
    output logic [3:0]                     room_o,              // for the answer, 0 to 9 bytes
    // Pieces of that room, `place_len_o` bytes each, in their order.
    input  wire logic [3:0]                place_i,
    output logic [63:0]                    place_addr_o,
    output logic [3:0]                     place_len_o
);

  localparam logic [3:0] MostRoom = 4'd9;  // a queue's moderation and the ack
  localparam int ChunkBytes = 64;          // asked for at a time: reads end at multiples of it
  localparam int ChunkBeats = ChunkBytes / nic_types_pkg::DmaBytes;
  localparam int BeatBits = 139;
  localparam int PlaceBits = 68;

  typedef enum logic [1:0] {Walk, Ask, Read, Done} state_e;

  state_e      state_q, state_d;
  logic        last_q;         // the element at work ends the buffer
  logic        wrote_q;        // an element for the device to write has come
  logic        refused_q, failed_q;
  logic [15:0] total_q;        // bytes asked for in this command
  logic [63:0] addr_q;         // of what the element still has to be asked for
  logic [15:0] left_q;
  logic [6:0]  chunk_q;        // bytes of the request under way that have not been given out
  logic [3:0]  room_q, places_q;
  logic        read_valid_q;
  nic_types_pkg::dma_request_t request_q;
  logic [8:0]  slots_q;
  logic [15:0] id_q;

  // ---- One element a cycle.

  logic       step, disorder, too_long, wanted, place;
  logic [3:0] part, lacking;  // room for the answer

  assign lacking = MostRoom - room_q;

  // What comes behind an element that the device writes is not read (2.7.4.2), nor is an element
  // with which the command were longer than any may be.
  always_comb begin
    step     = 1'b0;
    disorder = 1'b0;
    too_long = 1'b0;
    wanted   = 1'b0;
    place    = 1'b0;
    part     = 4'd0;
    if (state_q == Walk && element_valid_i && live_i) begin
      step     = 1'b1;
      disorder = !element_i.write && wrote_q;
      too_long = !element_i.write &&
                 element_i.len > 32'(nic_pkg::MaxControlBytes) - {16'd0, total_q};
      wanted   = !element_i.write && element_i.len != 32'd0 && !disorder && !too_long &&
                 !refused_q;
      place    = element_i.write && element_i.len != 32'd0 && room_q != MostRoom;
      part     = element_i.len > 32'(lacking) ? lacking : element_i.len[3:0];
    end
  end

  // ---- Requests, so long that their answer has room.

  logic [6:0] chunk;
  logic       ask;

  always_comb begin
    ask   = 1'b0;
    chunk = '0;
    if (state_q == Ask && live_i) begin
      ask   = 1'b1;
      chunk = 7'(ChunkBytes) - {1'b0, addr_q[5:0]};
      if (left_q < {9'd0, chunk}) chunk = left_q[6:0];
    end
  end

  // ---- Answers, a byte a cycle.

  nic_types_pkg::read_beat_t answer;
  logic       answer_valid, beat_done, answers_quiescent, unused_ready;
  logic [3:0] lane_q;  // of the beat's bytes, how many have been given out

  fifo #(.Width(BeatBits), .Depth(ChunkBeats)) u_answers (
      .clk_i, .rst_i, .valid_i(read_beat_valid_i), .ready_o(unused_ready), .data_i(read_beat_i),
      .valid_o(answer_valid), .ready_i(beat_done), .data_o(answer),
      .quiescent_o(answers_quiescent)
  );

  always_comb begin
    byte_valid_o = 1'b0;
    byte_o       = '0;
    beat_done    = 1'b0;
    if (answer_valid) begin
      byte_valid_o = 1'b1;
      byte_o       = answer.data[8*(answer.offset+lane_q)+:8];
      beat_done    = {1'b0, lane_q} + 5'd1 == answer.count;
    end
  end

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Walk:    if (step) state_d = wanted ? Ask : element_i.last ? Done : Walk;
      Ask:     if (ask) state_d = Read;
      Read:
      if (byte_valid_o && chunk_q == 7'd1) begin
        state_d = left_q != 16'd0 ? Ask : last_q ? Done : Walk;
      end
      default: if (take_i) state_d = Walk;
    endcase
  end

  logic [PlaceBits-1:0] place_q [0:15];

  always_comb begin
    awake_o = 1'b1;
    if (!step && !ask) awake_o = read_valid_q || byte_valid_o || take_i || !answers_quiescent;
  end

  always_ff @(posedge clk_i) begin
    if (awake_o) begin
      state_q <= state_d;
      if (step) begin
        last_q    <= element_i.last;
        wrote_q   <= wrote_q || element_i.write;
        refused_q <= refused_q || disorder || too_long;
        addr_q    <= element_i.addr;
        left_q    <= element_i.len[15:0];
        slots_q   <= element_i.slots;
        id_q      <= element_i.id;
        if (wanted) total_q <= total_q + element_i.len[15:0];
      end
      if (place) begin
        place_q[places_q] <= {element_i.addr, part};
        places_q          <= places_q + 4'd1;
        room_q            <= room_q + part;
      end
      if (ask) begin
        request_q <= {addr_q, 9'd0, chunk};
        addr_q    <= addr_q + 64'(chunk);
        left_q    <= left_q - 16'(chunk);
        chunk_q   <= chunk;
      end
      if (ask) read_valid_q <= 1'b1;
      else if (read_ready_i) read_valid_q <= 1'b0;
      if (byte_valid_o) begin
        chunk_q  <= chunk_q - 7'd1;
        lane_q   <= beat_done ? 4'd0 : lane_q + 4'd1;
        failed_q <= failed_q || answer.error;
      end
    end
    if (rst_i || take_i) begin
      wrote_q   <= 1'b0;
      refused_q <= 1'b0;
      failed_q  <= 1'b0;
      total_q   <= '0;
      room_q    <= '0;
      places_q  <= '0;
    end
    if (rst_i) begin
      state_q      <= Walk;
      read_valid_q <= 1'b0;
      lane_q       <= '0;
    end
  end

  assign element_take_o = step;
  assign read_request_o = request_q;
  assign read_valid_o   = read_valid_q;
  assign done_o         = state_q == Done;
  assign refused_o      = refused_q;
  assign failed_o       = failed_q;
  assign slots_o        = slots_q;
  assign id_o           = id_q;
  assign room_o         = room_q;

  always_comb begin
    {place_addr_o, place_len_o} = '0;
    if (done_o) {place_addr_o, place_len_o} = place_q[place_i];
  end

`ifdef NIC_CHECK
  always_ff @(posedge clk_i) begin
    if (!rst_i) begin
      BytesWereAskedFor: assert (!byte_valid_o || (state_q == Read && chunk_q != '0));
      RoomIsPlaces:     assert (room_q <= MostRoom && places_q <= room_q);
    end
  end
`endif

endmodule

`default_nettype wire
