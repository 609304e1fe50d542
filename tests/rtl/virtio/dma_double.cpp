#include "tests/rtl/virtio/dma_double.hpp"

#include <algorithm>
#include <cassert>

namespace ringside::testbench {

namespace {
constexpr std::uint64_t kLine = 64;
constexpr std::uint64_t kBeat = 16;
}  // namespace

std::uint64_t Memory::read(std::uint64_t addr, unsigned len) const {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < len; ++i) value |= std::uint64_t{bytes_.at(addr + i)} << (8 * i);
  return value;
}

void Memory::write(std::uint64_t addr, unsigned len, std::uint64_t value) {
  for (unsigned i = 0; i < len; ++i)
    bytes_.at(addr + i) = static_cast<std::uint8_t>(value >> (8 * i));
}

void ReadDouble::accept(std::uint64_t addr, std::uint32_t len) {
  log_.push_back({addr, len, cycle_});
  Read read{addr, len, 0, 0, {}, std::vector<std::uint8_t>(len)};
  std::uint64_t const latency =
      timing_.min_cycles + random_.below(timing_.max_cycles - timing_.min_cycles + 1);
  read.due = cycle_ + latency;
  std::uint64_t const first = addr / kLine;
  std::uint64_t const last = (addr + len - 1) / kLine;
  for (std::uint64_t line = first; line <= last; ++line)
    read.lines.push_back({cycle_ + 1 + random_.below(latency), false});
  reads_.push_back(std::move(read));
}

void ReadDouble::sample(Read& read) {
  std::uint64_t const first = read.addr / kLine;
  for (std::size_t i = 0; i < read.lines.size(); ++i) {
    if (read.lines[i].sampled || cycle_ < read.lines[i].at) continue;
    read.lines[i].sampled = true;
    std::uint64_t const begin = std::max(read.addr, (first + i) * kLine);
    std::uint64_t const end = std::min(read.addr + read.len, (first + i + 1) * kLine);
    for (std::uint64_t addr = begin; addr < end; ++addr)
      read.data[addr - read.addr] = memory_.holds(addr, 1) ? memory_.at(addr) : 0;
  }
}

std::optional<ReadDouble::Beat> ReadDouble::step() {
  ++cycle_;
  for (auto& read : reads_) sample(read);
  if (reads_.empty() || cycle_ < reads_.front().due || random_.chance(timing_.gap)) return {};
  Read& read = reads_.front();
  Beat beat{};
  std::uint64_t const addr = read.addr + read.given;
  beat.offset = static_cast<unsigned>(addr % kBeat);
  beat.count =
      static_cast<unsigned>(std::min<std::uint64_t>(kBeat - beat.offset, read.len - read.given));
  beat.error = !memory_.holds(addr, beat.count) || addr / kBeat == bad_beat_;
  // Bytes outside the request are garbage.
  beat.low = random_.next();
  beat.high = random_.next();
  for (unsigned i = 0; i < beat.count; ++i) {
    unsigned const lane = beat.offset + i;
    std::uint64_t& word = lane < 8 ? beat.low : beat.high;
    unsigned const shift = 8 * (lane % 8);
    word &= ~(std::uint64_t{0xFF} << shift);
    word |= std::uint64_t{read.data[read.given + i]} << shift;
  }
  read.given += beat.count;
  beat.last = read.given == read.len;
  if (beat.last) reads_.pop_front();
  return beat;
}

void WriteDouble::accept(std::uint64_t addr, std::uint32_t len) {
  assert(len == 8 && addr % 8 == 0);
  writes_.push_back({addr, cycle_});
  pair();
}

void WriteDouble::data(std::uint64_t low, unsigned count, bool last) {
  assert(count == 8 && last);
  early_.push_back(low);
  pair();
}

void WriteDouble::pair() {
  for (auto& write : writes_) {
    if (early_.empty()) return;
    if (write.has_data) continue;
    write.has_data = true;
    write.data = early_.front();
    early_.pop_front();
    write.due =
        cycle_ + timing_.min_cycles + random_.below(timing_.max_cycles - timing_.min_cycles + 1);
  }
}

WriteDouble::Done WriteDouble::step() {
  ++cycle_;
  if (writes_.empty() || !writes_.front().has_data || cycle_ < writes_.front().due) return Done::No;
  if (random_.chance(timing_.gap)) return Done::No;
  Pending const write = writes_.front();
  writes_.pop_front();
  if (!memory_.holds(write.addr, 8)) return Done::Failed;
  memory_.write(write.addr, 8, write.data);
  log_.push_back({write.addr, write.data, write.asked, cycle_});
  return Done::Yes;
}

}  // namespace ringside::testbench
