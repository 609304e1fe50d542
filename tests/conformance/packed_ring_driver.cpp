#include "tests/conformance/packed_ring_driver.hpp"

#include <array>
#include <utility>

#include "driver/virtio/packed_ring.hpp"

namespace ringside::conformance {
namespace {

// Hands out SharedMemory; the device's addresses are offsets in it.
class Memory final : public DmaMemory {
 public:
  explicit Memory(SharedMemory& memory) : memory_(memory) {}

  MutableBytes allocate(std::size_t size, std::size_t alignment) override {
    std::uint64_t const begin = (end_ + alignment - 1) / alignment * alignment;
    if (begin + size > SharedMemory::kSize) return {};
    end_ = begin + size;
    return {memory_.at(begin), size};
  }
  Result<std::uint64_t, DmaError> map(MutableBytes bytes, DmaDirection) override {
    return static_cast<std::uint64_t>(bytes.data() - memory_.at(0));
  }
  void unmap(std::uint64_t, std::size_t) override {}
  void write_barrier() override {
    if (at_barrier) at_barrier(DriverUnderTest::Barrier::Write);
  }
  void read_barrier() override {
    if (at_barrier) at_barrier(DriverUnderTest::Barrier::Read);
  }

  std::function<void(DriverUnderTest::Barrier)> at_barrier;

 private:
  SharedMemory& memory_;
  std::uint64_t end_ = 0;
};

class PackedRingDriver final : public DriverUnderTest {
 public:
  explicit PackedRingDriver(SharedMemory& memory) : memory_(memory) {}

  // With INDIRECT_DESC several elements always take a table, and one never does.
  bool can(Case const& each) const override {
    for (Step const& step : each.steps) {
      for (Buffer const& buffer : step.add) {
        if (buffer.table != (each.indirect && buffer.elements() > 1)) return false;
      }
    }
    return true;
  }

  Queue start(std::uint16_t size, bool indirect, bool event_idx) override {
    ring_.stop();
    added_ = 0;
    [[maybe_unused]] auto const started = ring_.start({size, event_idx, indirect});
    assert(started);
    auto const layout = ring_.layout();
    return {size,     layout.descriptors, layout.driver_events, layout.device_events,
            indirect, event_idx};
  }

  bool add(std::span<Element const> elements) override {
    std::array<driver::RingElement, kMostElements> pieces;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      pieces.at(i) = {elements[i].address, elements[i].length, elements[i].write};
    }
    auto const id = ring_.add({pieces.data(), elements.size()});
    if (id) by_id_.at(*id) = added_++;
    return id.has_value();
  }

  bool notification_due() override { return ring_.notification_due(); }

  std::optional<Taken> take() override {
    auto const used = ring_.take_used();
    if (!used) return std::nullopt;
    return Taken{by_id_.at(used->id), used->length};
  }

  void disable_interrupts() override { ring_.disable_interrupts(); }
  bool enable_interrupts() override { return ring_.enable_interrupts(); }
  bool watch_barriers(std::function<void(Barrier)> at_barrier) override {
    memory_.at_barrier = std::move(at_barrier);
    return true;
  }
  bool broken() const override { return ring_.broken(); }

 private:
  Memory memory_;
  driver::PackedRing ring_{memory_, kMostSlots, kMostElements};
  std::array<std::uint16_t, kMostSlots> by_id_{};
  std::uint16_t added_ = 0;
};

}  // namespace

std::unique_ptr<DriverUnderTest> packed_ring_driver(SharedMemory& memory) {
  return std::make_unique<PackedRingDriver>(memory);
}

}  // namespace ringside::conformance
