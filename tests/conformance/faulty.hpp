// Sound implementations with something wrong in front of them, to see the kit find it.
#pragma once

#include <array>
#include <ostream>
#include <string>

#include "tests/conformance/judge.hpp"

namespace ringside::conformance {

enum class DeviceFault : std::uint8_t {
  None,
  UsedIdOfAnother,
  UsedInTheOtherLap,
  UsedLengthWrong,
  WriteFlagMissing,
  NextFlagInUsed,
  InterruptMissing,
  InterruptTooMany,
  ElementMissing,
  DirectionWrong,
  BufferFoundTwice,
  WritesElsewhere,
  FlagsBeforeLength,
  NotificationLost,
};
inline constexpr std::array kDeviceFaults{DeviceFault::None,
                                          DeviceFault::UsedIdOfAnother,
                                          DeviceFault::UsedInTheOtherLap,
                                          DeviceFault::UsedLengthWrong,
                                          DeviceFault::WriteFlagMissing,
                                          DeviceFault::NextFlagInUsed,
                                          DeviceFault::InterruptMissing,
                                          DeviceFault::InterruptTooMany,
                                          DeviceFault::ElementMissing,
                                          DeviceFault::DirectionWrong,
                                          DeviceFault::BufferFoundTwice,
                                          DeviceFault::WritesElsewhere,
                                          DeviceFault::FlagsBeforeLength,
                                          DeviceFault::NotificationLost};
std::string name_of(DeviceFault fault);
inline void PrintTo(DeviceFault fault, std::ostream* out) { *out << name_of(fault); }

class FaultyDevice final : public DeviceUnderTest {
 public:
  FaultyDevice(DeviceUnderTest& sound, SharedMemory& memory, DeviceFault fault)
      : sound_(sound), memory_(memory), fault_(fault) {}

  void start(Queue const& queue) override;
  std::vector<std::vector<Element>> find(bool notified) override;
  void notify_meanwhile() override;
  bool give_back(std::span<Completion const> completions, bool one_packet) override;
  bool broken() const override { return sound_.broken(); }

 private:
  void spoil(std::uint64_t slot);

  DeviceUnderTest& sound_;
  SharedMemory& memory_;
  DeviceFault fault_;
  Queue queue_;
};

enum class DriverFault : std::uint8_t {
  None,
  NotificationMissing,
  NotificationTooMany,
  TakesTheWrongBuffer,
  TakesTheWrongLength,
  OverlooksWhatIsUsed,
  TakesWhatIsNotUsed,
  RefusesTheLastSlot,
  DescriptorSpoilt,
  OtherSlotSpoilt,
  EnablesTooLate,
  EnablesBlindly,
};
inline constexpr std::array kDriverFaults{DriverFault::None,
                                          DriverFault::NotificationMissing,
                                          DriverFault::NotificationTooMany,
                                          DriverFault::TakesTheWrongBuffer,
                                          DriverFault::TakesTheWrongLength,
                                          DriverFault::OverlooksWhatIsUsed,
                                          DriverFault::TakesWhatIsNotUsed,
                                          DriverFault::RefusesTheLastSlot,
                                          DriverFault::DescriptorSpoilt,
                                          DriverFault::OtherSlotSpoilt,
                                          DriverFault::EnablesTooLate,
                                          DriverFault::EnablesBlindly};
std::string name_of(DriverFault fault);
inline void PrintTo(DriverFault fault, std::ostream* out) { *out << name_of(fault); }

class FaultyDriver final : public DriverUnderTest {
 public:
  FaultyDriver(DriverUnderTest& sound, SharedMemory& memory, DriverFault fault)
      : sound_(sound), memory_(memory), fault_(fault) {}

  bool can(Case const& each) const override { return sound_.can(each); }
  Queue start(std::uint16_t size, bool indirect, bool event_idx) override;
  bool add(std::span<Element const> elements) override;
  bool notification_due() override;
  std::optional<Taken> take() override;
  void disable_interrupts() override { sound_.disable_interrupts(); }
  bool enable_interrupts() override;
  bool watch_barriers(std::function<void(Barrier)> at_barrier) override {
    return sound_.watch_barriers(std::move(at_barrier));
  }
  bool broken() const override { return sound_.broken(); }

 private:
  DriverUnderTest& sound_;
  SharedMemory& memory_;
  DriverFault fault_;
  Queue queue_;
  unsigned added_ = 0, taken_ = 0;
};

}  // namespace ringside::conformance
