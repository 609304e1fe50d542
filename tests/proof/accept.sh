#!/bin/sh
# accept.sh TOP [--memory WIDTHxDEPTH | --distributed WIDTHxDEPTH]... FILE...
# Yosys accepts TOP: no warning, no latch, no loop, no driver conflict, and exactly the memories
# named. --memory is read by a clock so that it can be a block RAM; --distributed, for small lists,
# need not be. (An array that Yosys takes for something else than a memory synthesises without a
# word, and wrong.)
set -eu

top=$1
shift
memories=
count=0
while [ "${1-}" = --memory ] || [ "${1-}" = --distributed ]; do
  size=$2
  clocked=$([ "$1" = --memory ] && echo "r:RD_CLK_ENABLE=1'1 %i" || true)
  count=$((count + 1))
  memories="$memories
  select -assert-min 1 t:\$mem_v2 r:WIDTH=${size%x*} %i r:SIZE=${size#*x} %i $clocked"
  shift 2
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! yosys -q -e '.*' -p "
  read_verilog -sv $*
  hierarchy -check -top $top
  proc
  flatten
  opt
  check -assert
  select -assert-none t:\$*latch* t:\$_*LATCH*
  memory -nomap
  opt_clean
  select -assert-count $count t:\$mem_v2$memories" >"$log" 2>&1; then
  cat "$log"
  echo "$top: not accepted"
  exit 1
fi
echo "$top: accepted with $count memories"
