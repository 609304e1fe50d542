// The bus between the AXI4-Lite slave and the register blocks.
`default_nettype none

package register_pkg;

  // One access in one cycle. A block that is read shows its word in the next cycle and until the
  // next read of anything; a block that is not meant shows 0, so that words are merged by OR.
  typedef struct packed {
    logic        write;
    logic        read;
    logic [3:0]  strobe;   // bytes to write
    logic [15:0] address;  // of a 32-bit word: bits 1:0 are 0
    logic [31:0] data;
  } access_t;

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
