// Runs one case against a device or a driver, playing the other side, and says what was wrong.
#pragma once

#include <optional>
#include <string>

#include "tests/conformance/device_under_test.hpp"
#include "tests/conformance/driver_under_test.hpp"

namespace ringside::conformance {

// A case with a moment asks for the races that both sides must win (2.8.21.3.1, 2.8.22):
// - a device finds a buffer that was made available, and notified of, while it looked for others;
// - it interrupts for one that the driver, who enabled interrupts and looked, did not see;
// - a driver notifies of one that the device, who enabled notifications and looked, did not see;
// - having enabled interrupts, it has seen what the device used and kept silent about.

// The first thing that differs from what must be; nothing if all is well.
using Finding = std::optional<std::string>;

Finding run(Case const& each, DeviceUnderTest& device, SharedMemory& memory);
Finding run(Case const& each, DriverUnderTest& driver, SharedMemory& memory);

// Words for findings.
std::string to_text(Element const& element);
std::string to_text(Descriptor const& descriptor);
std::string to_text(Place place);

}  // namespace ringside::conformance
