#!/bin/sh
# is_current.sh LAYOUT_PRINT package|document FILE: fails when FILE is not what LAYOUT_PRINT prints.
set -eu

if ! "$1" "$2" | diff -u "$3" -; then
  echo "$3 is not what interface/layout says: run ./ringside print" >&2
  exit 1
fi
