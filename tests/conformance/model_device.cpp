#include "tests/conformance/model_device.hpp"

#include "model/device/virtqueue.hpp"

namespace ringside::conformance {
namespace {

class Memory final : public model::HostMemory {
 public:
  explicit Memory(SharedMemory& memory) : memory_(memory) {}

  Result<Done, model::MemoryError> read(std::uint64_t address, MutableBytes into) override {
    auto const read = memory_.ask(address, static_cast<std::uint32_t>(into.size()));
    if (!memory_.answer(read, into)) return model::MemoryError::Refused;
    return Done{};
  }
  Result<Done, model::MemoryError> write(std::uint64_t address, Bytes from) override {
    if (!memory_.write(address, from)) return model::MemoryError::Refused;
    return Done{};
  }

 private:
  SharedMemory& memory_;
};

struct StandingClock final : model::Clock {
  TimePoint now() const override { return {}; }
};

class ModelDevice final : public DeviceUnderTest {
 public:
  explicit ModelDevice(SharedMemory& memory) : memory_(memory) {}

  void start(Queue const& queue) override {
    queue_.reset();
    session_.reset();
    session_.begin();
    found_.clear();
    broken_ = false;
    note(queue_.start({.enabled = true,
                       .size = queue.size,
                       .descriptors = queue.descriptors,
                       .driver_events = queue.driver_events,
                       .device_events = queue.device_events},
                      {.indirect = queue.indirect}, queue.event_idx));
  }

  std::vector<std::vector<Element>> find(bool notified) override {
    auto& available = queue_.available();
    if (notified) available.announce();
    while (!broken_ && available.announced()) note(available.fetch());
    std::vector<std::vector<Element>> all;
    for (model::Buffer const& buffer : available.waiting()) {
      auto& elements = all.emplace_back();
      for (model::Element const& each : buffer.elements) {
        elements.push_back({each.address, each.length, each.writable});
      }
      found_.push_back({.id = buffer.id, .slots = buffer.slots});
    }
    available.take(all.size());
    return all;
  }

  void notify_meanwhile() override { queue_.available().announce(); }

  bool give_back(std::span<Completion const> completions, bool one_packet) override {
    bool interrupted = false;
    std::vector<model::Used> packet;
    for (Completion const& each : completions) {
      model::Used used = found_.at(each.buffer);
      used.length = each.written;
      used.more = one_packet && &each != &completions.back();
      packet.push_back(used);
      if (used.more) continue;
      note(queue_.give_back(packet));
      packet.clear();
      interrupted = decide() || interrupted;
    }
    return interrupted;
  }

  bool broken() const override { return broken_; }

 private:
  void note(Result<Done, model::DeviceError> const& result) { broken_ = broken_ || !result; }

  bool decide() {
    auto& notifier = queue_.notifier();
    if (!notifier.due(clock_.now())) return false;
    auto const decided = notifier.decide(clock_.now());
    broken_ = broken_ || !decided;
    return decided.value_or(false);
  }

  Memory memory_;
  StandingClock clock_;
  model::Session session_;
  model::Virtqueue queue_{memory_, session_, clock_};
  std::vector<model::Used> found_;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<DeviceUnderTest> model_device(SharedMemory& memory) {
  return std::make_unique<ModelDevice>(memory);
}

}  // namespace ringside::conformance
