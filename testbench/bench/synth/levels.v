// For counting levels of logic: of a RAM or a shift register in LUTs only the way from the address
// to the output is one. What is written comes out behind a clock edge.
//
// Each output bit becomes one LUT that hangs on its address; what it computes does not matter.

module RAM32M16 (
  output [1:0] DOA, DOB, DOC, DOD, DOE, DOF, DOG, DOH,
  input [4:0] ADDRA, ADDRB, ADDRC, ADDRD, ADDRE, ADDRF, ADDRG, ADDRH,
  input [1:0] DIA, DIB, DIC, DID, DIE, DIF, DIG, DIH,
  input WCLK, WE
);
  parameter [63:0] INIT_A = 0, INIT_B = 0, INIT_C = 0, INIT_D = 0;
  parameter [63:0] INIT_E = 0, INIT_F = 0, INIT_G = 0, INIT_H = 0;
  parameter IS_WCLK_INVERTED = 0;
  ram_bits #(.Bits(5), .Width(2)) a (.address(ADDRA), .data(DOA));
  ram_bits #(.Bits(5), .Width(2)) b (.address(ADDRB), .data(DOB));
  ram_bits #(.Bits(5), .Width(2)) c (.address(ADDRC), .data(DOC));
  ram_bits #(.Bits(5), .Width(2)) d (.address(ADDRD), .data(DOD));
  ram_bits #(.Bits(5), .Width(2)) e (.address(ADDRE), .data(DOE));
  ram_bits #(.Bits(5), .Width(2)) f (.address(ADDRF), .data(DOF));
  ram_bits #(.Bits(5), .Width(2)) g (.address(ADDRG), .data(DOG));
  ram_bits #(.Bits(5), .Width(2)) h (.address(ADDRH), .data(DOH));
endmodule

module RAM64M8 (
  output DOA, DOB, DOC, DOD, DOE, DOF, DOG, DOH,
  input [5:0] ADDRA, ADDRB, ADDRC, ADDRD, ADDRE, ADDRF, ADDRG, ADDRH,
  input DIA, DIB, DIC, DID, DIE, DIF, DIG, DIH,
  input WCLK, WE
);
  parameter [63:0] INIT_A = 0, INIT_B = 0, INIT_C = 0, INIT_D = 0;
  parameter [63:0] INIT_E = 0, INIT_F = 0, INIT_G = 0, INIT_H = 0;
  parameter IS_WCLK_INVERTED = 0;
  ram_bits #(.Bits(6), .Width(1)) a (.address(ADDRA), .data(DOA));
  ram_bits #(.Bits(6), .Width(1)) b (.address(ADDRB), .data(DOB));
  ram_bits #(.Bits(6), .Width(1)) c (.address(ADDRC), .data(DOC));
  ram_bits #(.Bits(6), .Width(1)) d (.address(ADDRD), .data(DOD));
  ram_bits #(.Bits(6), .Width(1)) e (.address(ADDRE), .data(DOE));
  ram_bits #(.Bits(6), .Width(1)) f (.address(ADDRF), .data(DOF));
  ram_bits #(.Bits(6), .Width(1)) g (.address(ADDRG), .data(DOG));
  ram_bits #(.Bits(6), .Width(1)) h (.address(ADDRH), .data(DOH));
endmodule

module RAM64X1S (output O, input A0, A1, A2, A3, A4, A5, D, WCLK, WE);
  parameter [63:0] INIT = 0;
  parameter IS_WCLK_INVERTED = 0;
  ram_bits #(.Bits(6), .Width(1)) bits (.address({A5, A4, A3, A2, A1, A0}), .data(O));
endmodule

module SRL16E (output Q, input A0, A1, A2, A3, CE, CLK, D);
  parameter [15:0] INIT = 0;
  parameter IS_CLK_INVERTED = 0;
  ram_bits #(.Bits(4), .Width(1)) bits (.address({A3, A2, A1, A0}), .data(Q));
endmodule

module SRLC32E (output Q, Q31, input [4:0] A, input CE, CLK, D);
  parameter [31:0] INIT = 0;
  parameter IS_CLK_INVERTED = 0;
  ram_bits #(.Bits(5), .Width(1)) bits (.address(A), .data(Q));
endmodule

module ram_bits #(parameter Bits = 5, Width = 1) (
  input [Bits-1:0] address, output [Width-1:0] data
);
  genvar i;
  generate
    for (i = 0; i < Width; i = i + 1) begin
      \$lut #(.WIDTH(Bits), .LUT(1)) lut (.A(address), .Y(data[i]));
    end
  endgenerate
endmodule
