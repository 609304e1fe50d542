// The Toeplitz hash of receive side scaling (virtio 1.3, 5.1.6.4.3.2): for each bit of the input
// that is set, 32 bits of the key, from the bit's own number on, are added without carry. Being
// linear, it is computed word by word in any order.
`default_nettype none

package toeplitz_pkg;

  // Of 4 bytes of the input, the first in bits 31:24. `key` is what belongs to them: 63 bits from
  // the number of their first bit on, and one more.
  function automatic logic [31:0] hash_word(input logic [31:0] word, input logic [63:0] key);
    begin
      hash_word = '0;
      for (int bit_number = 0; bit_number < 32; bit_number++) begin
        hash_word = hash_word ^ (key[63-bit_number-:32] & {32{word[31-bit_number]}});
      end
    end
  endfunction

endpackage

`default_nettype wire
