// What the receive filter looks up: unicast and multicast addresses, twice, so that a new table
// replaces the old one between two frames, and the VLANs.
`default_nettype none

module filter_tables (
    input  wire logic         clk_i,
    input  wire logic         rst_i,         // of the session: no VLAN is left
    // Addresses, four in a row: half, list, row in the list.
    input  wire logic         entry_valid_i,
    input  wire logic [5:0]   entry_index_i,
    input  wire logic [47:0]  entry_i,
    input  wire logic         seek_i,
    input  wire logic [3:0]   row_i,
    output logic [191:0]      row_o,         // in the same cycle; nothing if none is sought
    // VLANs.
    input  wire logic         vlan_set_i,
    input  wire logic         vlan_i,        // is to be accepted
    input  wire logic [11:0]  vlan_index_i,
    input  wire logic [11:0]  vid_i,
    output logic              vlan_o         // in the same cycle
);

  for (genvar way = 0; way < 4; way++) begin : gen_way
    logic [47:0] addresses_q [0:15];

    always_ff @(posedge clk_i) begin
      if (entry_valid_i && entry_index_i[1:0] == 2'(way)) begin
        addresses_q[entry_index_i[5:2]] <= entry_i;
      end
    end

    always_comb begin
      row_o[48*way+:48] = '0;
      if (seek_i) row_o[48*way+:48] = addresses_q[row_i];
    end
  end

  // A word of the VLANs' table holds nothing until something has been written to it: so a reset
  // empties all of it at once.
  logic [63:0] vlans_q [0:63];
  logic [63:0] written_q;
  logic [63:0] word;
  logic [63:0] word_d;

  always_comb begin
    word_d = '0;
    if (vlan_set_i) begin
      if (written_q[vlan_index_i[11:6]]) word_d = vlans_q[vlan_index_i[11:6]];
      word_d[vlan_index_i[5:0]] = vlan_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) written_q <= '0;
    else if (vlan_set_i) begin
      vlans_q[vlan_index_i[11:6]]   <= word_d;
      written_q[vlan_index_i[11:6]] <= 1'b1;
    end
  end

  assign word   = vlans_q[vid_i[11:6]];
  assign vlan_o = written_q[vid_i[11:6]] && word[vid_i[5:0]];

endmodule

`default_nettype wire
