// The memory that a driver and a device share, with a record of what the device did to it and in
// which order.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

#include "tests/conformance/ring.hpp"

namespace ringside::conformance {

class SharedMemory {
 public:
  static constexpr std::uint64_t kSize = 0x8000;

  // ---- For the driver's side.

  std::uint8_t* at(std::uint64_t address) { return &bytes_.at(address); }
  template <class T>
  T load(std::uint64_t address) const {
    T value = 0;
    for (unsigned i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(value | static_cast<T>(T{bytes_.at(address + i)} << (8 * i)));
    }
    return value;
  }
  template <class T>
  void store(std::uint64_t address, T value) {
    for (unsigned i = 0; i < sizeof(T); ++i) {
      bytes_.at(address + i) = static_cast<std::uint8_t>(value >> (8 * i));
    }
  }
  Descriptor descriptor(std::uint64_t address) const {
    return {load<std::uint64_t>(address), load<std::uint32_t>(address + kLengthAt),
            load<std::uint16_t>(address + kIdAt), load<std::uint16_t>(address + kFlagsAt)};
  }
  void store(std::uint64_t address, Descriptor const& descriptor) {
    store(address, descriptor.address);
    store(address + kLengthAt, descriptor.length);
    store(address + kIdAt, descriptor.id);
    store(address + kFlagsAt, descriptor.flags);
  }
  EventArea event_area(std::uint64_t address) const {
    return EventArea::from(load<std::uint16_t>(address), load<std::uint16_t>(address + 2));
  }
  void store(std::uint64_t address, EventArea const& area) {
    store<std::uint16_t>(address, area.off_wrap());
    store<std::uint16_t>(address + 2, area.flags);
  }
  void clear();

  // What is about to be written there becomes visible to reads that are asked for after one has
  // returned the descriptor at `head`, and not before.
  void hide(std::uint64_t address, std::uint32_t size, std::uint64_t head);
  void unhide() { hidden_.clear(); }

  // ---- For the device's side. A device with reads in flight asks when it issues one, and is
  // answered when the data comes back.

  struct Read {
    std::uint64_t address;
    std::uint32_t size;
    std::uint64_t asked;
  };
  Read ask(std::uint64_t address, std::uint32_t size);
  // False: there is no such memory.
  bool answer(Read const& read, std::span<std::uint8_t> into);
  bool write(std::uint64_t address, std::span<std::uint8_t const> from);

  // ---- For the judge.

  struct Access {
    bool write;
    std::uint64_t address;
    std::uint32_t size;
    std::uint64_t asked;  // a read, on the clock of `done`
    std::uint64_t done;
  };
  std::vector<Access> const& log() const { return log_; }
  void forget_log() {
    log_.clear();
    accesses_ = 0;
  }
  // What a device that does not come to rest ends in, some thousand accesses after forget_log().
  struct Restless : std::runtime_error {
    Restless() : runtime_error("the device does not come to rest") {}
  };
  // Once, at the device's access with that number from now on: in front of an ask, of an answer and
  // of a write, and behind an answer, too. Nothing happens if it makes fewer.
  void at_access(unsigned number, std::function<void()> act);
  // True: it has not happened, and will not.
  bool cancel_act();

 private:
  struct Hidden {
    std::uint64_t address;
    std::vector<std::uint8_t> before;
    std::uint64_t head;
    std::uint64_t seen = 0;  // when the head was; 0: not yet
  };

  std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(kSize);
  std::vector<Hidden> hidden_;
  std::vector<Access> log_;
  void count_access();

  std::uint64_t now_ = 0;
  unsigned accesses_ = 0;
  unsigned until_act_ = 0;
  std::function<void()> act_;
};

}  // namespace ringside::conformance
