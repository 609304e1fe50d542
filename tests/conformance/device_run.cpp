// The kit as the driver: it writes descriptors byte by byte, as the expectation says, and looks at
// all that the device does to memory.
#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "tests/conformance/judge.hpp"

namespace ringside::conformance {
namespace {

// Rings of more than three slots cross the end of a page; the event structures are no more than
// aligned, and tables are not even that (2.8.10.1).
constexpr std::uint64_t kRing = 0x0FD0;
constexpr std::uint64_t kDriverEvents = 0x2004;
constexpr std::uint64_t kDeviceEvents = 0x200C;
constexpr std::uint64_t kEventBytes = 4;
constexpr std::uint64_t kTables = 0x3000;

class DeviceRun {
 public:
  DeviceRun(Case const& each, DeviceUnderTest& device, SharedMemory& memory)
      : case_(each), device_(device), memory_(memory) {}

  Finding run() {
    memory_.clear();
    for (unsigned id = 0; id < case_.size; ++id)
      free_ids_.push_back(static_cast<std::uint16_t>(id));
    device_.start(
        {case_.size, kRing, kDriverEvents, kDeviceEvents, case_.indirect, case_.event_idx});
    auto const expected = expect(case_);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (Finding wrong = run_step(case_.steps[i], expected[i])) {
        return "step " + std::to_string(i + 1) + ": " + *wrong;
      }
    }
    return std::nullopt;
  }

 private:
  Finding run_step(Step const& step, ExpectedStep const& expected) {
    memory_.unhide();
    memory_.store(kDriverEvents, step.events);
    if (Finding wrong = judge_found(expected)) return wrong;
    if (Finding wrong = judge_accesses({}, false)) return wrong;
    memory_.forget_log();
    bool const interrupted = use(step, expected);
    if (device_.broken()) return "the device gave up a sound ring";
    if (Finding wrong = judge_accesses(expected.used, step.packet)) return wrong;
    if (Finding wrong = judge_ring(expected)) return wrong;
    Finding const missed =
        case_.moment == 0 ? judge_interrupt(expected, interrupted) : judge_race(interrupted);
    if (missed) return missed;
    for (UsedSlot const& used : expected.used) free_ids_.push_back(ids_[used.buffer]);
    memory_.forget_log();
    return std::nullopt;
  }

  // ---- The driver's part.

  std::uint64_t slot_address(Place place) const { return kRing + kDescriptorBytes * place.slot; }

  void put(Place at, Descriptor const& descriptor) {
    memory_.store(slot_address(at), descriptor);
    ring_[at.slot] = descriptor;
  }

  void publish(AvailableBuffer const& buffer) {
    std::uint16_t const id = free_ids_.back();
    free_ids_.pop_back();
    ids_.push_back(id);
    // Ids in front of the last one, and in tables, mean nothing (2.8.6, 2.8.7).
    auto const garbage = static_cast<std::uint16_t>(0xA500 + id + 1);
    std::uint64_t const head = slot_address(buffer.slots.front().at);
    if (buffer.table) {
      auto const bytes = static_cast<std::uint32_t>(buffer.elements.size() * kDescriptorBytes);
      std::uint64_t const table = kTables + 0x400 * id + (id % 2 == 0 ? 0 : 5);
      tables_.push_back({table, table + bytes});
      if (case_.stale) memory_.hide(table, bytes, head);
      for (std::size_t i = 0; i < buffer.elements.size(); ++i) {
        memory_.store(table + kDescriptorBytes * i, of(buffer.elements[i], garbage));
      }
      // WRITE means nothing where INDIRECT is (2.8.7).
      std::uint16_t const write = id % 3 == 1 ? kWrite : 0;
      put(buffer.slots[0].at,
          {table, bytes, id, static_cast<std::uint16_t>(buffer.slots[0].flags | write)});
      return;
    }
    for (std::size_t i = buffer.slots.size(); i-- > 0;) {  // the head is written last
      bool const last = i + 1 == buffer.slots.size();
      std::uint64_t const slot = slot_address(buffer.slots[i].at);
      if (case_.stale && i > 0) memory_.hide(slot, kDescriptorBytes, head);
      Descriptor descriptor = of(buffer.elements[i], last ? id : garbage);
      descriptor.flags = buffer.slots[i].flags;
      put(buffer.slots[i].at, descriptor);
    }
  }

  bool use(Step const& step, ExpectedStep const& expected) {
    if (expected.used.empty()) return false;
    std::vector<DeviceUnderTest::Completion> completions;
    for (UsedSlot const& used : expected.used) completions.push_back({used.buffer, used.length});
    if (case_.moment != 0) {
      memory_.store(kDriverEvents, EventArea{EventArea::Disable, {}});
      memory_.at_access(case_.moment, [&] { enable_interrupts(step, expected); });
    }
    bool const interrupted = device_.give_back(completions, step.packet);
    if (memory_.cancel_act()) enable_interrupts(step, expected);
    return interrupted;
  }

  // As drivers do: asks to be told of the first buffer that it does not see.
  void enable_interrupts(Step const& step, ExpectedStep const& expected) {
    auto const unseen =
        std::find_if(expected.used.begin(), expected.used.end(), [&](UsedSlot const& used) {
          return memory_.descriptor(slot_address(used.at)).flags != used.flags;
        });
    driver_saw_all_ = unseen == expected.used.end();
    EventArea area = step.events;
    if (!driver_saw_all_) area.event = unseen->at;
    memory_.store(kDriverEvents, area);
  }

  static Descriptor of(Element const& element, std::uint16_t id) {
    return {element.address, element.length, id, element.write ? kWrite : std::uint16_t{0}};
  }

  // ---- What the device made of it.

  // The device may have asked not to be told.
  bool notify(ExpectedStep const& expected) {
    return decide(memory_.event_area(kDeviceEvents), expected.available_from,
                  expected.available_slots, case_.size, case_.event_idx,
                  !std::exchange(notified_, true)) != Due::Forbidden;
  }

  std::vector<std::vector<Element>> publish_and_find(ExpectedStep const& expected) {
    bool const one_is_late = case_.moment != 0 && expected.available.size() > 1;
    for (AvailableBuffer const& buffer : expected.available) {
      if (!one_is_late || &buffer != &expected.available.back()) publish(buffer);
    }
    if (one_is_late) {
      memory_.at_access(case_.moment, [&] {
        publish(expected.available.back());
        if (notify(expected)) device_.notify_meanwhile();
      });
    }
    auto found = device_.find(notify(expected));
    if (memory_.cancel_act()) {
      publish(expected.available.back());
      for (auto& buffer : device_.find(notify(expected))) found.push_back(std::move(buffer));
    }
    return found;
  }

  Finding judge_found(ExpectedStep const& expected) {
    auto const found = publish_and_find(expected);
    if (device_.broken()) return "the device gave up a sound ring";
    if (found.size() != expected.available.size()) {
      return "the device found " + std::to_string(found.size()) + " buffers instead of " +
             std::to_string(expected.available.size());
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      auto const& elements = expected.available[i].elements;
      std::string const buffer = "buffer " + std::to_string(i + 1) + " of the step: ";
      if (found[i].size() != elements.size()) {
        return buffer + "the device found " + std::to_string(found[i].size()) +
               " elements instead of " + std::to_string(elements.size());
      }
      for (std::size_t k = 0; k < elements.size(); ++k) {
        if (found[i][k] == elements[k]) continue;
        return buffer + "element " + std::to_string(k + 1) + " is " + to_text(found[i][k]) +
               " instead of " + to_text(elements[k]);
      }
    }
    return std::nullopt;
  }

  // Where the device read and wrote, and in which order.
  Finding judge_accesses(std::span<UsedSlot const> used, bool packet) {
    std::array<std::uint64_t, kMostSlots> last_write{}, flags_write{};
    for (auto const& access : memory_.log()) {
      std::uint64_t const end = access.address + access.size;
      if (!access.write) {
        if (!may_read(access.address, end)) return "the device read " + told(access);
        continue;
      }
      if (access.address >= kDeviceEvents && end <= kDeviceEvents + kEventBytes) continue;
      auto const slot = std::find_if(used.begin(), used.end(), [&](UsedSlot const& each) {
        std::uint64_t const begin = slot_address(each.at);
        return access.address >= begin && end <= begin + kDescriptorBytes;
      });
      if (slot == used.end()) return "the device wrote " + told(access);
      last_write[slot->at.slot] = access.done;
      if (end == slot_address(slot->at) + kDescriptorBytes)
        flags_write[slot->at.slot] = access.done;
    }
    for (UsedSlot const& each : used) {
      if (flags_write[each.at.slot] != last_write[each.at.slot]) {
        return "the flags of the used " + to_text(each.at) + " were written before the rest";
      }
      bool const first = &each == &used.front();
      std::uint64_t const head = flags_write[used.front().at.slot];
      if (packet && !first && last_write[each.at.slot] > head) {
        return "the first used descriptor of the packet was visible before that of " +
               to_text(each.at);
      }
    }
    return std::nullopt;
  }

  // Nothing but the ring, the driver's event structure and the tables that it was ever given.
  bool may_read(std::uint64_t begin, std::uint64_t end) const {
    auto const inside = [&](std::uint64_t first, std::uint64_t last) {
      return begin >= first && end <= last;
    };
    return inside(kRing, kRing + kDescriptorBytes * case_.size) ||
           inside(kDriverEvents, kDriverEvents + kEventBytes) ||
           std::any_of(tables_.begin(), tables_.end(),
                       [&](auto const& table) { return inside(table.first, table.second); });
  }

  static std::string told(SharedMemory::Access const& access) {
    return std::to_string(access.size) + " bytes " +
           std::to_string(static_cast<std::int64_t>(access.address - kRing)) +
           " behind the begin of the ring, where it has no business";
  }

  Finding judge_ring(ExpectedStep const& expected) {
    for (UsedSlot const& used : expected.used) {
      Descriptor const found = memory_.descriptor(slot_address(used.at));
      Descriptor wanted{found.address, used.length, ids_[used.buffer], used.flags};
      if ((used.flags & kWrite) == 0) wanted.length = found.length;  // means nothing
      ring_[used.at.slot] = wanted;
      if (found != wanted) {
        return "the used " + to_text(used.at) + " is " + to_text(found) + " instead of " +
               to_text(wanted);
      }
    }
    for (std::uint16_t slot = 0; slot < case_.size; ++slot) {
      Descriptor const found = memory_.descriptor(slot_address({slot, true}));
      if (found != ring_[slot]) {
        return "slot " + std::to_string(slot) + ", which was not used, became " + to_text(found);
      }
    }
    return std::nullopt;
  }

  Finding judge_interrupt(ExpectedStep const& expected, bool interrupted) {
    if (interrupted && expected.interrupt == Due::Forbidden) return "an interrupt that is not due";
    if (interrupted) return std::nullopt;
    if (expected.interrupt == Due::Required) return "no interrupt, although one is due";
    if (expected.used.empty()) return std::nullopt;
    // Silence must rest on what the driver asks for now that it can see the used descriptors.
    std::uint64_t visible = 0, asked = 0;
    for (auto const& access : memory_.log()) {
      bool const of_area = access.address < kDriverEvents + kEventBytes &&
                           access.address + access.size > kDriverEvents;
      if (access.write) visible = access.done;
      if (!access.write && of_area) asked = access.asked;
    }
    if (asked < visible) {
      return "no interrupt, and the driver's event structure was not read after the used "
             "descriptors were visible";
    }
    return std::nullopt;
  }

  Finding judge_race(bool interrupted) const {
    if (interrupted || driver_saw_all_) return std::nullopt;
    return "no interrupt for a buffer that the driver did not see when it enabled interrupts";
  }

  Case const& case_;
  DeviceUnderTest& device_;
  SharedMemory& memory_;
  std::array<Descriptor, kMostSlots> ring_{};  // as it must be
  std::vector<std::uint16_t> free_ids_;
  std::vector<std::uint16_t> ids_;                               // of all buffers
  std::vector<std::pair<std::uint64_t, std::uint64_t>> tables_;  // where they begin and end
  bool notified_ = false;
  bool driver_saw_all_ = false;  // when it enabled interrupts
};

}  // namespace

Finding run(Case const& each, DeviceUnderTest& device, SharedMemory& memory) {
  try {
    return DeviceRun(each, device, memory).run();
  } catch (std::exception const& failure) {
    return failure.what();
  }
}

}  // namespace ringside::conformance
