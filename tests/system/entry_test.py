#!/usr/bin/env python3
"""The entry script on machines of all kinds: a copy of it runs in a tree of its own, and what it
would install, build and start are stubs that write down how they were called.

usage: entry_test.py RINGSIDE TEST, where TEST is the name of a function below without test_.
"""

import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

RINGSIDE = Path(sys.argv[1]).resolve()
# What the script uses of any machine.
USUAL = ("bash", "cat", "cp", "dirname", "env", "flock", "grep", "head", "id", "mkdir", "nproc",
         "readlink", "sed", "sh", "touch")


class Machine:
    """A directory with the tree, and one with all the programs that there are."""

    def __init__(self, folder, packages="g++ cmake"):
        self.tree, self.programs = Path(folder) / "tree", Path(folder) / "programs"
        self.calls = Path(folder) / "calls"
        for directory in (self.tree / "rtl", self.tree / "docs", self.programs):
            directory.mkdir(parents=True)
        shutil.copy(RINGSIDE, self.tree / "ringside")
        (self.tree / "packages.txt").write_text("# why\n" + packages.replace(" ", "\n") + "\n")
        for name in USUAL:
            (self.programs / name).symlink_to(shutil.which(name))
        self.stub("cmake", f"mkdir -p {self.tree}/build/release; "
                           f"touch {self.tree}/build/release/build.ninja")
        self.stub("ctest")
        self.tool = self.stub("ringside_tool", "echo in $PWD",
                              self.tree / "build/release/testbench/tool")

    def stub(self, name, script="", directory=None):
        path = (directory or self.programs) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never through a link: what it leads to is the machine's own program.
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\necho {name} \"$@\" >>{self.calls}\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def debian(self, installed=True):
        self.stub("dpkg-query", "printf installed" if installed else "exit 1")
        self.stub("apt-get")

    def ringside(self, *arguments, **variables):
        return subprocess.run([self.tree / "ringside", *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False,
                              cwd=variables.pop("cwd", self.tree),
                              env={"PATH": str(self.programs)} | variables)

    def called(self):
        return self.calls.read_text() if self.calls.exists() else ""


def expect(condition, *what):
    assert condition, what


def with_machine(test):
    def run():
        with tempfile.TemporaryDirectory() as folder:
            test(Machine(folder))
    return run


@with_machine
def test_a_stub_leaves_the_program_of_the_machine_alone(machine):
    own = machine.tree.parent / "own"
    own.write_text("of the machine")
    (machine.programs / "linked").symlink_to(own)
    machine.stub("linked")
    expect(own.read_text() == "of the machine", own.read_text())


@with_machine
def test_paths_are_those_of_the_caller(machine):
    machine.debian()
    elsewhere = machine.tree.parent / "elsewhere"
    elsewhere.mkdir()
    result = machine.ringside("run", "mine.toml", "--json", cwd=elsewhere)
    expect(result.returncode == 0, result)
    expect(result.stdout == f"in {elsewhere}\n", result.stdout)
    expect("ringside_tool run mine.toml --json\n" in machine.called(), machine.called())


@with_machine
def test_waves_have_a_program_of_their_own(machine):
    machine.debian()
    machine.stub("ringside_waves", "", machine.tool.parent)
    for arguments in (["--waves", "1..2"], ["--waves=1..2"]):
        machine.calls.unlink(missing_ok=True)
        expect(machine.ringside("run", "x.toml", *arguments).returncode == 0)
        expect("ringside_waves run x.toml" in machine.called(), machine.called())


@with_machine
def test_nothing_is_installed_where_nothing_is_missing(machine):
    machine.debian()
    expect(machine.ringside("setup").returncode == 0)
    expect("apt-get" not in machine.called(), machine.called())
    expect(machine.ringside("doctor").stdout == "nothing is missing\n")


@with_machine
def test_root_installs_what_is_missing(machine):
    machine.debian(installed=False)
    machine.stub("id", "echo 0")
    result = machine.ringside("setup")
    expect(result.returncode == 0 and result.stdout == "", result)
    expect("apt-get install -y -q --no-install-recommends g++ cmake\n" in machine.called(),
           machine.called())


@with_machine
def test_who_may_not_install_is_told_the_command(machine):
    machine.debian(installed=False)
    machine.stub("id", "echo 1000")
    result = machine.ringside("setup")
    expect(result.returncode == 2, result)
    expect("apt-get update && apt-get install -y --no-install-recommends g++ cmake\n"
           in result.stderr, result.stderr)
    expect("apt-get" not in machine.called(), machine.called())
    machine.stub("sudo", 'case "$1" in -n) ;; *) exec "$@" ;; esac')
    expect(machine.ringside("setup").returncode == 0)
    expect("sudo apt-get update" in machine.called(), machine.called())


@with_machine
def test_an_installation_that_fails_stops_everything(machine):
    machine.debian(installed=False)
    machine.stub("id", "echo 0")
    machine.stub("apt-get", "exit 100")
    result = machine.ringside("run", "x.toml")
    expect(result.returncode == 2 and "apt-get can not install" in result.stderr, result)
    expect("cmake --" not in machine.called(), machine.called())


@with_machine
def test_elsewhere_than_on_debian_it_says_what_it_needs(machine):
    result = machine.ringside("run", "x.toml")
    expect(result.returncode == 2, result)
    expect("no ninja g++ verilator" in result.stderr and "g++ cmake" in result.stderr, result)
    for name in ("ninja", "g++", "verilator"):
        machine.stub(name)
    expect(machine.ringside("run", "x.toml").returncode == 0)


@with_machine
def test_wrong_use_is_status_2(machine):
    machine.debian()
    result = machine.ringside("fly")
    expect(result.returncode == 2 and "no such command: fly" in result.stderr, result)
    expect(machine.ringside().returncode == 2)
    result = machine.ringside("run", "x.toml", RINGSIDE_PRESET="fast")
    expect(result.returncode == 2 and "RINGSIDE_PRESET=fast" in result.stderr, result)
    expect("cmake --" not in machine.called(), machine.called())


@with_machine
def test_a_failed_build_shows_its_errors(machine):
    machine.debian()
    machine.stub("cmake", 'case "$1" in --build) echo "x.cpp:1: error: no such thing"; exit 1;; '
                          f"*) touch {machine.tree}/build/release/build.ninja;; esac")
    result = machine.ringside("run", "x.toml")
    expect(result.returncode == 1 and "no such thing" in result.stderr, result)
    expect("build/release/build.log" in result.stderr, result)


@with_machine
def test_files_that_came_or_went_are_found_by_configuring_again(machine):
    machine.debian()
    configured = machine.tree / "build/release/configured again"
    for complaint in ("'x.cpp' missing and no known rule to make it",
                      "ninja: error: rebuilding 'build.ninja': subcommand failed"):
        configured.unlink(missing_ok=True)
        machine.stub("cmake", f'case "$1" in --build) [ -e "{configured}" ] || '
                              f'{{ echo "{complaint}"; exit 1; }};; *) >"{configured}";; esac')
        (machine.tree / "build/release/build.ninja").touch()
        result = machine.ringside("run", "x.toml")
        expect(result.returncode == 0 and "configuring" in result.stderr, result)


@with_machine
def test_tests_of_form_come_first_and_any_failure_is_status_1(machine):
    machine.debian()
    result = machine.ringside("test")
    expect(result.returncode == 0 and result.stdout.endswith("every test passed\n"), result)
    called = machine.called()
    expect(0 < called.index("-L lint") < called.index("-LE lint"), called)
    machine.stub("ctest", "exit 8")
    result = machine.ringside("test")
    expect(result.returncode == 1 and "every test passed" not in result.stdout, result)
    expect(machine.ringside("test", "-R", "Tcp").returncode == 1)
    expect(machine.called().endswith("-R Tcp\n"), machine.called())


@with_machine
def test_printing_that_fails_leaves_what_was_printed(machine):
    machine.debian()
    for name in ("rtl/nic_pkg.sv", "docs/registers.md"):
        (machine.tree / name).write_text("as it was")
    directory = machine.tree / "build/release/interface"
    machine.stub("layout_print", "exit 1", directory)
    expect(machine.ringside("print").returncode == 1)
    expect((machine.tree / "rtl/nic_pkg.sv").read_text() == "as it was")
    machine.stub("layout_print", "echo new $1", directory)
    expect(machine.ringside("print").returncode == 0)
    expect((machine.tree / "rtl/nic_pkg.sv").read_text() == "new package\n")
    expect((machine.tree / "docs/registers.md").read_text() == "new document\n")


@with_machine
def test_builds_wait_for_each_other(machine):
    machine.debian()
    log = machine.tree.parent / "log"
    machine.stub("cmake", f"touch {machine.tree}/build/release/build.ninja; "
                          f"echo begin >>{log}; {shutil.which('sleep')} 0.3; echo end >>{log}")
    command = [machine.tree / "ringside", "run", "x.toml"]
    both = [subprocess.Popen(command, env={"PATH": str(machine.programs)}, cwd=machine.tree,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)]
    expect([process.wait(timeout=60) for process in both] == [0, 0])
    lines = log.read_text().split()
    expect(lines == ["begin", "end"] * (len(lines) // 2), lines)


if __name__ == "__main__":
    globals()["test_" + sys.argv[2]]()
