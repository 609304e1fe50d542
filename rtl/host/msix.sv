// MSI-X (PCI 3.0, 6.8.2): turns requests into messages, writes of one word to host memory. A request
// sets the pending bit of its vector, so several of one vector may become one message; the lowest
// pending vector that is not masked goes out, one at a time, with the entry as it was then.
//
// While MSI-X is disabled, requests are forgotten. While it is masked, or bus mastering is off, they
// wait. A virtio reset drops them.
`default_nettype none

module msix #(
  parameter int NumSources = nic_pkg::NumQueues + 1
) (
  input  wire logic                        clk_i,
  input  wire logic                        rst_i,
  input  wire logic                        flush_i,
  output logic                             drained_o,
  output logic                             quiescent_o,
  input  wire register_pkg::access_t       access_i,
  output logic [31:0]                      data_o,
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

  logic [32*NumVectors-1:0] entry_data;
  logic [64*NumVectors-1:0] address;
  logic [32*NumVectors-1:0] message;
  logic [NumVectors-1:0]    masked;

  for (genvar v = 0; v < NumVectors; v++) begin : gen_vector
    msix_entry #(
      .Index(v)
    ) u_entry (
      .clk_i,
      .rst_i,
      .access_i,
      .data_o   (entry_data[32*v+:32]),
      .address_o(address[64*v+:64]),
      .message_o(message[32*v+:32]),
      .masked_o (masked[v])
    );
  end

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
  logic [63:0] chosen_address;
  logic [31:0] chosen_message;
  logic [63:0] address_q;
  logic [31:0] message_q;

  always_comb begin
    taken          = '0;
    chosen_address = '0;
    chosen_message = '0;
    if (!busy_q && sendable != '0) begin
      taken = sendable & (~sendable + NumVectors'(1));
      for (int v = 0; v < NumVectors; v++) begin
        if (taken[v]) begin
          chosen_address = address[64*v+:64];
          chosen_message = message[32*v+:32];
        end
      end
    end
  end

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
                       !(flush_i && !drained_o);

  // ---- Reads of table and pending bits.

  logic [31:0] pending_data_q;

  always_ff @(posedge clk_i) begin
    if (access_i.read) begin
      pending_data_q <= access_i.address == nic_pkg::MsixPendingBase + nic_pkg::MsixPendingPending
                        ? 32'(pending_q) : 32'd0;
    end
  end

  always_comb begin
    data_o = pending_data_q;
    for (int v = 0; v < NumVectors; v++) data_o = data_o | entry_data[32*v+:32];
  end

  if (NumVectors > 32) begin : gen_check
    $error("msix: the pending bits are one word");
  end

endmodule

`default_nettype wire
