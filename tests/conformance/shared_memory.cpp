#include "tests/conformance/shared_memory.hpp"

#include <algorithm>
#include <utility>

namespace ringside::conformance {
namespace {

constexpr unsigned kMostAccesses = 5000;

bool fits(std::uint64_t address, std::uint64_t size) {
  return address < SharedMemory::kSize && size <= SharedMemory::kSize - address;
}

}  // namespace

void SharedMemory::clear() {
  std::fill(bytes_.begin(), bytes_.end(), std::uint8_t{0});
  hidden_.clear();
  forget_log();
  now_ = 0;
  act_ = nullptr;
}

void SharedMemory::hide(std::uint64_t address, std::uint32_t size, std::uint64_t head) {
  hidden_.push_back({address, {at(address), at(address) + size}, head});
}

void SharedMemory::at_access(unsigned number, std::function<void()> act) {
  until_act_ = number;
  act_ = std::move(act);
}

bool SharedMemory::cancel_act() { return std::exchange(act_, nullptr) != nullptr; }

void SharedMemory::count_access() {
  ++now_;
  if (++accesses_ > kMostAccesses) throw Restless();
  if (!act_ || --until_act_ > 0) return;
  std::exchange(act_, nullptr)();
}

SharedMemory::Read SharedMemory::ask(std::uint64_t address, std::uint32_t size) {
  count_access();
  return {address, size, now_};
}

bool SharedMemory::answer(Read const& read, std::span<std::uint8_t> into) {
  count_access();
  if (!fits(read.address, read.size)) return false;
  std::memcpy(into.data(), at(read.address), read.size);
  std::uint64_t const end = read.address + read.size;
  for (Hidden& each : hidden_) {
    bool const visible = each.seen != 0 && read.asked > each.seen;
    for (std::size_t i = 0; !visible && i < each.before.size(); ++i) {
      std::uint64_t const byte = each.address + i;
      if (byte >= read.address && byte < end) into[byte - read.address] = each.before[i];
    }
    if (each.seen == 0 && read.address <= each.head && each.head + kDescriptorBytes <= end) {
      each.seen = now_;
    }
  }
  log_.push_back({false, read.address, read.size, read.asked, now_});
  count_access();  // sampled, but not in the device's hands yet
  return true;
}

bool SharedMemory::write(std::uint64_t address, std::span<std::uint8_t const> from) {
  count_access();
  if (!fits(address, from.size())) return false;
  std::memcpy(at(address), from.data(), from.size());
  log_.push_back({true, address, static_cast<std::uint32_t>(from.size()), 0, now_});
  return true;
}

}  // namespace ringside::conformance
