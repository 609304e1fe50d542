#!/usr/bin/env python3
"""What the command says when it is used wrongly, or the machine will not do what it is asked: one
line and status 2, and no file that looks complete.

usage: misuse_test.py TOOL SCENARIO TEST, where TEST is the name of a function below without test_.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tool import (SCENARIO, SKIPPED, TOOL, WAVES_TOOL, expect, expect_wrong_use, long_scenario,
                  main, started, tool)


def test_an_interrupted_run_leaves_nothing():
    with tempfile.TemporaryDirectory() as folder:
        path, out = long_scenario(folder), Path(folder) / "out"
        for number in (signal.SIGINT, signal.SIGTERM):
            with started("run", path, "--quiet", "--out", out, stderr=subprocess.PIPE,
                         text=True) as process:
                deadline = time.monotonic() + 60
                while not (out.is_dir() and os.listdir(out)):
                    expect(time.monotonic() < deadline, "it makes no files")
                    time.sleep(0.05)
                process.send_signal(number)
                message = process.communicate(timeout=60)[1]
            expect(process.returncode == -number, process.returncode)
            expect(message.count("\n") == 1 and "no files are left" in message, message)
            expect(os.listdir(out) == [], os.listdir(out))


def test_a_reader_that_goes_away_ends_the_run_and_nothing_is_left():
    with tempfile.TemporaryDirectory() as folder:
        with started("run", SCENARIO, "--out", folder, stdout=subprocess.PIPE,
                     stderr=subprocess.PIPE) as process:
            process.stdout.readline()
            process.stdout.close()
            expect(process.stderr.read() == b"")
            expect(process.wait(timeout=60) == -signal.SIGPIPE, process.returncode)
        expect(os.listdir(folder) == [], os.listdir(folder))


def test_output_that_can_not_be_written_is_one_line():
    with tempfile.TemporaryDirectory() as out, open("/dev/full", "w", encoding="utf-8") as full:
        result = subprocess.run([TOOL, "run", SCENARIO, "--json", "--out", out], stdout=full,
                                stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    result.stdout = ""
    expect_wrong_use(result, "standard output")


def test_waves_of_no_window_are_one_line():
    expect_wrong_use(tool("run", SCENARIO, "--waves", "1..2"), "./ringside run --waves")
    expect_wrong_use(
        subprocess.run([WAVES_TOOL, "run", SCENARIO, "--waves", "5..x"],
                       capture_output=True, text=True, timeout=60, check=False),
        "--waves 5..x", "microseconds")
    expect_wrong_use(tool("run", SCENARIO, "--waves", "1..2", "--nic", "model"), "--nic rtl")


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


def run_on_small_disk(program, size, *arguments):
    """Runs the scenario with a file system of that size to write to, which must be left empty."""
    with tempfile.TemporaryDirectory() as folder:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            print("no leave to mount a small file system: not tested here")
            sys.exit(SKIPPED)
        try:
            result = subprocess.run([program, "run", SCENARIO, "--json", "--out", folder,
                                     *arguments], capture_output=True, text=True, timeout=120,
                                    check=False)
            expect(os.listdir(folder) == [], os.listdir(folder))
            expect(folder + ":" in result.stderr and "unfinished" not in result.stderr, result)
            return result
        finally:
            subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_one_line_and_leaves_nothing():
    expect_wrong_use(run_on_small_disk(TOOL, "64k"), ".pcap", "No space left", "free some space")


def test_a_disk_that_is_too_full_for_waves_is_one_line_and_leaves_nothing():
    """Room for all captures, but not for half of the waveforms."""
    expect_wrong_use(run_on_small_disk(WAVES_TOOL, "900k", "--waves", "0..3000"), ".fst",
                     "free some space")


def test_wrong_use_is_one_line():
    for arguments in ((), ("run",), ("fly",), ("run", SCENARIO, "--nic", "paper"),
                      ("run", SCENARIO, "--bogus"), ("run", SCENARIO, "more"),
                      ("bench", "nothing"), ("live",), ("live", "--tap", "t", "--seconds", "0"),
                      ("run", SCENARIO, "--window", "-1")):
        expect_wrong_use(tool(*arguments), "ringside: ")
    for seed in ("many", "-1", "1.5", "0x10", "", "99999999999999999999"):
        expect_wrong_use(tool("run", SCENARIO, "--seed", seed), f'--seed: "{seed}"', "whole number")


if __name__ == "__main__":
    main(globals())
