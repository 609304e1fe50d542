#include "tests/conformance/faulty.hpp"

namespace ringside::conformance {

std::string name_of(DeviceFault fault) {
  switch (fault) {
    case DeviceFault::None:
      return "None";
    case DeviceFault::UsedIdOfAnother:
      return "UsedIdOfAnother";
    case DeviceFault::UsedInTheOtherLap:
      return "UsedInTheOtherLap";
    case DeviceFault::UsedLengthWrong:
      return "UsedLengthWrong";
    case DeviceFault::WriteFlagMissing:
      return "WriteFlagMissing";
    case DeviceFault::NextFlagInUsed:
      return "NextFlagInUsed";
    case DeviceFault::InterruptMissing:
      return "InterruptMissing";
    case DeviceFault::InterruptTooMany:
      return "InterruptTooMany";
    case DeviceFault::ElementMissing:
      return "ElementMissing";
    case DeviceFault::DirectionWrong:
      return "DirectionWrong";
    case DeviceFault::BufferFoundTwice:
      return "BufferFoundTwice";
    case DeviceFault::WritesElsewhere:
      return "WritesElsewhere";
    case DeviceFault::FlagsBeforeLength:
      return "FlagsBeforeLength";
    case DeviceFault::NotificationLost:
      return "NotificationLost";
  }
  return "";
}

void FaultyDevice::start(Queue const& queue) {
  queue_ = queue;
  sound_.start(queue);
}

std::vector<std::vector<Element>> FaultyDevice::find(bool notified) {
  auto found = sound_.find(notified);
  if (found.empty() || found.back().size() < 2) return found;
  if (fault_ == DeviceFault::ElementMissing) found.back().pop_back();
  if (fault_ == DeviceFault::BufferFoundTwice) found.push_back(found.back());
  Element& last = found.back().back();
  if (fault_ == DeviceFault::DirectionWrong) last.write = !last.write;
  return found;
}

void FaultyDevice::notify_meanwhile() {
  if (fault_ != DeviceFault::NotificationLost) sound_.notify_meanwhile();
}

bool FaultyDevice::give_back(std::span<Completion const> completions, bool one_packet) {
  bool const interrupted = sound_.give_back(completions, one_packet);
  for (auto const& access : memory_.log()) {
    if (!access.write) continue;
    // A small lie about one slot is enough.
    if (access.address > queue_.descriptors + kDescriptorBytes) {
      spoil(access.address / kDescriptorBytes * kDescriptorBytes);
      break;
    }
  }
  if (fault_ == DeviceFault::InterruptMissing && completions.size() == 3) return false;
  if (fault_ == DeviceFault::InterruptTooMany) return true;
  return interrupted;
}

void FaultyDevice::spoil(std::uint64_t slot) {
  Descriptor used = memory_.descriptor(slot);
  switch (fault_) {
    case DeviceFault::UsedIdOfAnother:
      used.id ^= 1;
      break;
    case DeviceFault::UsedInTheOtherLap:
      used.flags ^= kAvail | kUsed;
      break;
    case DeviceFault::UsedLengthWrong:
      if ((used.flags & kWrite) != 0) ++used.length;
      break;
    case DeviceFault::WriteFlagMissing:
      used.flags = static_cast<std::uint16_t>(used.flags & ~kWrite);
      break;
    case DeviceFault::NextFlagInUsed:
      used.flags |= kNext;
      break;
    case DeviceFault::WritesElsewhere: {
      std::array<std::uint8_t, 4> const zero{};
      memory_.write(queue_.driver_events, zero);
      return;
    }
    case DeviceFault::FlagsBeforeLength: {
      std::array<std::uint8_t, 4> length;
      for (unsigned i = 0; i < 4; ++i) length.at(i) = *memory_.at(slot + kLengthAt + i);
      memory_.write(slot + kLengthAt, length);
      return;
    }
    default:
      return;
  }
  memory_.store(slot, used);
}

std::string name_of(DriverFault fault) {
  switch (fault) {
    case DriverFault::None:
      return "None";
    case DriverFault::NotificationMissing:
      return "NotificationMissing";
    case DriverFault::NotificationTooMany:
      return "NotificationTooMany";
    case DriverFault::TakesTheWrongBuffer:
      return "TakesTheWrongBuffer";
    case DriverFault::TakesTheWrongLength:
      return "TakesTheWrongLength";
    case DriverFault::OverlooksWhatIsUsed:
      return "OverlooksWhatIsUsed";
    case DriverFault::TakesWhatIsNotUsed:
      return "TakesWhatIsNotUsed";
    case DriverFault::RefusesTheLastSlot:
      return "RefusesTheLastSlot";
    case DriverFault::DescriptorSpoilt:
      return "DescriptorSpoilt";
    case DriverFault::OtherSlotSpoilt:
      return "OtherSlotSpoilt";
    case DriverFault::EnablesTooLate:
      return "EnablesTooLate";
    case DriverFault::EnablesBlindly:
      return "EnablesBlindly";
  }
  return "";
}

Queue FaultyDriver::start(std::uint16_t size, bool indirect, bool event_idx) {
  added_ = taken_ = 0;
  return queue_ = sound_.start(size, indirect, event_idx);
}

bool FaultyDriver::add(std::span<Element const> elements) {
  if (fault_ == DriverFault::RefusesTheLastSlot && elements.size() == queue_.size) return false;
  bool const taken = sound_.add(elements);
  if (!taken) return false;
  ++added_;
  std::uint64_t const last = queue_.descriptors + kDescriptorBytes * (queue_.size - 1U);
  Descriptor descriptor = memory_.descriptor(last);
  if (fault_ == DriverFault::DescriptorSpoilt && (descriptor.flags & kNext) != 0) {
    descriptor.length ^= 1;
  }
  if (fault_ == DriverFault::OtherSlotSpoilt && added_ == 1 && elements.size() < queue_.size) {
    descriptor.id = 7;
  }
  memory_.store(last, descriptor);
  return true;
}

bool FaultyDriver::notification_due() {
  bool const due = sound_.notification_due();
  if (fault_ == DriverFault::NotificationMissing && added_ == 5) return false;
  return due || fault_ == DriverFault::NotificationTooMany;
}

std::optional<DriverUnderTest::Taken> FaultyDriver::take() {
  auto taken = sound_.take();
  if (!taken) {
    if (fault_ == DriverFault::TakesWhatIsNotUsed && taken_ < added_) return Taken{0, 0};
    return taken;
  }
  ++taken_;
  if (fault_ == DriverFault::OverlooksWhatIsUsed && taken_ == 3) return std::nullopt;
  if (fault_ == DriverFault::TakesTheWrongBuffer && taken->buffer == 2) taken->buffer = 1;
  if (fault_ == DriverFault::TakesTheWrongLength) taken->length &= 0xFFFE;
  return taken;
}

bool FaultyDriver::enable_interrupts() {
  bool const idle = sound_.enable_interrupts();
  if (fault_ == DriverFault::EnablesTooLate && queue_.event_idx) {
    EventArea area = memory_.event_area(queue_.driver_events);
    area.event = area.event.next(queue_.size);
    memory_.store(queue_.driver_events, area);
  }
  return idle || fault_ == DriverFault::EnablesBlindly;
}

}  // namespace ringside::conformance
