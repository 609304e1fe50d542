// MSI-X (PCI 3.0, 6.8.2): turns requests into messages, writes of one word to host memory. A
// request sets the pending bit of its vector, so several of one vector may become one message; one
// goes out at a time, with the entry as it was then. Vectors take turns: one that is busy does not
// keep another from being heard.
//
// While MSI-X is disabled, requests are forgotten. While it is masked, or bus mastering is off,
// they wait. A virtio reset drops them.
`default_nettype none

module msix #(
  parameter int NumSources = nic_pkg::NumQueues + 1
) (
  input  wire logic                        clk_i,
  input  wire logic                        rst_i,
  input  wire logic                        flush_i,
  output logic                             drained_o,
  output logic                             quiescent_o,
  // Register bus: the table, and the pending bits.
  input  wire logic                        table_write_i,
  input  wire logic                        table_read_i,
  input  wire logic                        pending_read_i,
  input  wire register_pkg::access_t       access_i,
  output logic [31:0]                      table_data_o,
  output logic [31:0]                      pending_data_o,
  // From PCI configuration space.
  input  wire logic                        msix_enable_i,
  input  wire logic                        msix_mask_i,
  input  wire logic                        bus_master_i,
  // Requests, as pulses, each for the vector that the driver gave its source.
  input  wire logic [NumSources-1:0]       raise_i,
  input  wire logic [16*NumSources-1:0]    vector_i,
  // Write client WriteMsix.
  output logic                             request_valid_o,
  output nic_types_pkg::dma_request_t      request_o,
  input  wire logic                        request_ready_i,
  output logic                             beat_valid_o,
  output nic_types_pkg::dma_beat_t         beat_o,
  input  wire logic                        beat_ready_i,
  input  wire logic                        done_i,
  output logic                             sent_o  // pulse: a message has arrived
);

  localparam int NumVectors = nic_pkg::NumVectors;
  localparam int VectorBits = $clog2(NumVectors);

  logic [NumVectors-1:0] masked;
  logic [63:0]           chosen_address;
  logic [31:0]           chosen_message;

  // ---- Pending bits.

  logic [NumVectors-1:0] pending_q;
  logic [NumVectors-1:0] raised;
  logic [NumVectors-1:0] sendable;
  logic [NumVectors-1:0] taken;

  always_comb begin
    raised = '0;
    if (raise_i != '0 && msix_enable_i) begin
      for (int s = 0; s < NumSources; s++) begin
        for (int v = 0; v < NumVectors; v++) begin
          if (raise_i[s] && vector_i[16*s+:16] == 16'(v)) raised[v] = 1'b1;
        end
      end
    end
  end

  assign sendable = (msix_enable_i && !msix_mask_i && bus_master_i && !flush_i)
                    ? pending_q & ~masked : '0;

  always_ff @(posedge clk_i) begin
    if (rst_i || flush_i) pending_q <= '0;
    else pending_q <= (pending_q & ~taken) | raised;
  end

  // ---- One message at a time.

  logic        busy_q;  // until the write is acknowledged
  logic [63:0] address_q;
  logic [31:0] message_q;
  logic [VectorBits-1:0] chosen;

  logic [VectorBits-1:0] served_q;

  round_robin #(
    .Count(NumVectors),
    .Bits (VectorBits)
  ) u_choice (
    .wants_i (busy_q ? '0 : sendable),
    .last_i  (served_q),
    .chosen_o(chosen)
  );

  always_comb begin
    taken = '0;
    if (!busy_q && sendable != '0) taken = NumVectors'(1) << chosen;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) served_q <= '0;
    else if (taken != '0) served_q <= chosen;
  end

  msix_table #(
    .NumVectors(NumVectors)
  ) u_table (
    .clk_i,
    .rst_i,
    .write_i  (table_write_i),
    .read_i   (table_read_i),
    .access_i,
    .data_o   (table_data_o),
    .masked_o (masked),
    .look_i   (taken != '0),
    .vector_i (chosen),
    .address_o(chosen_address),
    .message_o(chosen_message)
  );

  always_ff @(posedge clk_i) begin
    if (rst_i || flush_i) begin
      busy_q          <= 1'b0;
      request_valid_o <= 1'b0;
      beat_valid_o    <= 1'b0;
    end else if (taken != '0) begin
      busy_q          <= 1'b1;
      request_valid_o <= 1'b1;
      beat_valid_o    <= 1'b1;
    end else begin
      if (done_i) busy_q <= 1'b0;
      if (request_ready_i) request_valid_o <= 1'b0;
      if (beat_ready_i) beat_valid_o <= 1'b0;
    end
  end

  // The host may rewrite the entry while the message is on its way.
  always_ff @(posedge clk_i) begin
    if (taken != '0) begin
      address_q <= chosen_address;
      message_q <= chosen_message;
    end
  end

  assign request_o = {address_q, 16'd4};
  assign beat_o    = {1'b1, 5'd4, 96'd0, message_q};
  assign sent_o    = done_i && busy_q;

  assign drained_o   = !busy_q && pending_q == '0;
  assign quiescent_o = taken == '0 && raised == '0 && !done_i &&
                       !(request_valid_o && request_ready_i) && !(beat_valid_o && beat_ready_i) &&
                       !(flush_i && (!drained_o || request_valid_o || beat_valid_o));

  logic [NumVectors-1:0] pending_data_q;
  assign pending_data_o = 32'(pending_data_q);

  // The upper half of the pending bits is 0, as there are no such vectors.
  always_ff @(posedge clk_i) begin
    if (pending_read_i) pending_data_q <= access_i.address[2] ? '0 : pending_q;
  end

  if (NumVectors > 32) begin : gen_check
    $error("msix: the pending bits are one word");
  end

endmodule

`default_nettype wire
