#!/usr/bin/env python3
"""Checks that the tree looks as docs/architecture.md says it does: who includes and links whom,
where exceptions and SystemC may be, how long things are, that each folder of blocks explains
itself. Prints one line a finding; status 1 if any.

usage: tidy.py ROOT | tidy.py --self-test
"""

import ast
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
SOURCES = (".cpp", ".hpp", ".sv", ".vlt", ".py", ".sh", ".cmake", "CMakeLists.txt", "ringside",
           ".ci/run")
# What is compiled without exceptions: what can fail there returns a Result.
WITHOUT_EXCEPTIONS = ("driver", "stack/header", "stack/link", "stack/network", "stack/transport")
WITHOUT_SYSTEMC = ("interface", "driver", "stack", "model/device")
FOLDERS_WITH_README = ("rtl", "model", "driver", "stack", "testbench", "interface")


def tracked_files(root):
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
        check=True, capture_output=True, text=True)
    return [Path(line) for line in listing.stdout.splitlines() if (root / line).is_file()]


def strip_code(text):
    """Blanks directives, comments and literals, not line breaks, so that braces can be counted."""
    pattern = re.compile(
        r'^[ ]*#[^\n]*|'
        r'R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'',
        re.DOTALL | re.MULTILINE)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def lies_in(path, folders):
    return any(path.is_relative_to(folder) for folder in folders)


def check_includes(path, text):
    top = path.parts[0]
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
        if not match:
            continue
        if match.group(1) == "systemc" and lies_in(path, WITHOUT_SYSTEMC):
            yield f"{path}:{number}: no SystemC in {top}/"
        if match.group(1).startswith("."):
            yield f"{path}:{number}: include it from the root of the tree"
        target = match.group(1).split("/")[0]
        if top in ALLOWED and target in ALLOWED and target not in ALLOWED[top] | {top}:
            yield f"{path}:{number}: {top}/ may not include {target}/"


def check_targets(texts):
    """Libraries are linked along the same arrows as their headers are included."""
    owner = {}
    for path, text in texts.items():
        for name in re.findall(r"ringside_library\((\w+)", text):
            if path.parts[0] in ALLOWED:
                owner[name] = path.parts[0]
    for path, text in texts.items():
        top = path.parts[0]
        if "ringside_library(" in text and lies_in(path, WITHOUT_EXCEPTIONS) \
                and "-fno-exceptions" not in text:
            yield f"{path}: compile it with -fno-exceptions"
        if top not in ALLOWED:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for word in re.findall(r"\w+", line.split("#")[0]):
                if owner.get(word, top) not in ALLOWED[top] | {top}:
                    yield f"{path}:{number}: {top}/ may not link {word} of {owner[word]}/"


def check_lengths(path, text):
    lines = text.splitlines()
    if len(lines) > MAX_FILE_LINES:
        yield f"{path}: {len(lines)} lines; split it by concern ({MAX_FILE_LINES} at most)"
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS:
            yield f"{path}:{number}: {len(line)} columns ({MAX_COLUMNS} at most)"
        if line.rstrip() != line:
            yield f"{path}:{number}: white space at the end of the line"


def check_waivers(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"verilator\s+lint_o", line):
            yield f"{path}:{number}: waive lint in rtl/lint.vlt, with the reason"


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
    return ")" in head and not head.endswith("=")


def indented_bodies(text):
    """Yields (first line, last line) of the functions of a Python script."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            yield node.lineno, node.end_lineno


def bracketed_bodies(text, begin, end):
    """Yields (first line, last line) of what stands between lines that match."""
    first = None
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(begin, line):
            first = number
        elif first and re.match(end, line):
            yield first, number
            first = None


def bodies(path, text):
    if path.suffix in (".cpp", ".hpp"):
        return function_bodies(strip_code(text))
    if path.suffix == ".py":
        return indented_bodies(text)
    if path.suffix == ".sv":
        return bracketed_bodies(text, r"\s*(function|task)\b", r"\s*end(function|task)\b")
    if path.suffix in ("", ".sh"):
        return bracketed_bodies(text, r"\w+\(\) \{$", r"\}$")
    return ()


def check_functions(path, text):
    for first, last in bodies(path, text):
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
    built = {}
    for path in files:
        if not str(path).endswith(SOURCES) or str(path) in PRINTED:
            continue
        text = (root / path).read_text()
        yield from check_lengths(path, text)
        yield from check_functions(path, text)
        if path.suffix in (".cpp", ".hpp"):
            yield from check_includes(path, text)
        if path.suffix == ".sv":
            yield from check_waivers(path, text)
        if path.suffix == ".cmake" or path.name == "CMakeLists.txt":
            built[path] = text
    yield from check_targets(built)
    yield from check_readmes(root, files)


LONG = 80
BROKEN = {
    "driver/a/arrow.cpp": ('#include "stack/x.hpp"\n', "driver/ may not include stack/"),
    "driver/a/angle.cpp": ("#include <model/x.hpp>\n", "driver/ may not include model/"),
    "interface/a/up.hpp": ('#include "driver/x.hpp"\n', "interface/ may not include driver/"),
    "stack/a/relative.hpp": ('#include "../link/x.hpp"\n', "include it from the root"),
    "model/device/kernel.hpp": ("#include <systemc>\n", "no SystemC in model/"),
    "model/a/long.cpp": ("int x;\n" * 400, "400 lines"),
    "interface/a/wide.hpp": ("// " + "x" * 120 + "\n", "123 columns"),
    "stack/a/space.cpp": ("int x; \n", "white space"),
    "stack/a/function.cpp": ("void f() {\n" + "  g();\n" * LONG + "}\n", "a function of 82"),
    "stack/a/lambda.cpp": ("auto f = [](int x) {\n" + "  g(x);\n" * LONG + "};\n",
                           "a function of 82"),
    "tests/a/long.py": ("def f():\n" + "    g()\n" * LONG, "a function of 81"),
    "rtl/a/long.sv": ("function logic f;\n" + "  g();\n" * LONG + "endfunction\n",
                      "a function of 82"),
    "rtl/a/waiver.sv": ("/* verilator lint_off WIDTH */\n", "rtl/lint.vlt"),
    "ringside": ("f() {\n" + "  g\n" * LONG + "}\n", "a function of 82"),
    "driver/CMakeLists.txt": ("ringside_library(the_driver DEPENDS the_stack)\n",
                              "driver/ may not link the_stack of stack/"),
    "stack/socket/CMakeLists.txt": ("ringside_library(the_stack)\n", None),
    "stack/link/CMakeLists.txt": ("ringside_library(the_link)\n", "-fno-exceptions"),
    "testbench/a/good.cpp": ('#include "stack/x.hpp"\n#include <systemc>\n', None),
    "testbench/a/macro.hpp": ("#pragma pop_macro(x)\nnamespace a {\n" + "int x;\n" * LONG + "}\n",
                              None),
}


def self_test():
    """Each check must fail on a file that breaks it, and on no other."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run(["git", "init", "-q", folder], check=True)
        for name, (text, _) in BROKEN.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        findings = list(check_tree(root))
    wrong = [f"tidy does not find {message} in {name}" for name, (_, message) in BROKEN.items()
             if message and not any(f.startswith(name) and message in f for f in findings)]
    wrong += [f"tidy finds what is not there: {finding}" for finding in findings
              for name, (_, message) in BROKEN.items()
              if message is None and finding.startswith(name)]
    if "testbench/a: no README.md" not in findings:
        wrong.append("tidy does not miss a README.md")
    print("\n".join(wrong))
    return 1 if wrong else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    findings = list(check_tree(Path(sys.argv[1])))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
