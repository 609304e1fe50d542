// A VirtioNet on a scripted device with a control queue.
#pragma once

#include "interface/layout/control.hpp"
#include "tests/driver/virtio/virtio_net_fixture.hpp"

namespace ringside::test {

struct ControlTest : VirtioNetTest {
  using Outcome = Result<Done, driver::ControlError>;

  ControlTest() { device.queues = FakeDevice::kControl + 1; }

  driver::DeviceControl& control() { return net->control(); }

  // Live, and past what is told to each device that comes up.
  void start_and_forget() {
    start();
    settle();
    device.commands.clear();
  }
  void settle() { executor.run_for(std::chrono::milliseconds(1)); }

  // A handler that notes what it hears.
  driver::DeviceControl::Handler hear() {
    return [this](Outcome outcome) { heard.push_back(outcome); };
  }
  bool heard_ok() const { return heard.size() == 1 && heard[0]; }
  bool heard_only(driver::ControlError error) const {
    return heard.size() == 1 && !heard[0] && heard[0].error() == error;
  }

  static Frame command(std::uint16_t number, Frame data = {}) {
    Frame all(layout::kControlHeadBytes);
    store_be<std::uint16_t>(all.data(), number);
    all.insert(all.end(), data.begin(), data.end());
    return all;
  }
  bool was_told(Frame const& what) const {
    return std::find(device.commands.begin(), device.commands.end(), what) != device.commands.end();
  }

  std::vector<Outcome> heard;
};

}  // namespace ringside::test
