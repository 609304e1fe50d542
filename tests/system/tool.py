"""What the tests of the command line share: the program, how it is run, what is expected of it."""

import contextlib
import json
import os
import pty
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

TOOL, SCENARIO = (Path(a).resolve() for a in sys.argv[1:3])
WAVES_TOOL = TOOL.parent / "ringside_waves"
SKIPPED = 77


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


@contextlib.contextmanager
def started(*arguments, **options):
    """The tool, on its way; it does not outlive the test, whatever becomes of that."""
    process = subprocess.Popen([TOOL, *arguments], **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def expect(condition, *what):
    assert condition, what


def long_scenario(folder):
    """Much to fetch: longer than a test waits."""
    path = Path(folder) / "long.toml"
    path.write_text("""
        limit_ms = 3600000
        [[cable]]
        from = "client"
        to = "server"
        [[host]]
        name = "client"
        address = "10.0.0.1/24"
        [[host.application]]
        kind = "fetch"
        url = "http://10.0.0.2/bytes/200000000"
        [[host]]
        name = "server"
        address = "10.0.0.2/24"
        [[host.application]]
        kind = "http_server"
        """)
    return path


@contextlib.contextmanager
def terminal():
    """A pseudo-terminal to write to; what was written is in the list afterwards."""
    ours, theirs = pty.openpty()
    written = []

    def read():
        with contextlib.suppress(OSError):  # Linux says EIO when the other end is closed
            while chunk := os.read(ours, 4096):
                written.append(chunk.decode())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield theirs, written
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)


def expect_wrong_use(result, *fragments):
    """Exit status 2 and one line that names the place and the remedy."""
    expect(result.returncode == 2, result.returncode, result.stdout, result.stderr)
    lines = result.stderr.strip().splitlines()
    expect(len(lines) == 1, lines)
    for fragment in fragments:
        expect(fragment in lines[0], fragment, lines[0])


def main(tests):
    """Runs the one that the command line names."""
    started = time.monotonic()
    tests["test_" + sys.argv[3]]()
    print(f"held, after {time.monotonic() - started:.1f} s")
