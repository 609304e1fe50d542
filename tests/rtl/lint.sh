#!/bin/sh
# lint.sh verilator|yosys RTL_DIRECTORY SOURCE...
# Holds the whole NIC to what the two tools accept: Verilator without a warning, with and without
# the assertions; Yosys without a latch, a loop or a driver conflict.
set -eu

tool=$1
rtl=$2
shift 2

case $tool in
  verilator)
    for define in NIC_FAST NIC_CHECK; do
      verilator --lint-only -Wall --default-language 1800-2012 "-D$define" --top-module nic \
        "$rtl/lint.vlt" "$@"
    done
    ;;
  yosys)
    yosys -q -p "read_verilog -sv $*; hierarchy -check -top nic; proc; opt; memory -nomap;
                 check -assert; flatten; check -assert;
                 select -assert-none t:\$dlatch t:\$adlatch t:\$_DLATCH_*"
    ;;
  *)
    echo "lint.sh: say verilator or yosys" >&2
    exit 2
    ;;
esac
