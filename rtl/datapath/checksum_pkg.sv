// One's complement sums of 16-bit words (RFC 1071). Words are read as they lie in a beat, their
// first byte in the low bits: sums come out right in either byte order, swapped like the words.
`default_nettype none

package checksum_pkg;

  function automatic logic [17:0] add_words(input logic [63:0] data);
    add_words = 18'(data[15:0]) + 18'(data[31:16]) + 18'(data[47:32]) + 18'(data[63:48]);
  endfunction

  // To 16 bits with the carries added in. Only a sum of zeros is 0, others that could be are all
  // ones. Two steps are enough, since the first leaves at most one carry.
  function automatic logic [15:0] fold(input logic [31:0] sum);
    logic [16:0] once;
    begin
      once = 17'(sum[15:0]) + 17'(sum[31:16]);
      fold = once[15:0] + 16'(once[16]);
    end
  endfunction

endpackage

`default_nettype wire
