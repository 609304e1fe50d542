#!/bin/sh
# region.sh REGION [PIN VALUE]... -- FILE...
# Proves of the whole NIC that a region may be left without its clock edge while it does not say
# that it is awake and its PINs are quiet (have these values; a value may be a wire of the NIC):
# - no register on `clk_REGION_i` takes another value and no memory of it is written, from any state
#   of all regions whatever, and whatever all other pins do;
# - `awake_REGION_o` hangs on registers alone, so it is known before the pins of a cycle are.
set -eu

region=$1
shift
quiet="-set awake_${region}_o 0 -set rst_i 0"
while [ "$1" != -- ]; do
  quiet="$quiet -set $1 $2"
  shift 2
done
shift
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
free=$(mktemp)
trap 'rm -f "$log" "$free"' EXIT
# Registers of other regions: any content, and nothing claimed. Products: any value, since nothing
# here hangs on what they are, and they cost a solver most.
sed '/stays/d' "$here/rests.v" >"$free"

# A `time_ps_q` follows the time regardless; its users are awake in the cycle before each use.
if ! yosys -e '.*' -p "
  read_verilog -sv -formal $*
  hierarchy -top nic
  proc
  flatten
  opt_clean
  memory_collect
  dffunmap
  select -set clocked i:clk_${region}_i %co1:+\$dff,\$mem_v2 t:\$dff t:\$mem_v2 %u %i
  select -set region @clocked w:*time_ps_q %ci1:+\$dff %d
  select -assert-any @region
  techmap -map $here/rests.v @region
  techmap -map $free
  select -assert-none t:\$*dff* t:\$mem* t:\$*latch*
  delete o:* o:awake_${region}_o %d
  opt_clean
  select -assert-none o:awake_${region}_o %ci* i:* %i
  delete t:\$mul t:\$xor t:\$reduce_xor t:\$add t:\$sub t:\$shiftx t:\$shr t:\$shl
  sat $quiet -prove-asserts -verify -show-public
  sat $quiet -prove awake_${region}_o 1 -falsify" >"$log" 2>&1; then
  tail -n 80 "$log"
  echo "$region: not proven to rest when it is not awake"
  exit 1
fi
echo "$region: rests while it is not awake and its pins are quiet"
