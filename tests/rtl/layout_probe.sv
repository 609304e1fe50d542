// The structures of nic_pkg as the RTL sees them: bytes in, byte 0 lowest, fields out.
`default_nettype none

module layout_probe (
  input  wire logic [127:0] descriptor_i,
  output logic [63:0]       descriptor_addr_o,
  output logic [31:0]       descriptor_len_o,
  output logic [15:0]       descriptor_id_o,
  output logic [15:0]       descriptor_flags_o,
  input  wire logic [31:0]  event_i,
  output logic [14:0]       event_off_o,
  output logic              event_wrap_o,
  output logic [1:0]        event_flags_o,
  output logic [13:0]       event_reserved_o,
  input  wire logic [95:0]  header_i,
  output logic [7:0]        header_flags_o,
  output logic [7:0]        header_gso_type_o,
  output logic [15:0]       header_hdr_len_o,
  output logic [15:0]       header_gso_size_o,
  output logic [15:0]       header_csum_start_o,
  output logic [15:0]       header_csum_offset_o,
  output logic [15:0]       header_num_buffers_o
);

  nic_pkg::packed_descriptor_t descriptor;
  nic_pkg::event_suppression_t suppression;
  nic_pkg::net_header_t        header;

  assign descriptor  = descriptor_i;
  assign suppression = event_i;
  assign header      = header_i;

  assign descriptor_addr_o  = descriptor.addr;
  assign descriptor_len_o   = descriptor.len;
  assign descriptor_id_o    = descriptor.id;
  assign descriptor_flags_o = descriptor.flags;

  assign event_off_o      = suppression.off;
  assign event_wrap_o     = suppression.wrap;
  assign event_flags_o    = suppression.flags;
  assign event_reserved_o = suppression.reserved;

  assign header_flags_o       = header.flags;
  assign header_gso_type_o    = header.gso_type;
  assign header_hdr_len_o     = header.hdr_len;
  assign header_gso_size_o    = header.gso_size;
  assign header_csum_start_o  = header.csum_start;
  assign header_csum_offset_o = header.csum_offset;
  assign header_num_buffers_o = header.num_buffers;

endmodule

`default_nettype wire
