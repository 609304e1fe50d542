#!/usr/bin/env python3
"""What ./ringside run promises, tested on the built program.

usage: run_test.py TOOL SCENARIO TEST, where TEST is the name of a function below without test_.
"""

import json
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tool import (SCENARIO, TOOL, WAVES_TOOL, expect, long_scenario, main, run_json, started,
                  terminal, tool)


def lossy_scenario(folder, loss):
    """The scenario with faults on every cable."""
    path = Path(folder) / "lossy.toml"
    path.write_text(SCENARIO.read_text().replace("[[cable]]\n", f"[[cable]]\nloss = {loss}\n"))
    return path


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


def test_watching_changes_nothing():
    """The story and the captures only look on."""
    summary = run_json()
    with tempfile.TemporaryDirectory() as out:
        told = tool("run", SCENARIO, "--verbose", "--out", out).stdout
    expect(summary["event_hash"] in told, summary["event_hash"], told[-600:])


def test_a_lossy_cable_delivers_the_same_page():
    clean = run_json()
    with tempfile.TemporaryDirectory() as folder:
        path = lossy_scenario(folder, 0.01)
        result = tool("run", path, "--out", Path(folder) / "out", "--seed", 3)
        expect(result.returncode == 0, result.stdout[-600:], result.stderr)
        summary = json.loads((Path(folder) / "out" / "summary.json").read_text())
    expect(summary["frames_lost"] > 0 and summary["retransmissions"] > 0, summary)
    expect(summary["bytes_received"] == clean["bytes_received"] and summary["sha256_ok"], summary)
    expect(re.search(r"wire +the cable's fault: .* lost", result.stdout), result.stdout)


def test_the_model_fetches_the_same_page():
    rtl, model = run_json(), run_json("--nic", "model")
    expect(model["sha256_ok"] and model["bytes_received"] == rtl["bytes_received"], model)


def test_the_story_names_layers_and_times():
    with tempfile.TemporaryDirectory() as out:
        result = tool("run", SCENARIO, "--out", out)
    expect(result.returncode == 0, result.stderr)
    for layer in ("app", "dns", "tcp", "arp", "driver", "irq", "wire"):
        expect(re.search(rf"^ *\d+\.\d+ us  \S+ +{layer} ", result.stdout, re.M), layer)
    expect("all held" in result.stdout, result.stdout[-500:])
    times = [float(t) for t in re.findall(r"^ *(\d+\.\d+) us  ", result.stdout, re.M)]
    expect(times == sorted(times), "the story goes back in time")


def test_routine_is_left_out_of_the_story_and_counted():
    with tempfile.TemporaryDirectory() as out:
        brief = tool("run", SCENARIO, "--out", out).stdout
        whole = tool("run", SCENARIO, "--out", out, "--verbose").stdout
    left_out = sum(int(n) for n in re.findall(r"\.\.\.  (\d+) more such line", brief))
    told = [len(re.findall(r"^ *\d+\.\d+ us  ", text, re.M)) for text in (brief, whole)]
    expect(told[0] + left_out == told[1], told, left_out)
    expect(told[0] * 2 < told[1] and told[0] < 200, told)


def test_progress_is_shown_on_a_terminal_and_cleared():
    with tempfile.TemporaryDirectory() as folder, terminal() as (stderr, written), \
            started("run", long_scenario(folder), "--quiet", "--out", folder,
                    stdout=subprocess.PIPE, stderr=stderr) as process:
        deadline = time.monotonic() + 60
        while "client: receiving the page" not in "".join(written):
            expect(time.monotonic() < deadline, written)
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        expect(process.communicate(timeout=60)[0] == b"")
    # Nothing stands before the last line, and nothing behind it.
    last = "".join(written).rsplit("\33[K", maxsplit=1)[-1]
    expect(last.startswith("ringside: given up after"), last)


def test_json_is_alone_even_on_a_terminal():
    with tempfile.TemporaryDirectory() as folder, terminal() as (both, written):
        subprocess.run([TOOL, "run", SCENARIO, "--no-skip", "--json", "--out", folder], stdout=both,
                       stderr=both, timeout=120, check=True)
    expect(json.loads("".join(written))["sha256_ok"], written)


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
            [WAVES_TOOL, "run", SCENARIO, "--json", "--out", out, "--waves",
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


def test_every_command_explains_itself():
    for command in ((), ("run",), ("live",), ("bench",)):
        result = tool(*command, "--help")
        expect(result.returncode == 0 and "Usage: ./ringside" in result.stdout, result)


if __name__ == "__main__":
    main(globals())
