#!/usr/bin/env python3
"""Checks that the tree looks as docs/architecture.md says it does: who includes whom, how long
things are, that each folder of blocks explains itself. Prints one line a finding; status 1 if any.

usage: tidy.py ROOT [--self-test]
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 70
MAX_COLUMNS = 100

# Which of our folders a folder may include (and itself).
ALLOWED = {
    "interface": set(),
    "driver": {"interface"},
    "stack": {"interface"},
    "model": {"interface"},
    "testbench": {"interface", "driver", "stack", "model"},
    "tests": {"interface", "driver", "stack", "model", "testbench"},
}
# Printed files are as long as their tables.
PRINTED = {"rtl/nic_pkg.sv", "docs/registers.md"}
SOURCES = (".cpp", ".hpp", ".sv", ".vlt", ".py", ".sh", ".cmake", "CMakeLists.txt")
FOLDERS_WITH_README = ("rtl", "model", "driver", "stack", "testbench", "interface")


def tracked_files(root):
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
        check=True, capture_output=True, text=True)
    return [Path(line) for line in listing.stdout.splitlines() if (root / line).is_file()]


def strip_code(text):
    """Blanks comments and literals, keeping line breaks, so that braces can be counted."""
    pattern = re.compile(
        r'R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'',
        re.DOTALL)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def check_includes(path, text):
    top = path.parts[0]
    if top not in ALLOWED:
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#include "([^"/]+)/', line)
        if not match or match.group(1) not in ALLOWED:
            continue
        target = match.group(1)
        if target != top and target not in ALLOWED[top]:
            yield f"{path}:{number}: {top}/ may not include {target}/"


def check_lengths(path, text):
    lines = text.splitlines()
    if len(lines) > MAX_FILE_LINES:
        yield f"{path}: {len(lines)} lines; split it by concern ({MAX_FILE_LINES} at most)"
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS:
            yield f"{path}:{number}: {len(line)} columns ({MAX_COLUMNS} at most)"
        if line.rstrip() != line:
            yield f"{path}:{number}: white space at the end of the line"


def function_bodies(code):
    """Yields (first line, last line) of what looks like the body of a C++ function."""
    stack = []
    statement_start = 0
    for position, char in enumerate(code):
        if char == "{":
            head = code[statement_start:position].strip()
            stack.append((position, looks_like_function(head) and not any(f for _, f in stack)))
            statement_start = position + 1
        elif char == "}":
            if stack:
                start, is_function = stack.pop()
                if is_function:
                    yield code.count("\n", 0, start) + 1, code.count("\n", 0, position) + 1
            statement_start = position + 1
        elif char == ";":
            statement_start = position + 1


def looks_like_function(head):
    if not head or re.match(r"(namespace|struct|class|enum|union|extern)\b", head):
        return False
    return ")" in head and not head.endswith("=") and "= [" not in head


def check_functions(path, text):
    for first, last in function_bodies(strip_code(text)):
        if last - first + 1 > MAX_FUNCTION_LINES:
            yield (f"{path}:{first}: a function of {last - first + 1} lines "
                   f"({MAX_FUNCTION_LINES} at most)")


def check_readmes(root, files):
    folders = {f.parts[0] + "/" + f.parts[1] for f in files
               if len(f.parts) > 2 and f.parts[0] in FOLDERS_WITH_README}
    for folder in sorted(folders):
        if not (root / folder / "README.md").is_file():
            yield f"{folder}: no README.md"


def check_tree(root):
    files = tracked_files(root)
    for path in files:
        if not str(path).endswith(SOURCES) or str(path) in PRINTED:
            continue
        text = (root / path).read_text()
        yield from check_lengths(path, text)
        if path.suffix in (".cpp", ".hpp"):
            yield from check_includes(path, text)
            yield from check_functions(path, text)
    yield from check_readmes(root, files)


def self_test():
    """Each check must fail on a tree that breaks it."""
    long_function = "void f() {\n" + "  g();\n" * 80 + "}\n"
    cases = {
        "driver/a/bad.cpp": '#include "stack/x.hpp"\n',
        "model/a/long.cpp": "int x;\n" * 400,
        "stack/a/function.cpp": long_function,
        "interface/a/wide.hpp": "// " + "x" * 120 + "\n",
    }
    expected = ["may not include", "400 lines", "a function of 82 lines", "123 columns",
                "no README.md"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run(["git", "init", "-q", folder], check=True)
        for name, text in cases.items():
            (root / name).parent.mkdir(parents=True)
            (root / name).write_text(text)
        findings = "\n".join(check_tree(root))
    missed = [text for text in expected if text not in findings]
    for text in missed:
        print(f"tidy does not find: {text}")
    return 1 if missed else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    findings = list(check_tree(Path(sys.argv[1])))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
