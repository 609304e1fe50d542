// The bus between the AXI4-Lite slave and the register blocks.
//
// An access is one cycle of the slave's `write` or `read`, with an access_t beside it. The block
// that is read shows its word in the next cycle.
`default_nettype none

package register_pkg;

  typedef struct packed {
    logic [3:0]  strobe;   // bytes to write
    logic [15:0] address;  // of a 32-bit word: bits 1:0 are 0
    logic [31:0] data;
  } access_t;

  // Blocks of registers, as bits of what goes to one of them.
  localparam int Common = 0;
  localparam int Isr = 1;
  localparam int Device = 2;
  localparam int Notify = 3;
  localparam int Moderation = 4;
  localparam int Statistics = 5;
  localparam int MsixTable = 6;
  localparam int MsixPending = 7;
  localparam int Mac = 8;
  localparam int NumBlocks = 9;

  // A word after a write to those of its bytes that are strobed.
  function automatic logic [31:0] merge(input logic [31:0] old, input logic [31:0] data,
                                        input logic [3:0] strobe);
    merge = {strobe[3] ? data[31:24] : old[31:24], strobe[2] ? data[23:16] : old[23:16],
             strobe[1] ? data[15:8] : old[15:8], strobe[0] ? data[7:0] : old[7:0]};
  endfunction

  // Whether a word lies in a block of registers.
  function automatic logic in_block(input logic [15:0] address, input logic [15:0] base,
                                    input logic [15:0] size);
    in_block = address >= base && address - base < size;
  endfunction

endpackage

`default_nettype wire
