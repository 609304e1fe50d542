#!/usr/bin/env python3
"""Makes a copy of the RTL in which faults can be chosen: in the place of each expression of the
list stands a choice between the right one and the wrong one, by a number set from outside.

usage: plant.py FAULTS RTL OUT FILE ..., where FILE ... are the sources below RTL.
Prints the copies.
"""

import sys
from pathlib import Path

PACKAGE = """// The fault that is chosen; 0: none.
package planted_pkg;
  logic [7:0] fault;
endpackage
"""
CHOICE = """
import "DPI-C" function byte unsigned planted_fault();
"""
CHOOSE = """  initial planted_pkg::fault = planted_fault();

endmodule"""


def read_faults(path):
    faults = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        key, _, value = line.partition(" ")
        if key == "fault":
            faults.append({"fault": value})
        elif key in ("run", "file", "at", "right", "wrong") and faults:
            faults[-1][key] = value
        elif line and not line.startswith("#"):
            sys.exit(f"{path}:{number}: {key}? give fault, file, at, right and wrong")
    for fault in faults:
        missing = {"file", "at", "right", "wrong"} - set(fault)
        if missing:
            sys.exit(f"{path}: {fault['fault']} does not say {', '.join(sorted(missing))}")
    return faults


def plant(faults, rtl, sources):
    texts = {source: source.read_text() for source in sources}
    for number, fault in enumerate(faults, 1):
        source = rtl / fault["file"]
        right = fault["at"].replace("{}", fault["right"], 1)
        if texts.get(source, "").count(right) != 1:
            sys.exit(f"{fault['fault']}: \"{right}\" is not once in {source}; correct the list")
        choice = f"(planted_pkg::fault == 8'd{number} ? ({fault['wrong']}) : ({fault['right']}))"
        texts[source] = texts[source].replace(right, fault["at"].replace("{}", choice, 1))
    return texts


def main():
    list_of_faults, rtl, out = (Path(argument) for argument in sys.argv[1:4])
    faults = read_faults(list_of_faults)
    texts = plant(faults, rtl, [Path(argument) for argument in sys.argv[4:]])
    top = rtl / "nic.sv"
    texts[top] = texts[top].replace("\nmodule nic", CHOICE + "\nmodule nic", 1)
    texts[top] = texts[top].replace("endmodule", CHOOSE, 1)
    copies = {out / "planted_pkg.sv": PACKAGE}
    copies.update({out / source.relative_to(rtl): text for source, text in texts.items()})
    for copy, text in copies.items():
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_text() != text:
            copy.write_text(text)
    print(";".join(str(copy) for copy in copies), end="")


if __name__ == "__main__":
    main()
