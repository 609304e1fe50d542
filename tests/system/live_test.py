#!/usr/bin/env python3
"""A simulated host behind a TAP interface, reached by this machine's own kernel: ping, curl, and
what goes wrong in one line. Each test works in a network namespace of its own and removes it.

usage: live_test.py TOOL TEST, where TEST is the name of a function below without test_.
Exit status 77 where namespaces or TAP interfaces are not to be had.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOOL = Path(sys.argv[1]).resolve()
NAMESPACE = f"ringside-{os.getpid()}"
SKIPPED = 77


def inside(*command, **options):
    return subprocess.run(["ip", "netns", "exec", NAMESPACE, *map(str, command)],
                          capture_output=True, timeout=120, check=False, **options)


@contextlib.contextmanager
def namespace():
    made = subprocess.run(["ip", "netns", "add", NAMESPACE], capture_output=True, check=False)
    if made.returncode != 0 or not os.path.exists("/dev/net/tun"):
        print("no leave to make a network namespace or a TAP interface: not tested here")
        sys.exit(SKIPPED)
    try:
        yield
    finally:
        subprocess.run(["ip", "netns", "del", NAMESPACE], check=True)


@contextlib.contextmanager
def started(*command):
    """A program in the namespace that does not outlive the test, whatever becomes of that."""
    process = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, *command], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def live(*arguments, end=signal.SIGINT):
    with started(TOOL, "live", "--quiet", "--seconds", "100", *arguments) as process:
        line = process.stdout.readline()
        assert "paced by the wall clock" in line, (line, process.stderr.read())
        yield process
        process.send_signal(end)
        output = process.communicate(timeout=30)[0]
        assert process.returncode == 0, output
        assert "all held" in output, output


def interfaces():
    return inside("ip", "-o", "link", "show").stdout.decode()


def fetch(path, host="10.9.0.2"):
    """The body of a page, checked against its header."""
    result = inside("curl", "-s", "-S", "-i", "--max-time", "60", f"http://{host}{path}")
    assert result.returncode == 0, result.stderr
    head, body = result.stdout.split(b"\r\n\r\n", 1)
    assert b" 200 OK" in head, head
    digest = hashlib.sha256(body).hexdigest()
    assert f"Content-SHA256: {digest}".encode() in head, head
    return body


def test_the_kernel_pings_and_fetches_from_a_verilated_nic():
    with namespace():
        with live("--tap", "tap0"):
            ping = inside("ping", "-c", "3", "-i", "0.2", "-W", "5", "10.9.0.2").stdout.decode()
            assert "3 received" in ping, ping
            assert len(fetch("/")) == 65536
            assert len(fetch("/bytes/1000000")) == 1000000
            assert len(fetch("/bytes/0")) == 0
            # The second would be more than anybody can wait for.
            for missing in ("no/such/page", f"bytes/{2**64 - 1}"):
                status = inside("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-m", "20",
                                f"http://10.9.0.2/{missing}").stdout
                assert status == b"404", (missing, status)
        assert "tap0" not in interfaces(), "the interface that was made is still there"


def test_the_model_serves_as_well():
    with namespace(), live("--tap", "tap0", "--nic", "model"):
        assert len(fetch("/bytes/300000")) == 300000


def test_a_scenario_puts_a_network_behind_the_interface():
    text = "[[switch]]\nname = 'switch'\n[[cable]]\nfrom = 'switch'\nto = 'tap'\n"
    for name, number in ("one", 2), ("two", 3):
        text += (f"[[host]]\nname = '{name}'\naddress = '10.9.0.{number}/24'\n"
                 f"[[host.application]]\nkind = 'http_server'\npage_bytes = {number}000\n"
                 f"[[cable]]\nfrom = '{name}'\nto = 'switch'\n")
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as scenario:
        scenario.write(text)
        scenario.flush()
        with namespace(), live(scenario.name, "--tap", "tap0"):
            assert len(fetch("/")) == 2000
            assert len(fetch("/", host="10.9.0.3")) == 3000


def test_an_existing_interface_is_used_and_left():
    with namespace():
        for command in ("ip tuntap add dev mine mode tap", "ip addr add 10.9.0.1/24 dev mine",
                        "ip link set mine up"):
            made = inside(*command.split())
            assert made.returncode == 0, made.stderr
        with live("--tap", "mine"):
            assert len(fetch("/bytes/1000")) == 1000
        assert "mine" in interfaces(), "an interface that was there before was removed"


def test_an_interface_that_is_down_is_said_to_be():
    with namespace():
        assert inside("ip", "tuntap", "add", "dev", "mine", "mode", "tap").returncode == 0
        with live("--tap", "mine") as process:
            line = process.stdout.readline()
            assert "ip link set mine up" in line, line


def test_an_interface_that_goes_away_is_one_line():
    with namespace():
        with started(TOOL, "live", "--quiet", "--tap", "tap0") as process:
            process.stdout.readline()
            assert inside("ip", "link", "del", "tap0").returncode == 0
            error = process.communicate(timeout=30)[1]
            assert process.returncode == 2, process.returncode
        assert "tap0" in error and "start again" in error and error.count("\n") == 1, error


def test_a_transfer_can_be_ended_and_the_interface_goes():
    """A long body, ended by either signal while it is under way."""
    for end in (signal.SIGINT, signal.SIGTERM):
        with namespace():
            with live("--tap", "tap0", end=end), \
                    started("curl", "-s", "-o", "/dev/null",
                            "http://10.9.0.2/bytes/200000000") as client:
                time.sleep(2)
                assert client.poll() is None, "it was faster than this test"
            assert "tap0" not in interfaces()


def wrong_use(*arguments, user=()):
    result = inside(*user, TOOL, "live", "--quiet", "--seconds", "1", *arguments)
    lines = result.stderr.decode().strip().splitlines()
    assert result.returncode == 2 and len(lines) == 1, (result.returncode, lines)
    return lines[0]


def test_a_second_program_on_the_interface_is_one_line():
    with namespace(), live("--tap", "tap0"):
        line = wrong_use("--tap", "tap0")
        assert "tap0" in line and "another program uses it" in line, line


def test_no_permission_is_one_line():
    with namespace():
        line = wrong_use("--tap", "tap0", user=("setpriv", "--reuid=65534", "--clear-groups",
                                                "--bounding-set=-all", "--inh-caps=-all"))
        assert "tap0" in line and "run as root" in line, line


def test_what_is_no_tap_is_one_line():
    with namespace():
        assert "no TAP" in wrong_use("--tap", "lo")
        for name in ("a-name-that-is-far-too-long", "tap%d", "a b", "a/b", ""):
            line = wrong_use("--tap", name)
            assert f'"{name}"' in line and "such as tap0" in line, line
        assert "10.9.0.1/24" in wrong_use("--tap", "tap0", "--tap-address", "nonsense")
        assert "of host" in wrong_use("--tap", "tap0", "--tap-address", "10.9.0.2/24")
        assert "tap" not in interfaces(), "something was made after all"


if __name__ == "__main__":
    begin = time.monotonic()
    globals()["test_" + sys.argv[2]]()
    print(f"held, after {time.monotonic() - begin:.1f} s")
