#!/bin/sh
# prove.sh TOP "PARAMETER=VALUE ..." FILE...
# Proves the assertions of TOP with Yosys and z3: from reset for a few cycles, by induction for all
# time, and that the covers can be reached, so that the proof is not empty.
set -eu

top=$1
parameters=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

chparam=
for parameter in $parameters; do
  chparam="$chparam -chparam ${parameter%%=*} ${parameter#*=}"
done

yosys -q -e '.*' -p "
  read_verilog -sv -formal -D NIC_CHECK -D NIC_PROOF -I$here $*
  hierarchy -top $top $chparam
  prep -top $top -flatten -nordff
  write_smt2 -wires $work/model.smt2"

run() {
  title=$1
  shift
  echo "== $top: $title"
  # Any word but PASSED is a failure; the whole log is shown then.
  if ! yosys-smtbmc -s z3 --presat "$@" "$work/model.smt2" >"$work/log" 2>&1 ||
     ! grep -q 'Status: PASSED' "$work/log"; then
    cat "$work/log"
    exit 1
  fi
}

run "from reset" -t "${PROVE_DEPTH:-12}"
run "by induction" -i -t "${PROVE_INDUCTION:-4}"
run "covers" -c -t "${PROVE_COVER:-24}"
