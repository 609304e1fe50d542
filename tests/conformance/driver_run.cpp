// The kit as the device: it reads and writes the ring byte by byte, and compares all that the
// driver wrote with the expectation.
#include <array>
#include <exception>
#include <functional>
#include <utility>

#include "tests/conformance/judge.hpp"

namespace ringside::conformance {
namespace {

class DriverRun {
 public:
  DriverRun(Case const& each, DriverUnderTest& driver, SharedMemory& memory)
      : case_(each), driver_(driver), memory_(memory) {}

  Finding run() {
    memory_.clear();
    queue_ = driver_.start(case_.size, case_.indirect, case_.event_idx);
    barriers_seen_ = driver_.watch_barriers([this](DriverUnderTest::Barrier barrier) {
      if (barrier == DriverUnderTest::Barrier::Write) look_at_barrier();
      if (act_ && --until_act_ == 0) std::exchange(act_, nullptr)();
    });
    return run_steps();
  }

 private:
  using Ring = std::array<Descriptor, kMostSlots>;

  Finding run_steps() {
    auto const expected = expect(case_);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      Finding wrong = judge_available(case_.steps[i], expected[i]);
      if (!wrong) wrong = judge_refusal(expected[i]);
      if (!wrong) wrong = judge_used(case_.steps[i], expected[i]);
      if (!wrong && driver_.broken()) wrong = "the driver gave up a sound ring";
      if (wrong) return "step " + std::to_string(i + 1) + ": " + *wrong;
    }
    return std::nullopt;
  }

  std::uint64_t slot_address(std::uint16_t slot) const {
    return queue_.descriptors + kDescriptorBytes * slot;
  }
  Ring ring_in_memory() const {
    Ring ring{};
    for (std::uint16_t slot = 0; slot < case_.size; ++slot) {
      ring[slot] = memory_.descriptor(slot_address(slot));
    }
    return ring;
  }

  // ---- What the driver makes available, and whether it notifies.

  Finding judge_available(Step const& step, ExpectedStep const& expected) {
    memory_.store(queue_.device_events, step.events);
    if (case_.moment != 0 && !expected.available.empty()) {
      memory_.store(queue_.device_events, EventArea{EventArea::Disable, {}});
      at_barrier([&] { enable_notifications(step, expected); });
    }
    for (AvailableBuffer const& buffer : expected.available) {
      adding_ = &buffer;
      if (!driver_.add(buffer.elements)) {
        return "the driver took no buffer of " + std::to_string(buffer.slots.size()) + " slots";
      }
      if (Finding wrong = judge_buffer(buffer)) return wrong;
    }
    bool const notifies = driver_.notification_due();
    if (case_.moment != 0) {
      if (std::exchange(act_, nullptr)) enable_notifications(step, expected);
      if (notifies || device_saw_all_ || expected.available.empty()) return std::nullopt;
      return "no notification of a buffer that the device did not see when it enabled them";
    }
    if (notifies && expected.notification == Due::Forbidden) return "a notification is not due";
    if (!notifies && expected.notification == Due::Required) {
      return "no notification, although one is due";
    }
    if (driver_.notification_due()) return "a second notification of the same buffers";
    return std::nullopt;
  }

  // As devices do: asks to be told of the first buffer that it does not see.
  void enable_notifications(Step const& step, ExpectedStep const& expected) {
    EventArea area = step.events;
    device_saw_all_ = true;
    for (AvailableBuffer const& buffer : expected.available) {
      AvailableSlot const& head = buffer.slots.front();
      auto const flags = memory_.descriptor(slot_address(head.at.slot)).flags;
      if ((flags & (kAvail | kUsed)) == (head.flags & (kAvail | kUsed))) continue;
      device_saw_all_ = false;
      area.event = head.at;
      break;
    }
    memory_.store(queue_.device_events, area);
  }

  void at_barrier(std::function<void()> act) {
    until_act_ = case_.moment;
    act_ = std::move(act);
  }

  Finding judge_buffer(AvailableBuffer const& buffer) {
    Ring const found = ring_in_memory();
    Ring wanted = ring_;
    std::uint16_t const id = found[buffer.slots.back().at.slot].id;
    for (std::size_t i = 0; i < buffer.slots.size(); ++i) {
      std::uint16_t const slot = buffer.slots[i].at.slot;
      wanted[slot] = {buffer.elements[i].address, buffer.elements[i].length, found[slot].id,
                      buffer.slots[i].flags};
      if (!buffer.table) continue;
      wanted[slot].address = found[slot].address;
      wanted[slot].length = static_cast<std::uint32_t>(buffer.elements.size() * kDescriptorBytes);
      wanted[slot].flags |= found[slot].flags & kWrite;  // means nothing where INDIRECT is
      if (Finding wrong = judge_table(buffer, found[slot].address)) return wrong;
    }
    for (std::uint16_t slot = 0; slot < case_.size; ++slot) {
      if (found[slot] == wanted[slot]) continue;
      return "slot " + std::to_string(slot) + " is " + to_text(found[slot]) + " instead of " +
             to_text(wanted[slot]);
    }
    for (Outstanding const& other : outstanding_) {
      if (!other.used && other.id == id) return "id " + std::to_string(id) + " is in use twice";
    }
    outstanding_.push_back({id, false});
    ring_ = wanted;
    return judge_order(buffer, wanted);
  }

  Finding judge_table(AvailableBuffer const& buffer, std::uint64_t table) const {
    if (table > SharedMemory::kSize - buffer.elements.size() * kDescriptorBytes) {
      return "the table lies outside of the memory";
    }
    for (std::size_t i = 0; i < buffer.elements.size(); ++i) {
      Descriptor const found = memory_.descriptor(table + i * kDescriptorBytes);
      Element const& element = buffer.elements[i];
      Descriptor const wanted{element.address, element.length, found.id,
                              element.write ? kWrite : std::uint16_t{0}};
      if (found == wanted) continue;
      return "entry " + std::to_string(i) + " of the table is " + to_text(found) + " instead of " +
             to_text(wanted);
    }
    return std::nullopt;
  }

  void look_at_barrier() {
    at_barrier_ = ring_in_memory();
    if (adding_ == nullptr || !adding_->table) return;
    std::uint16_t const slot = adding_->slots.front().at.slot;
    table_at_barrier_ = !judge_table(*adding_, at_barrier_[slot].address);
  }

  // The last barrier had the whole chain in front of it, but for the flags of the head (2.8.21.1).
  Finding judge_order(AvailableBuffer const& buffer, Ring const& complete) const {
    if (!barriers_seen_) return std::nullopt;
    if (buffer.table && !table_at_barrier_) return "the table was not complete before the flags";
    for (AvailableSlot const& each : buffer.slots) {
      Descriptor const& early = at_barrier_[each.at.slot];
      Descriptor wanted = complete[each.at.slot];
      bool const head = &each == &buffer.slots.front();
      if (head && (early.flags & (kAvail | kUsed)) == (wanted.flags & (kAvail | kUsed))) {
        return "the head was available before the barrier";
      }
      if (head) wanted.flags = early.flags;
      if (early != wanted) {
        return "slot " + std::to_string(each.at.slot) + " was not complete before the head's flags";
      }
    }
    return std::nullopt;
  }

  // With direct descriptors one slot too many must be refused; without a free slot anything is.
  Finding judge_refusal(ExpectedStep const& expected) {
    if (case_.indirect && expected.free_slots > 0) return std::nullopt;
    std::vector<Element> const elements(expected.free_slots + 1, Element{0xDEAD, 1, false});
    if (driver_.add(elements)) {
      return "the driver took a buffer of " + std::to_string(elements.size()) +
             " slots although only " + std::to_string(expected.free_slots) + " are free";
    }
    if (ring_in_memory() != ring_) return "the driver wrote a buffer for which there is no room";
    return std::nullopt;
  }

  // ---- What the device uses, and whether the driver wants to hear of it.

  // The device uses all of it in the midst of the driver's enabling interrupts, tells the driver if
  // that is what the driver then asks for, and else relies on the driver to look.
  Finding judge_race(ExpectedStep const& expected) {
    driver_.disable_interrupts();
    bool told = false;
    at_barrier([&] {
      for (UsedSlot const& used : expected.used) use(used);
      told = decide(memory_.event_area(queue_.driver_events), expected.used_from,
                    expected.used_slots, case_.size, case_.event_idx, false) == Due::Required;
    });
    bool const idle = driver_.enable_interrupts();
    if (std::exchange(act_, nullptr)) {
      for (UsedSlot const& used : expected.used) use(used);
    } else if (idle && !told) {
      return "interrupts were enabled, and what was used meanwhile is neither seen nor told";
    }
    return judge_taken(expected);
  }

  Finding judge_used(Step const& step, ExpectedStep const& expected) {
    if (case_.moment != 0 && !expected.used.empty()) return judge_race(expected);
    bool const wants = step.events.flags != EventArea::Disable;
    if (!wants) {
      driver_.disable_interrupts();
    } else if (!driver_.enable_interrupts()) {
      return "interrupts are enabled, and the driver says there is something used";
    }
    if (driver_.take()) return "the driver took a buffer that is not used";
    for (std::size_t i = 0; i < expected.used.size(); ++i) {
      use(expected.used[i]);
      if (i == 0) {
        if (Finding wrong = judge_wish(expected, wants)) return wrong;
      }
    }
    if (wants && !expected.used.empty() && driver_.enable_interrupts()) {
      return "interrupts are enabled, and the driver overlooks what is used already";
    }
    return judge_taken(expected);
  }

  Finding judge_taken(ExpectedStep const& expected) {
    for (UsedSlot const& used : expected.used) {
      auto const taken = driver_.take();
      std::string const buffer = "buffer #" + std::to_string(used.buffer);
      if (!taken) return "the driver does not see that " + buffer + " is used";
      if (taken->buffer != used.buffer) {
        return "the driver took buffer #" + std::to_string(taken->buffer) + " for " + buffer;
      }
      if ((used.flags & kWrite) != 0 && taken->length != used.length) {
        return "the driver took " + std::to_string(taken->length) + " bytes in " + buffer +
               " instead of " + std::to_string(used.length);
      }
    }
    if (driver_.take()) return "the driver took a buffer that is not used";
    if (ring_in_memory() != ring_) return "the driver wrote into the ring when it took buffers";
    return std::nullopt;
  }

  // Flags last; the device may overwrite the address.
  void use(UsedSlot const& used) {
    Outstanding& buffer = outstanding_.at(used.buffer);
    buffer.used = true;
    Descriptor const descriptor{0xFFFF'FFFF'FFFF'FFF0 + used.buffer, used.length, buffer.id,
                                used.flags};
    ring_[used.at.slot] = descriptor;
    memory_.store(slot_address(used.at.slot), descriptor);
  }

  // The driver enabled interrupts: the first used buffer is announced. Or it disabled them.
  Finding judge_wish(ExpectedStep const& expected, bool wants) const {
    EventArea const area = memory_.event_area(queue_.driver_events);
    unsigned const slots = slots_of(expected.used.front().buffer);
    Due const due = decide(area, expected.used_from, slots, case_.size, case_.event_idx, false);
    if (wants == (due == Due::Required)) return std::nullopt;
    return std::string(wants ? "interrupts are enabled, but" : "interrupts are disabled, but not") +
           " by what the driver asks for (flags " + std::to_string(area.flags) + ", " +
           to_text(area.event) + "); the next is used " + to_text(expected.used_from);
  }

  unsigned slots_of(std::uint16_t buffer) const {
    for (Step const& step : case_.steps) {
      if (buffer < step.add.size()) return step.add[buffer].slots();
      buffer = static_cast<std::uint16_t>(buffer - step.add.size());
    }
    return 0;
  }

  struct Outstanding {
    std::uint16_t id;
    bool used;
  };

  Case const& case_;
  DriverUnderTest& driver_;
  SharedMemory& memory_;
  Queue queue_;
  Ring ring_{};  // as it must be
  AvailableBuffer const* adding_ = nullptr;
  Ring at_barrier_{};
  bool table_at_barrier_ = false;
  bool barriers_seen_ = false;
  unsigned until_act_ = 0;
  std::function<void()> act_;             // what the device does at a barrier
  bool device_saw_all_ = false;           // when it enabled notifications
  std::vector<Outstanding> outstanding_;  // all buffers, used ones too
};

}  // namespace

Finding run(Case const& each, DriverUnderTest& driver, SharedMemory& memory) {
  Finding wrong;
  try {
    wrong = DriverRun(each, driver, memory).run();
  } catch (std::exception const& failure) {
    wrong = failure.what();
  }
  driver.watch_barriers({});
  return wrong;
}

}  // namespace ringside::conformance
