#!/usr/bin/env python3
"""What ./ringside fuzz says and leaves behind.

usage: fuzz_test.py TOOL REGRESSIONS PLANTED TEST, where TEST is the name of a function below
without test_.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOOL, REGRESSIONS, PLANTED = (Path(a).resolve() for a in sys.argv[1:4])
SUMMARY = re.compile(r"(\d+) seeds, (\d+) failures, coverage ([\d.]+) % \((\d+) of (\d+) bins\), "
                     r"[\d.]+ s, hash ([0-9a-f]{16})$")
NOT_COUNTED = 10  # "TheHeaderIsAByteShort": every frame that is sent shows it


def run(*arguments, tool=TOOL, planted=None):
    environment = dict(os.environ)
    if planted is not None:
        environment["RINGSIDE_PLANTED"] = str(planted)
    return subprocess.run([tool, "fuzz", *map(str, arguments)], capture_output=True, text=True,
                          timeout=280, check=False, env=environment)


def expect(condition, *what):
    assert condition, what


def seeds(out, *arguments):
    """Runs seeds that hold; returns the match of the last line."""
    result = run("--out", out, *arguments)
    expect(result.returncode == 0, result.stdout, result.stderr)
    match = SUMMARY.match(result.stdout.strip().splitlines()[-1])
    expect(match, result.stdout)
    return match


def expect_wrong_use(*arguments, saying):
    result = run(*arguments)
    expect(result.returncode == 2, arguments, result.stdout, result.stderr)
    expect(len(result.stderr.strip().splitlines()) == 1, result.stderr)
    expect(saying in result.stderr, saying, result.stderr)


def test_seeds_that_hold_end_with_a_summary_and_coverage():
    with tempfile.TemporaryDirectory() as out:
        match = seeds(out, "--seeds", "1..6")
        expect(match.group(1) == "6" and match.group(2) == "0", match.group(0))
        summary = json.loads((Path(out) / "summary.json").read_text())
        expect(summary["seeds"] == 6 and summary["failures"] == [], summary)
        expect(summary["event_hash"] == match.group(6), summary)
        coverage = json.loads((Path(out) / "coverage.json").read_text())
        expect(coverage["met"] == int(match.group(4)), coverage["met"])
        expect(coverage["bins"] == len(coverage["single"]) + len(coverage["pairs"]))
        expect(sum(1 for n in coverage["single"].values() if n) +
               sum(1 for n in coverage["pairs"].values() if n) == coverage["met"])


def test_the_same_seeds_give_the_same_hash_whatever_runs_at_once():
    with tempfile.TemporaryDirectory() as out:
        hashes = {seeds(out, "--seeds", "20..39", "--jobs", jobs).group(6) for jobs in (1, 2, 5)}
        expect(len(hashes) == 1, hashes)
        expect(seeds(out, "--seeds", "40..59").group(6) not in hashes)


def test_coverage_of_shards_merges_to_that_of_all():
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        seeds(whole, "--seeds", "1..9")
        files = []
        for shard in (1, 2):
            out = Path(folder) / str(shard)
            seeds(out, "--seeds", "1..9", "--shard", f"{shard}/2")
            files.append(out / "coverage.json")
        merged = Path(folder) / "merged"
        result = run("--merge", *files, "--out", merged)
        expect(result.returncode == 0, result.stderr)
        expect("2 files, coverage" in result.stdout, result.stdout)
        expect((merged / "coverage.json").read_text() == (whole / "coverage.json").read_text())


def test_a_planted_failure_is_told_shrunk_and_replayed():
    with tempfile.TemporaryDirectory() as out:
        result = run("--seeds", "1..1", "--out", out, tool=PLANTED, planted=NOT_COUNTED)
        expect(result.returncode == 1, result.stdout, result.stderr)
        lines = result.stdout.splitlines()
        expect(re.match(r"seed 1: RTL and reference differ at .*; again: ./ringside fuzz "
                        r"--seeds 1..1$", lines[0]), lines[0])
        expect(re.match(r"  of \d+ actions \d do, after \d+ runs: ./ringside fuzz --replay ",
                        lines[1]), lines[1])
        expect("1 seeds, 1 failures" in lines[-1], lines[-1])
        case = Path(out) / "seed-1.toml"
        text = case.read_text()
        expect(text.count("[[action]]") <= 3, text)
        failures = json.loads((Path(out) / "summary.json").read_text())["failures"]
        expect(failures[0]["seed"] == 1 and failures[0]["case"] == "seed-1.toml", failures)
        again = run("--replay", case, tool=PLANTED, planted=NOT_COUNTED)
        expect(again.returncode == 1 and "RTL, last:" in again.stdout, again.stdout)
        good = run("--replay", case)
        expect(good.returncode == 0 and ": held, hash" in good.stdout, good.stdout)


def test_failures_are_left_as_they_are_if_that_is_asked():
    with tempfile.TemporaryDirectory() as out:
        result = run("--seeds", "1..2", "--no-shrink", "--out", out, tool=PLANTED,
                     planted=NOT_COUNTED)
        expect(result.returncode == 1, result.stdout)
        expect(sorted(os.listdir(out)) == ["coverage.json", "summary.json"], os.listdir(out))


def test_regressions_are_replayed_each_with_its_hash():
    cases = sorted(REGRESSIONS.glob("*.toml"))
    expect(len(cases) >= 2, cases)
    first, second = (run("--replay", *cases) for _ in range(2))
    expect(first.returncode == 0, first.stdout)
    expect(first.stdout == second.stdout)
    expect(f"{len(cases)} cases, 0 failures" in first.stdout, first.stdout)


def test_an_interruption_is_no_failure_and_leaves_what_was_done():
    with tempfile.TemporaryDirectory() as out:
        with subprocess.Popen([TOOL, "fuzz", "--seeds", "1..1000000", "--out", out], text=True,
                              stdout=subprocess.PIPE, start_new_session=True) as process:
            time.sleep(1)
            os.killpg(process.pid, signal.SIGINT)
            told = process.communicate(timeout=60)[0]
        expect(process.returncode == -signal.SIGINT, process.returncode)
        expect("interrupted after " in told and ", 0 failures, " in told, told)
        expect(sorted(os.listdir(out)) == ["coverage.json", "summary.json"], os.listdir(out))


def test_wrong_use_is_one_line_and_status_2():
    expect_wrong_use("--seeds", "5..1", saying="--seeds 5..1: give two whole numbers")
    expect_wrong_use("--seeds", "many", saying="--seeds many: give two whole numbers")
    expect_wrong_use("--seeds", "1..9", "--shard", "3/2", saying="--shard 3/2: give a part")
    expect_wrong_use("--seeds", "1..9", "--jobs", "0", saying="--jobs")
    expect_wrong_use("--seeds", "1..9", "--out", "/proc/none", saying="/proc/none")
    expect_wrong_use(saying="give one of --seeds A..B, --replay FILE, --merge FILE")
    expect_wrong_use("--seeds", "1..2", "--replay", "x.toml", saying="give one of")
    expect_wrong_use("--replay", "x.toml", "--shard", "1/2", saying="--shard is for --seeds")
    expect_wrong_use("--replay", "/nowhere.toml", saying="can not read \"/nowhere.toml\"")
    expect_wrong_use("--merge", "/nowhere.json", saying="/nowhere.json: can not be read")
    expect_wrong_use("--never", saying="see ./ringside fuzz --help")


def test_unknown_keys_and_values_of_a_case_are_named_with_their_place():
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.toml"
        case.write_text("seed = 1\n[[action]]\nkind = \"send\"\nsize = 3\n")
        expect_wrong_use("--replay", case, saying=f"{case}:4:8: unknown key \"size\" in action")
        case.write_text("[[action]]\nkind = \"send\"\nbytes = 9999\n")
        expect_wrong_use("--replay", case, saying=f"{case}:3:9: bytes must be a whole number")


if __name__ == "__main__":
    globals()["test_" + sys.argv[4]]()
