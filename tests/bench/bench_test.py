#!/usr/bin/env python3
"""What ./ringside bench promises, tested on the built program. Times are not judged here: the
machine may be doing anything. Instructions and simulated figures are exact, so they are.

usage: bench_test.py TOOL TEST, where TEST is the name of a function below without test_.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

TOOL = Path(sys.argv[1]).resolve()

# Of the bare NIC, bulk TCP at MTU 1500 and a host that waits. A ratchet: what is reached plus 2 %,
# to be lowered with each gain.
MAX_INSTRUCTIONS_PER_CYCLE_BUSY = 2180
MAX_INSTRUCTIONS_PER_CYCLE_IDLE = 115
# Simulated and so exact: 0.013 % is missing, half of which goes when the link's rare slow reads do.
LEAST_SHARE_OF_LINE_RATE = 0.999
SKIPPED = 77


def bench(*arguments):
    return subprocess.run([str(TOOL), "bench", *arguments], capture_output=True, text=True,
                          timeout=110, check=False)


def figures(name):
    result = bench(name, "--quick", "--json")
    expect(result.returncode == 0, result.stderr, result.stdout)
    return json.loads(result.stdout)


def expect(condition, *what):
    assert condition, what


def test_kernel_tells_every_figure():
    if shutil.which("valgrind") is None:
        print("valgrind is not installed")
        sys.exit(SKIPPED)
    told = figures("kernel")
    for key in ("bare_cycles_per_second", "rtl_cycles_per_second", "cosim_cycles_per_second",
                "ratio", "rtl_share", "goodput_gbps", "idle_skip_factor",
                "idle_second_wall_seconds", "instructions_per_cycle_busy",
                "instructions_per_cycle_idle"):
        expect(isinstance(told.get(key), (int, float)) and told[key] > 0, key, told)
    # Ethernet, IP, TCP with timestamps leave 9.4 Gb/s of 10 to the payload.
    expect(8 < told["goodput_gbps"] < 9.6, told)
    expect(told["exchanges"] == 500, told)
    expect(told["idle_skip_factor"] > 10, told)
    # Exact, and as exact on a loaded machine.
    expect(told["instructions_per_cycle_busy"] <= MAX_INSTRUCTIONS_PER_CYCLE_BUSY, told)
    expect(told["instructions_per_cycle_idle"] <= MAX_INSTRUCTIONS_PER_CYCLE_IDLE, told)


def test_nic64_reaches_line_rate_in_both_directions():
    told = figures("nic64")
    expect(abs(told["line_rate_mpps"] - 14.880952) < 1e-6, told)
    expect(told["drops"] == 0 and told["wrong"] == 0, told)
    for key in ("tx_mpps", "rx_mpps"):
        expect(told[key] > LEAST_SHARE_OF_LINE_RATE * told["line_rate_mpps"], key, told)
    for key in ("pcie_up_bytes_per_packet", "pcie_down_bytes_per_packet", "cycles_evaluated",
                "wall_seconds"):
        expect(told[key] > 0, key, told)


def test_the_same_measurement_gives_the_same_simulated_figures():
    first, again = figures("nic64"), figures("nic64")
    for told in (first, again):
        del told["wall_seconds"]
    expect(first == again, first, again)


def test_an_unknown_name_is_answered_with_the_names():
    result = bench("nosuch")
    expect(result.returncode == 2, result.returncode)
    lines = result.stderr.strip().splitlines()
    expect(len(lines) == 1 and "nosuch" in lines[0], lines)
    expect("kernel" in lines[0] and "nic64" in lines[0], lines)


def main():
    globals()["test_" + sys.argv[2]]()


if __name__ == "__main__":
    main()
