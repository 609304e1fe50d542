// Making buffers available, taking them back, and who has to tell whom.
#include "driver/virtio/packed_ring.hpp"

namespace ringside::driver {

namespace {

constexpr std::uint16_t kMaxRingSize = 32768;
constexpr std::uint16_t kEventFlagsMask = 3;

constexpr std::uint16_t write_flag(RingElement const& element) {
  return element.device_writes ? layout::kDescriptorWrite : std::uint16_t{0};
}

}  // namespace

PackedRing::PackedRing(DmaMemory& memory, std::uint16_t capacity, std::uint16_t max_elements)
    : memory_(memory, capacity, max_elements > 1 ? max_elements : std::uint16_t{0}),
      capacity_(capacity),
      max_elements_(max_elements),
      buffers_(capacity) {
  assert(capacity >= 1 && capacity <= kMaxRingSize && max_elements >= 1);
}

Result<Done, DmaError> PackedRing::start(RingOptions const& options) {
  assert(options.size >= 1 && options.size <= capacity_ && !running_);
  if (auto opened = memory_.open(); !opened) return opened.error();
  options_ = options;
  for (std::uint16_t id = 0; id < options.size; ++id) {
    bool const last = id + 1 == options.size;
    buffers_[id] = {0, last ? kNoId : static_cast<std::uint16_t>(id + 1)};
  }
  free_id_ = 0;
  free_descriptors_ = options.size;
  outstanding_ = 0;
  total_used_ = 0;
  next_available_ = next_used_ = {};
  undecided_ = unannounced_ = 0;
  event_flags_ = layout::kEventEnable;  // as the zeroed memory says
  broken_ = false;
  running_ = true;
  return Done{};
}

void PackedRing::stop() {
  running_ = false;
  outstanding_ = 0;
  memory_.close();
}

Result<std::uint16_t, AddError> PackedRing::add(std::span<RingElement const> elements) {
  assert(!elements.empty() && elements.size() <= max_elements_);
  if (broken_ || !running_) return AddError::Broken;
  std::uint16_t const descriptors = descriptors_for(elements.size());
  if (descriptors > free_descriptors_) return AddError::Full;

  std::uint16_t const id = free_id_;
  if (elements.size() > 1 && options_.indirect) {
    write_indirect(id, elements);
  } else {
    write_direct(id, elements);
  }
  free_id_ = buffers_[id].next_free;
  buffers_[id].descriptors = descriptors;
  free_descriptors_ = static_cast<std::uint16_t>(free_descriptors_ - descriptors);
  next_available_ = next_available_.advanced(descriptors, options_.size);
  undecided_ += descriptors;
  ++unannounced_;
  ++outstanding_;
  return id;
}

// One descriptor an element. The head's flags go last, and only then does the chain exist.
void PackedRing::write_direct(std::uint16_t id, std::span<RingElement const> elements) {
  RingPosition position = next_available_;
  std::uint16_t head_flags = 0;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    bool const last = i + 1 == elements.size();
    auto const flags =
        static_cast<std::uint16_t>(position.available_flags() | write_flag(elements[i]) |
                                   (last ? 0 : layout::kDescriptorNext));
    memory_.write_body(position.index, elements[i].address, elements[i].length, id);
    if (i == 0) {
      head_flags = flags;
    } else {
      memory_.write_flags(position.index, flags);
    }
    position = position.advanced(1, options_.size);
  }
  memory_.publish_flags(next_available_.index, head_flags);
}

void PackedRing::write_indirect(std::uint16_t id, std::span<RingElement const> elements) {
  for (std::uint16_t i = 0; i < elements.size(); ++i) {
    memory_.write_table_entry(
        id, i, {elements[i].address, elements[i].length, 0, write_flag(elements[i])});
  }
  auto const bytes = static_cast<std::uint32_t>(elements.size() * sizeof(layout::PackedDescriptor));
  memory_.write_body(next_available_.index, memory_.table_address(id), bytes, id);
  memory_.publish_flags(
      next_available_.index,
      static_cast<std::uint16_t>(next_available_.available_flags() | layout::kDescriptorIndirect));
}

bool PackedRing::notification_due() {
  std::uint32_t const added = std::exchange(undecided_, 0);
  if (added == 0 || broken_ || !running_) return false;
  memory_.full_barrier();
  layout::EventSuppression const events = memory_.read_device_events();
  std::uint16_t const flags = events.flags & kEventFlagsMask;
  if (flags == layout::kEventDisable) return false;
  if (flags == layout::kEventDesc && options_.event_idx) {
    std::uint32_t const off = events.off_wrap & 0x7FFFU;
    bool const wrap = (events.off_wrap & 0x8000U) != 0;
    // Where that position lies, counted in descriptors back from the next one to be filled. One
    // that is outside of the ring is nonsense; a notification too many does no harm.
    if (off < options_.size) {
      std::uint32_t const size = options_.size;
      std::uint32_t const ahead = next_available_.index + (wrap == next_available_.wrap ? 0 : size);
      bool const passed = off < ahead && ahead - off <= added;
      if (!passed) return false;
    }
  }
  unannounced_ = 0;
  return true;
}

bool PackedRing::has_used() const {
  return running_ && !broken_ && next_used_.used_by(memory_.read_flags(next_used_.index));
}

std::optional<UsedBuffer> PackedRing::take_used() {
  if (!has_used()) return std::nullopt;
  memory_.read_barrier();  // id and length were written before the flags that were seen
  UsedBuffer const used{memory_.read_id(next_used_.index), memory_.read_length(next_used_.index)};
  if (used.id >= options_.size || buffers_[used.id].descriptors == 0) {
    broken_ = true;
    return std::nullopt;
  }
  Buffer& buffer = buffers_[used.id];
  next_used_ = next_used_.advanced(buffer.descriptors, options_.size);
  free_descriptors_ = static_cast<std::uint16_t>(free_descriptors_ + buffer.descriptors);
  buffer = {0, free_id_};
  free_id_ = used.id;
  --outstanding_;
  ++total_used_;
  return used;
}

void PackedRing::disable_interrupts() {
  if (!running_ || event_flags_ == layout::kEventDisable) return;
  event_flags_ = layout::kEventDisable;
  memory_.write_driver_event_flags(event_flags_);
}

bool PackedRing::enable_interrupts() { return enable_interrupts_at(next_used_); }

bool PackedRing::enable_interrupts_late() {
  std::uint32_t const with_device = options_.size - free_descriptors_;
  return enable_interrupts_at(next_used_.advanced(with_device * 3 / 4, options_.size));
}

bool PackedRing::enable_interrupts_at(RingPosition position) {
  if (!running_) return true;
  if (options_.event_idx) {
    event_flags_ = layout::kEventDesc;
    memory_.write_driver_events(position.off_wrap(), event_flags_);
  } else if (event_flags_ != layout::kEventEnable) {
    event_flags_ = layout::kEventEnable;
    memory_.write_driver_event_flags(event_flags_);
  }
  memory_.full_barrier();
  return !has_used();
}

}  // namespace ringside::driver
