#include "testbench/fuzz/access_watch.hpp"

#include <algorithm>

#include "testbench/check/narrator.hpp"
#include "testbench/lockstep/judge.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::uint64_t kDescriptorBytes = 16;
constexpr std::uint64_t kBeat = 16;

bool overlap(std::uint64_t a, std::uint64_t a_size, std::uint64_t b, std::uint64_t b_size) {
  return a < b + b_size && b < a + a_size;
}

}  // namespace

AccessWatch::AccessWatch(HandHost& host) : host_(host) {
  host_.link.inject_fault([this](PcieLink::AccessKind kind, std::uint64_t at, std::uint32_t size) {
    return on_access(kind, at, size);
  });
}

void AccessWatch::begin() {
  rings_.clear();
  anything_goes_ = false;
  for (std::uint16_t queue = 0; queue < layout::kNumQueues; ++queue) {
    if (!host_.rings[queue]) continue;  // the driver does without it
    HandRing const& ring = *host_.rings[queue];
    rings_.push_back({{ring.descriptors(), kDescriptorBytes * ring.size(), true},
                      {ring.driver_events(), 4, false},
                      {ring.device_events(), 4, true},
                      !layout::is_transmit_queue(queue),
                      std::vector<std::vector<Range>>(ring.size())});
  }
}

void AccessWatch::end() {
  rings_.clear();
  anything_goes_ = false;
  let_pass_ = to_refuse_ = 0;
  refused_ = 0;
}

void AccessWatch::refuse(unsigned after, unsigned reads) {
  let_pass_ = after;
  to_refuse_ = reads;
}

bool AccessWatch::on_access(PcieLink::AccessKind kind, std::uint64_t address, std::uint32_t size) {
  bool const read = kind == PcieLink::AccessKind::Read;
  if (!allowed(read, address, size) && !anything_goes_ && !violation_) {
    violation_ = std::string(read ? "a read of " : "a write of ") + std::to_string(size) +
                 " bytes at " + lockstep::hex(address) + ", " + format_microseconds(present()) +
                 ", which no fetched descriptor names";
  }
  if (!read) return false;
  if (to_refuse_ != 0) {
    if (let_pass_ == 0) {
      --to_refuse_;
      ++refused_;
      return true;
    }
    --let_pass_;
  }
  for (Ring& ring : rings_) {
    if (overlap(address, size, ring.descriptors.address, ring.descriptors.size)) {
      fetch(ring, address, size);
    }
  }
  return false;
}

// What it names is allowed from now on. What its slot named before may be in use yet.
void AccessWatch::fetch(Ring& ring, std::uint64_t address, std::uint32_t size) {
  std::uint64_t const ring_begin = ring.descriptors.address;
  std::uint64_t const before = address > ring_begin ? address - ring_begin : 0;
  std::uint64_t const first =
      ring_begin + (before + kDescriptorBytes - 1) / kDescriptorBytes * kDescriptorBytes;
  for (std::uint64_t at = first; at + kDescriptorBytes <= address + size; at += kDescriptorBytes) {
    std::uint64_t const slot = (at - ring.descriptors.address) / kDescriptorBytes;
    if (slot >= ring.fetched.size()) return;
    std::uint8_t const* const descriptor = host_.memory.device_reads(at, kDescriptorBytes);
    if (descriptor == nullptr) return;
    add(ring, ring.fetched[slot], descriptor, false);
  }
}

void AccessWatch::add(Ring const& ring, std::vector<Range>& ranges, std::uint8_t const* descriptor,
                      bool in_table) {
  auto const address = load_le<std::uint64_t>(descriptor);
  auto const size = load_le<std::uint32_t>(descriptor + 8);
  auto const flags = load_le<std::uint16_t>(descriptor + 14);
  bool const table = !in_table && (flags & layout::kDescriptorIndirect) != 0;
  bool const writable = ring.receives && !table && (flags & layout::kDescriptorWrite) != 0;
  if (size == 0 || address + size < address) return;
  for (Ring const& other : rings_) {
    bool const over = overlap(address, size, other.descriptors.address,
                              other.descriptors.size + 4096);  // and its event areas behind it
    anything_goes_ = anything_goes_ || (writable && over);
  }
  Range const range{address, size, writable};
  if (std::find(ranges.begin(), ranges.end(), range) != ranges.end()) return;
  ranges.push_back(range);
  if (!table || size > layout::kMaxIndirect * kDescriptorBytes) return;
  for (std::uint32_t at = 0; at + kDescriptorBytes <= size; at += kDescriptorBytes) {
    std::uint8_t const* const entry = host_.memory.device_reads(address + at, kDescriptorBytes);
    if (entry == nullptr) return;
    add(ring, ranges, entry, true);
  }
}

// Reads are of whole beats.
bool AccessWatch::allowed(bool read, std::uint64_t address, std::uint64_t size) const {
  std::uint64_t const slack = read ? kBeat - 1 : 0;
  auto const holds = [&](Range const& range) {
    return (read || range.writable) && address >= (range.address & ~slack) &&
           address + size - 1 <= ((range.address + range.size - 1) | slack);
  };
  for (Ring const& ring : rings_) {
    if (holds(ring.descriptors) || holds(ring.driver_events) || holds(ring.device_events)) {
      return true;
    }
  }
  for (Ring const& ring : rings_) {
    for (std::vector<Range> const& ranges : ring.fetched) {
      if (std::any_of(ranges.begin(), ranges.end(), holds)) return true;
    }
  }
  return false;
}

}  // namespace ringside::testbench::fuzz
