#!/usr/bin/env python3
"""What ./ringside promises on its command line, tested on the built program.

usage: run_tool.py TOOL SCENARIO TEST, where TEST is the name of a function below without test_.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOOL, SCENARIO = (Path(a).resolve() for a in sys.argv[1:3])


def tool(*arguments, timeout=120):
    return subprocess.run([str(TOOL), *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, check=False)


def run_json(*arguments):
    """Runs the scenario in a directory of its own; returns the summary."""
    with tempfile.TemporaryDirectory() as out:
        result = tool("run", SCENARIO, "--json", "--out", out, *arguments)
        assert result.returncode == 0, result.stderr + result.stdout
        summary = json.loads(result.stdout)
        assert json.loads((Path(out) / "summary.json").read_text()) == summary
        return summary


def expect(condition, *what):
    assert condition, what


def expect_wrong_use(result, *fragments):
    """Exit status 2 and one line that names the place and the remedy."""
    expect(result.returncode == 2, result.returncode, result.stdout, result.stderr)
    lines = result.stderr.strip().splitlines()
    expect(len(lines) == 1, lines)
    for fragment in fragments:
        expect(fragment in lines[0], fragment, lines[0])


def test_summary_has_every_figure():
    summary = run_json()
    for key in ("bytes_received", "sha256_ok", "sim_ns", "nic_cycles", "wall_seconds", "event_hash",
                "interrupts", "frames", "copies_per_packet"):
        expect(key in summary, key)
    expect(summary["bytes_received"] >= 65536 and summary["sha256_ok"] is True, summary)


def test_one_seed_gives_one_hash_and_another_seed_another():
    first, again, other = run_json(), run_json(), run_json("--seed", 99)
    expect(first["event_hash"] == again["event_hash"], first, again)
    expect(first["sim_ns"] == again["sim_ns"], first, again)
    expect(first["event_hash"] != other["event_hash"], first, other)
    expect(first["bytes_received"] == other["bytes_received"] and other["sha256_ok"], other)


def test_running_ahead_changes_nothing():
    hashes = {run_json("--window", n)["event_hash"] for n in (0, 1, 2, 13)}
    expect(len(hashes) == 1, hashes)


def test_skipping_changes_nothing():
    skipped, all_cycles = run_json(), run_json("--no-skip")
    expect(skipped["event_hash"] == all_cycles["event_hash"], skipped, all_cycles)
    expect(skipped["nic_cycles"] == all_cycles["nic_cycles"], skipped, all_cycles)
    expect(skipped["nic_cycles_evaluated"] * 4 < all_cycles["nic_cycles_evaluated"], skipped)


def test_the_model_fetches_the_same_page():
    rtl, model = run_json(), run_json("--nic", "model")
    expect(model["sha256_ok"] and model["bytes_received"] == rtl["bytes_received"], model)


def test_the_story_names_layers_and_times():
    with tempfile.TemporaryDirectory() as out:
        result = tool("run", SCENARIO, "--out", out)
    expect(result.returncode == 0, result.stderr)
    for layer in ("app", "dns", "tcp", "arp", "driver", "irq"):
        expect(re.search(rf"^ *\d+\.\d+ us  \S+ +{layer} ", result.stdout, re.M), layer)
    expect("all held" in result.stdout, result.stdout[-500:])


def test_captures_satisfy_tshark():
    with tempfile.TemporaryDirectory() as out:
        expect(tool("run", SCENARIO, "--quiet", "--out", out).returncode == 0)
        captures = sorted(Path(out).glob("*.pcap"))
        expect(len(captures) == 6, captures)
        for capture in captures:
            # tcp.analysis.flags that a loss-free run explains: window updates only.
            bad = subprocess.run(
                ["tshark", "-r", capture, "-o", "ip.check_checksum:TRUE", "-o",
                 "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-Y",
                 "_ws.malformed or _ws.unreassembled or ip.checksum.status==0 or "
                 "tcp.checksum.status==0 or udp.checksum.status==0 or "
                 "(tcp.analysis.flags and not tcp.analysis.window_update)"],
                capture_output=True, text=True, check=True).stdout
            expect(bad == "", capture, bad)
            count = subprocess.run(["tshark", "-r", capture], capture_output=True, text=True,
                                   check=True).stdout
            expect(len(count.splitlines()) > 3, capture, count)


def test_waves_change_nothing_and_open_in_a_viewer():
    with tempfile.TemporaryDirectory() as out:
        result = subprocess.run(
            [TOOL.parent / "ringside_waves", "run", SCENARIO, "--json", "--out", out, "--waves",
             "100..110"], capture_output=True, text=True, timeout=120, check=False)
        expect(result.returncode == 0, result.stderr)
        expect(json.loads(result.stdout)["event_hash"] == run_json()["event_hash"])
        waves = sorted(path.name for path in Path(out).glob("*.fst"))
        expect(waves == ["client_nic.fst", "names_nic.fst", "web_nic.fst"], waves)
        for name in waves:
            # An FST file begins with its header block: type 0, length 329.
            head = (Path(out) / name).read_bytes()[:9]
            expect(head[0] == 0 and int.from_bytes(head[1:9], "big") == 329, name, head)
            expect((Path(out) / name).stat().st_size > 2000, name)


def test_waves_of_no_window_are_one_line():
    expect_wrong_use(tool("run", SCENARIO, "--waves", "1..2"), "./ringside run --waves")
    expect_wrong_use(
        subprocess.run([TOOL.parent / "ringside_waves", "run", SCENARIO, "--waves", "5..x"],
                       capture_output=True, text=True, timeout=60, check=False),
        "--waves 5..x", "microseconds")


def test_a_missing_scenario_is_one_line():
    expect_wrong_use(tool("run", "/nowhere.toml"), "/nowhere.toml")


def test_an_unknown_key_is_one_line_with_its_place():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wrong.toml"
        path.write_text('[[host]]\nname = "a"\naddress = "10.0.0.1/24"\ncolour = "red"\n')
        expect_wrong_use(tool("run", path), "wrong.toml:4:", "colour")


def test_a_directory_that_can_not_be_made_is_one_line():
    expect_wrong_use(tool("run", SCENARIO, "--json", "--out", "/proc/nowhere"), "/proc/nowhere",
                     "--out")


def test_a_full_disk_is_one_line_and_leaves_nothing_whole():
    """A file system of 64 KiB is too small for the captures."""
    with tempfile.TemporaryDirectory() as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            print("no leave to mount a small file system: not tested here")
            sys.exit(77)
        try:
            expect_wrong_use(tool("run", SCENARIO, "--json", "--out", folder), ".pcap", "space")
            for name in os.listdir(folder):
                expect(not name.endswith(".part") and name != "summary.json", name)
        finally:
            subprocess.run(["umount", folder], check=True)


def test_wrong_use_is_status_2():
    for arguments in ((), ("run",), ("fly",), ("run", SCENARIO, "--nic", "paper"),
                      ("run", SCENARIO, "--seed", "many")):
        expect(tool(*arguments).returncode == 2, arguments)


if __name__ == "__main__":
    globals()["test_" + sys.argv[3]]()
