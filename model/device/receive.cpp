#include "model/device/receive.hpp"

#include <algorithm>
#include <utility>

namespace ringside::model {

bool ReceiveEngine::wants_buffers() const {
  DescriptorFetch const& available = queue_.available();
  return usable() && available.announced() && available.waiting().size() < kWindow;
}

bool ReceiveEngine::ready() const { return !frames_.empty() || wants_buffers(); }

void ReceiveEngine::drop_all() {
  statistics_.add("rx_dropped_no_buffer", frames_.size());
  for (Waiting const& frame : frames_) storage_.remove(frame.bytes);
  frames_.clear();
}

Result<Done, DeviceError> ReceiveEngine::step() {
  if (!usable()) {
    drop_all();
    return Done{};
  }
  // Buffers are fetched ahead while nothing else is to do; frames that run out of them fetch more.
  if (frames_.empty() && wants_buffers()) {
    if (auto fetched = queue_.available().fetch(); !fetched) return fetched;
    if (!session_.live()) return Done{};
  }

  // Frames stay in frames_ until their fate is certain: if the session ends, the next step drops
  // and counts them.
  plans_.clear();
  std::size_t next_buffer = 0;
  for (std::size_t i = 0; i < frames_.size() && i < kMostFrames;) {
    Plan plan;
    plan.first_buffer = next_buffer;
    if (auto reserved = reserve(plan, rules_.header_bytes() + frames_[i].bytes.size()); !reserved) {
      return reserved;
    }
    if (!session_.live()) return Done{};
    if (plan.fate == Fate::Delivered) {
      plan.bytes = packet_of_frame(frames_[i].bytes, frames_[i].hash, plan.buffers, rules_);
    }
    if (plan.fate != Fate::Unfit) ++i;
    next_buffer += plan.buffers;
    plans_.push_back(std::move(plan));
  }

  writes_.clear();
  for (Plan& plan : plans_) add_writes(plan);
  memory_.write_all(writes_);
  if (!session_.live()) return Done{};
  return finish();
}

// Finds the buffers for `needed` bytes from plan.first_buffer on, all of them before anything is
// written: a packet is never published in part, and one that does not fit takes nothing.
Result<Done, DeviceError> ReceiveEngine::reserve(Plan& plan, std::uint64_t needed) {
  DescriptorFetch& available = queue_.available();
  std::uint64_t const least = rules_.least_buffer();
  std::uint64_t capacity = 0;
  std::size_t descriptors = 0;
  for (std::size_t count = 0; capacity < needed;) {
    if (plan.first_buffer + count == available.waiting().size()) {
      if (!available.announced()) return Done{};
      if (auto fetched = available.fetch(); !fetched) return fetched;
      if (!session_.live()) return Done{};
      continue;
    }
    Buffer const& buffer = available.waiting()[plan.first_buffer + count];
    descriptors += buffer.elements.size();
    if (descriptors > layout::kMaxReceiveBuffers) return Done{};
    capacity += buffer.writable_bytes();
    ++count;
    if (count == 1 && capacity < least) {
      plan.fate = Fate::Unfit;
      plan.buffers = 1;
      return Done{};
    }
    if (capacity < needed && !rules_.mergeable) return Done{};
    if (capacity >= needed) plan.buffers = count;
  }
  plan.fate = Fate::Delivered;
  return Done{};
}

void ReceiveEngine::add_writes(Plan& plan) {
  plan.first_write = writes_.size();
  Bytes rest = plan.bytes;
  for (std::size_t i = 0; i < plan.buffers && !rest.empty(); ++i) {
    for (Element const& element : queue_.available().waiting()[plan.first_buffer + i].elements) {
      std::size_t const part = std::min<std::size_t>(rest.size(), element.length);
      if (!element.writable || part == 0) continue;
      writes_.push_back({element.address, rest.first(part)});
      rest = rest.subspan(part);
    }
  }
  plan.end_write = writes_.size();
}

Result<Done, DeviceError> ReceiveEngine::finish() {
  bool too_many_errors = false;
  used_.clear();
  std::size_t buffers = 0;
  for (Plan& plan : plans_) {
    for (std::size_t i = plan.first_write; i < plan.end_write; ++i) {
      if (writes_[i].refused) plan.fate = Fate::Refused;
    }
    if (plan.fate == Fate::Refused) {
      too_many_errors = session_.count_data_error() || too_many_errors;
    }
    add_used(plan);
    buffers += plan.buffers;
  }
  if (auto given = queue_.give_back(used_); !given) return given;

  queue_.available().take(buffers);
  for (Plan const& plan : plans_) {
    switch (plan.fate) {
      case Fate::Unfit:
        statistics_.add("rx_buffers_unused");
        continue;
      case Fate::Delivered:
        statistics_.add("rx_packets");
        break;
      case Fate::NoBuffer:
        statistics_.add("rx_dropped_no_buffer");
        break;
      case Fate::Refused:
        statistics_.add("rx_dropped_error");
        break;
    }
    storage_.remove(frames_.front().bytes);
    frames_.pop_front();
  }
  if (too_many_errors) return DeviceError::TooManyDataErrors;
  return Done{};
}

// Each buffer of a packet is full but the last. Of a frame that memory refused, and of a buffer
// that is fit for none, nothing is left.
void ReceiveEngine::add_used(Plan const& plan) {
  std::uint64_t rest = plan.fate == Fate::Delivered ? plan.bytes.size() : 0;
  for (std::size_t i = 0; i < plan.buffers; ++i) {
    Buffer const& buffer = queue_.available().waiting()[plan.first_buffer + i];
    auto const length = std::min(rest, buffer.writable_bytes());
    rest -= length;
    used_.push_back({.id = buffer.id,
                     .slots = buffer.slots,
                     .length = static_cast<std::uint32_t>(length),
                     .more = i + 1 < plan.buffers});
  }
}

}  // namespace ringside::model
