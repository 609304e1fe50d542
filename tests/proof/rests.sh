#!/bin/sh
# rests.sh TOP [--while PIN VALUE]... FILE...
# Proves that TOP rests whenever it says `quiescent_o`: no register takes another value and no
# memory is written. One step from any state whatever, so it holds for all time in which the inputs
# stay.
# `--while`: the claim holds as long as that input has that value (such a pin of the NIC wakes its
# block by itself, rtl/README.md).
set -eu

top=$1
shift
quiet="-set quiescent_o 1 -set rst_i 0"
while [ "$1" = --while ]; do
  quiet="$quiet -set $2 $3"
  shift 3
done
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The second `sat` shows that the first is not empty: the block can be quiescent at all.
if ! yosys -e '.*' -p "
  read_verilog -sv -formal $*
  hierarchy -top $top
  proc
  flatten
  opt_clean
  memory_collect
  dffunmap
  techmap -map $here/rests.v
  select -assert-none t:\$*dff* t:\$mem* t:\$*latch*
  sat $quiet -prove-asserts -verify -show-public
  sat $quiet -prove quiescent_o 0 -falsify" >"$log" 2>&1; then
  tail -n 80 "$log"
  echo "$top: not proven to rest when it says quiescent_o"
  exit 1
fi
echo "$top: rests whenever it says quiescent_o"
