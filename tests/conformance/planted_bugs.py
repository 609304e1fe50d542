#!/usr/bin/env python3
"""Shows that the kit finds what it is for: plants one bug at a time in a scratch copy of the tree,
builds and runs the kit there, and says which families failed. Status 1 if a bug is not found.

usage: planted_bugs.py [rtl|model|driver ...] [--keep FOLDER]

It takes minutes, since each bug is compiled; it is not a part of the test run.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Implementation, what is wrong, file, then pairs of text and what takes its place.
BUGS = [
    ("rtl", "the device's wrap counter does not flip at sizes that are no power of two",
     "rtl/virtio/used_position.sv",
     "wrap_i ^ (sum >= 10'(size_i))",
     "wrap_i ^ (sum >= 10'(size_i) && (size_i & (size_i - 9'd1)) == '0)"),
    ("rtl", "the driver's wrap counter is not expected to flip at such sizes",
     "rtl/virtio/ring_reader.sv",
     "if (9'(head) + 9'd1 == ring) wrap_q",
     "if (9'(head) + 9'd1 == ring && (ring & (ring - 9'd1)) == '0) wrap_q"),
    ("rtl", "the used position ends a slot late", "rtl/virtio/used_position.sv",
     "slot_o = (sum >= 10'(size_i))", "slot_o = (sum > 10'(size_i))"),
    ("rtl", "the id of the head instead of the last", "rtl/virtio/chain_walker.sv",
     "          last = !next;",
     "          last = !next;\n          if (slots == 9'd1) head_id_q <= id; else id = head_id_q;",
     "  logic entry_valid;", "  logic entry_valid;\n  logic [15:0] head_id_q;"),
    ("rtl", "a table counts as many slots as it has entries", "rtl/virtio/chain_walker.sv",
     "          slots = 9'd1;\n", "",
     "if (!entry_valid) slots_q[9*queue+:9] <= next ? slots : '0;",
     "slots_q[9*queue+:9] <= last ? '0 : slots;"),
    ("rtl", "a table at an odd address is read from the address below it",
     "rtl/virtio/chain_walker.sv", "if (inside_q && offset_q != '0)\n", "if (1'b0)\n"),
    ("rtl", "WRITE of entries of tables is not looked at", "rtl/virtio/chain_walker.sv",
     "write = entry[113] && ", "write = 1'b0 && entry[113] && "),
    ("rtl", "a chain as long as the ring is refused", "rtl/virtio/chain_walker.sv",
     "wrong = next && slots >= size_i[9*chosen+:9]",
     "wrong = next && slots + 9'd1 >= size_i[9*chosen+:9]"),
    ("rtl", "a chain is called torn at the first look", "rtl/virtio/ring_reader.sv",
     "|| (in_chain_q[answer_queue_i] && again_q[answer_queue_i]))",
     "|| (in_chain_q[answer_queue_i] && (again_q != '0 || again_q == '0)))"),
    ("rtl", "reads go on behind the end of the ring", "rtl/virtio/ring_reader.sv",
     "if (ring - 9'(ask) < 9'(count))", "if (1'b0)"),
    ("rtl", "the event's wrap counter is not compared", "rtl/virtio/event_decision.sv",
     "(event_i.wrap ? '0 : 10'(size_i))", "10'd0"),
    ("rtl", "the slot after the last used one counts as used", "rtl/virtio/event_decision.sv",
     "distance < slots_i", "distance <= slots_i"),
    ("rtl", "slots used before the last decision count again", "rtl/virtio/notifier.sv",
     "end else if (take[q]) slots_q[10*q+:10] <= '0;", "end",
     "(take[q] ? '0 : 11'(slots_q[10*q+:10]))", "11'(slots_q[10*q+:10])"),
    ("rtl", "DISABLE counts as ENABLE", "rtl/virtio/event_decision.sv",
     "fire_o = event_i.flags != nic_pkg::EventDisable;", "fire_o = 1'b1;"),
    ("rtl", "the first buffer of a packet is not held back", "rtl/virtio/used_writer.sv",
     "first_step = !holds_q[chosen] && completion.more;", "first_step = 1'b0;"),
    ("rtl", "a notification that comes during a read is forgotten", "rtl/virtio/ring_reader.sv",
     "&& (in_chain_q[answer_queue_i] || notified != '0);", "&& in_chain_q[answer_queue_i];"),
    ("rtl", "the driver's wish is read before the used descriptor is visible",
     "rtl/virtio/used_writer.sv",
     "end else if (done_i || (used_packet_o | error_o) != '0) begin",
     "end else if (act || done_i || (used_packet_o | error_o) != '0) begin",
     "      if (done_i && of_publish && !done_error_i) begin\n"
     "        used_packet_o[of_queue] <= 1'b1;\n"
     "        used_slot_o[8*of_queue+:8] <= of_slot;\n"
     "        used_wrap_o[of_queue] <= of_wrap;",
     "      if (act && publish) begin\n"
     "        used_packet_o[chosen] <= 1'b1;\n"
     "        used_slot_o[8*chosen+:8] <= next_slot;\n"
     "        used_wrap_o[chosen] <= next_wrap;"),
    ("rtl", "WRITE is set in every used descriptor", "rtl/virtio/used_writer.sv",
     "5'b0, written, 1'b0,", "5'b0, 1'b1, 1'b0,"),

    ("model", "wrap counters do not flip at sizes that are no power of two",
     "model/device/packed_ring.hpp", "if (next >= size) wrap",
     "if (next >= size && (size & (size - 1)) == 0) wrap"),
    ("model", "a chain that ends with the ring flips nothing", "model/device/packed_ring.hpp",
     "if (next >= size) wrap", "if (next > size) wrap"),
    ("model", "the id of the head instead of the last", "model/device/descriptor_fetch.cpp",
     "chains_[i].back().id", "chains_[i].front().id"),
    ("model", "a table counts as many slots as it has entries",
     "model/device/descriptor_fetch.cpp", "static_cast<std::uint16_t>(chains_[i].size());",
     "static_cast<std::uint16_t>(\n"
     "        tables_[i].empty() ? chains_[i].size() : tables_[i].size() / kDescriptorBytes);"),
    ("model", "WRITE of entries of tables is not looked at", "model/device/descriptor_fetch.cpp",
     "if (rules_.tables_readable)", "if (true)"),
    ("model", "a chain as long as the ring is refused", "model/device/descriptor_fetch.cpp",
     "open_.size() >= queue_.size", "open_.size() + 1 >= queue_.size"),
    ("model", "a chain is called torn at the first look", "model/device/descriptor_fetch.cpp",
     "if (head_was_known) return", "if (head_was_known || !open_.empty()) return"),
    ("model", "the event's wrap counter is not compared", "model/device/event_suppression.cpp",
     "((wish.off_wrap & kWrap) != 0) == since.end.wrap", "since.end.wrap || true"),
    ("model", "the slot after the last used one counts as used",
     "model/device/event_suppression.cpp", "steps_behind_last < std::min(",
     "steps_behind_last <= std::min("),
    ("model", "slots used before the last decision count again", "model/device/notifier.cpp",
     "  since_.slots = 0;\n", ""),
    ("model", "a silenced decision does not count as one", "model/device/notifier.cpp",
     "  since_.slots = 0;\n", "",
     "  return wants_interrupt(wish,",
     "  if (wish.flags != layout::kEventDisable) since_.slots = 0;\n"
     "  return wants_interrupt(wish,"),
    ("model", "DISABLE counts as ENABLE", "model/device/event_suppression.cpp",
     "if (flags == layout::kEventDisable) return false;", ""),
    ("model", "a notification that comes during a read is forgotten",
     "model/device/descriptor_fetch.cpp",
     "      sample_size_ = kLeastSample;\n",
     "      sample_size_ = kLeastSample;\n      announced_ = false;\n"),
    ("model", "used descriptors are visible after the driver's wish is read",
     "model/device/virtqueue.cpp",
     "  if (auto written = used_.write(used); !written) return written;\n",
     "  bool const due = notifier_.decide(clock_.now()).value_or(false);\n"
     "  if (auto written = used_.write(used); !written) return written;\n"
     "  if (!due) return Done{};\n"),
    ("model", "the first buffer of a packet is visible first", "model/device/used_writer.cpp",
     "  memory_.write_all(others_);\n  memory_.write_all(firsts_);",
     "  memory_.write_all(firsts_);\n  memory_.write_all(others_);"),
    ("model", "WRITE is set in every used descriptor", "model/device/used_writer.cpp",
     "used.length != 0 ? layout::kDescriptorWrite : 0", "layout::kDescriptorWrite"),

    ("driver", "wrap counters do not flip at sizes that are no power of two",
     "driver/virtio/ring_position.hpp", "static_cast<std::uint16_t>(sum - size), !wrap}",
     "static_cast<std::uint16_t>(sum - size), (size & (size - 1)) == 0 ? !wrap : wrap}"),
    ("driver", "a chain that ends with the ring flips nothing", "driver/virtio/ring_position.hpp",
     "static_cast<std::uint16_t>(sum - size), !wrap}",
     "static_cast<std::uint16_t>(sum - size), sum == size ? wrap : !wrap}"),
    ("driver", "the head's flags are written without a barrier", "driver/virtio/ring_memory.hpp",
     "std::uint16_t flags) {\n    memory_.write_barrier();\n"
     "    shared16(descriptor(slot)", "std::uint16_t flags) {\n    shared16(descriptor(slot)"),
    ("driver", "the head's flags are written in their turn", "driver/virtio/packed_ring.cpp",
     "      head_flags = flags;\n",
     "      head_flags = flags;\n      memory_.write_flags(position.index, flags);\n"),
    ("driver", "all descriptors of a chain have NEXT", "driver/virtio/packed_ring.cpp",
     "(last ? 0 : layout::kDescriptorNext)",
     "(last && elements.size() == 1 ? 0 : layout::kDescriptorNext)"),
    ("driver", "the id is in the head alone", "driver/virtio/packed_ring.cpp",
     "elements[i].address, elements[i].length, id);",
     "elements[i].address, elements[i].length,\n"
     "                       static_cast<std::uint16_t>(i == 0 ? id : id + 1));"),
    ("driver", "a used chain counts as one slot", "driver/virtio/packed_ring.cpp",
     "next_used_.advanced(buffer.descriptors,", "next_used_.advanced(1,"),
    ("driver", "a buffer in a table takes a slot for each entry", "driver/virtio/packed_ring.hpp",
     "return options_.indirect || elements == 0 ?", "return elements == 0 ?"),
    ("driver", "the length of a table is a number of entries", "driver/virtio/packed_ring.cpp",
     "elements.size() * sizeof(layout::PackedDescriptor)", "elements.size()"),
    ("driver", "WRITE is not set in tables", "driver/virtio/packed_ring.cpp",
     "elements[i].length, 0, write_flag(elements[i])", "elements[i].length, 0, 0"),
    ("driver", "one slot is never used", "driver/virtio/packed_ring.cpp",
     "descriptors > free_descriptors_) return", "descriptors >= free_descriptors_) return"),
    ("driver", "one slot more than there is", "driver/virtio/packed_ring.cpp",
     "descriptors > free_descriptors_) return", "descriptors > free_descriptors_ + 1) return"),
    ("driver", "only USED is looked at", "driver/virtio/ring_position.hpp",
     "return avail == wrap && used == wrap;", "return (avail || !avail) && used == wrap;"),
    ("driver", "an id is free before its buffer is used", "driver/virtio/packed_ring.cpp",
     "  free_id_ = buffers_[id].next_free;",
     "  if (outstanding_ > 0) free_id_ = buffers_[id].next_free;"),
    ("driver", "the event's wrap counter is not compared", "driver/virtio/packed_ring.cpp",
     "(wrap == next_available_.wrap ? 0 : size)", "(wrap || !wrap ? 0 : size)"),
    ("driver", "the first slot of those added does not count", "driver/virtio/packed_ring.cpp",
     "ahead - off <= added", "ahead - off < added"),
    ("driver", "slots added before the last decision count again",
     "driver/virtio/packed_ring.cpp", "std::exchange(undecided_, 0)", "undecided_",
     "  unannounced_ = 0;\n  return true;", "  undecided_ = unannounced_ = 0;\n  return true;"),
    ("driver", "DISABLE counts as ENABLE", "driver/virtio/packed_ring.cpp",
     "  if (flags == layout::kEventDisable) return false;\n", ""),
    ("driver", "interrupts are asked for in the wrong lap", "driver/virtio/ring_position.hpp",
     "(wrap ? 0x8000U : 0U)", "(wrap ? 0U : 0x8000U)"),
    ("driver", "enabling interrupts looks before it enables", "driver/virtio/packed_ring.cpp",
     "bool PackedRing::enable_interrupts_at(RingPosition position) {\n",
     "bool PackedRing::enable_interrupts_at(RingPosition position) {\n"
     "  bool const idle = !has_used();\n",
     "  memory_.full_barrier();\n  return !has_used();",
     "  memory_.full_barrier();\n  return idle;"),
    ("driver", "enabling interrupts does not look once more", "driver/virtio/packed_ring.cpp",
     "  memory_.full_barrier();\n  return !has_used();", "  return true;"),
]


def run(command, folder):
    return subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def copy_tree(scratch):
    listing = run(["git", "ls-files", "-co", "--exclude-standard"], ROOT).stdout
    for name in listing.splitlines():
        if (ROOT / name).is_file():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, scratch / name)


def keep_only(folders, path):
    """What the kit is built of; the rest would only be compiled again."""
    kept = [line for line in path.read_text().splitlines()
            if not line.startswith("add_subdirectory(") or line[17:-1] in folders]
    path.write_text("\n".join(kept) + "\n")


def prepare(scratch):
    copy_tree(scratch)
    keep_only(("interface", "rtl", "model", "driver", "tests"), scratch / "CMakeLists.txt")
    keep_only(("conformance",), scratch / "tests/CMakeLists.txt")
    # A bug may leave something unused: it is to be found by the kit and not by the compiler.
    rules = scratch / "cmake/Ringside.cmake"
    text = rules.read_text().replace(" -Wall --x-assign", " -Wno-lint --x-assign")
    rules.write_text(text.replace("-Werror", ""))


def build(scratch):
    command = ["cmake", "--build", "build/release", "--target", "ring_conformance", "-j2"]
    return run(command, scratch)


def plant(text, replacements):
    for old, new in zip(replacements[::2], replacements[1::2]):
        if text.count(old) != 1:
            raise SystemExit(f"planted_bugs.py is out of date: {text.count(old)} times {old!r}")
        text = text.replace(old, new)
    return text


def families_that_fail(scratch, implementation):
    """Their names; a run that ends by a signal is one of its own."""
    kit = scratch / "build/release/tests/conformance/ring_conformance"
    result = run([str(kit), implementation], scratch)
    failing = [match.group(1) for match in
               re.finditer(r"^(\w+) +\d+ cases +(\d+) failures", result.stdout, re.MULTILINE)
               if int(match.group(2)) > 0]
    if result.returncode < 0:
        failing.append("(stopped by an assertion)")
    return failing


def try_bug(scratch, bug):
    implementation, what, name, *replacements = bug
    path = scratch / name
    sound = path.read_text()
    path.write_text(plant(sound, replacements))
    built = build(scratch)
    if built.returncode != 0:
        raise SystemExit(f"{what}: does not compile\n{built.stdout[-3000:]}")
    failing = families_that_fail(scratch, implementation)
    path.write_text(sound)
    print(f"{implementation:7}{what}: {', '.join(failing) or 'NOT FOUND'}", flush=True)
    return bool(failing)


def main(arguments):
    keep = None
    if "--keep" in arguments:
        keep = arguments[arguments.index("--keep") + 1]
        arguments = [a for a in arguments if a not in ("--keep", keep)]
    scratch = Path(keep or tempfile.mkdtemp(prefix="planted-bugs-"))
    scratch.mkdir(parents=True, exist_ok=True)
    prepare(scratch)
    configured = run(["cmake", "--preset", "release"], scratch)
    if configured.returncode != 0 or build(scratch).returncode != 0:
        raise SystemExit("the tree does not build\n" + configured.stdout[-3000:])
    chosen = arguments or ["rtl", "model", "driver"]
    for implementation in chosen:
        if families_that_fail(scratch, implementation):
            raise SystemExit(f"{implementation} fails without any bug planted")
    found = [try_bug(scratch, bug) for bug in BUGS if bug[0] in chosen]
    print(f"{sum(found)} of {len(found)} bugs found")
    if not keep:
        shutil.rmtree(scratch)
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
