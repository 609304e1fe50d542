#include "model/device/virtqueue.hpp"

namespace ringside::model {

Result<Done, DeviceError> Virtqueue::start(QueueSettings const& queue, DescriptorFetch::Rules rules,
                                           bool event_idx) {
  if (auto misplaced = check_placement(queue)) return *misplaced;
  fetch_.start(queue, rules);
  used_.start(queue);
  notifier_.start(queue, event_idx);
  running_ = true;
  return Done{};
}

void Virtqueue::reset() {
  running_ = false;
  fetch_.stop();
  notifier_.reset();
}

Result<Done, DeviceError> Virtqueue::give_back(std::span<Used const> used) {
  if (used.empty()) return Done{};
  if (auto written = used_.write(used); !written) return written;
  std::uint32_t packets = 0;
  std::uint32_t slots = 0;
  for (Used const& each : used) {
    slots += each.slots;
    if (!each.more) ++packets;
  }
  notifier_.used(packets, slots, used_.position(), clock_.now());
  return Done{};
}

}  // namespace ringside::model
