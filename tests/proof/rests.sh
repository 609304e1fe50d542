#!/bin/sh
# rests.sh TOP FILE...
# Proves that TOP rests whenever it says `quiescent_o`: no register takes another value and no
# memory is written. One step from any state whatever, so it holds for all time in which the inputs
# stay.
# `assume`s under NIC_REST restrict the inputs, as one that keeps the time before the deadline.
set -eu

top=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The second `sat` shows that the first is not empty: the block can be quiescent at all.
if ! yosys -e '.*' -p "
  read_verilog -sv -formal -D NIC_REST $*
  hierarchy -top $top
  proc
  flatten
  opt_clean
  memory_collect
  dffunmap
  techmap -map $here/rests.v
  select -assert-none t:\$*dff* t:\$mem* t:\$*latch*
  sat -set quiescent_o 1 -set rst_i 0 -set-assumes -prove-asserts -verify -show-public
  sat -set quiescent_o 1 -set rst_i 0 -set-assumes -prove quiescent_o 0 -falsify" >"$log" 2>&1; then
  tail -n 80 "$log"
  echo "$top: not proven to rest when it says quiescent_o"
  exit 1
fi
echo "$top: rests whenever it says quiescent_o"
