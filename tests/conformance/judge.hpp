// Runs one case against a device or a driver, playing the other side, and says what was wrong.
#pragma once

#include <optional>
#include <string>

#include "tests/conformance/device_under_test.hpp"
#include "tests/conformance/driver_under_test.hpp"

namespace ringside::conformance {

// The first thing that differs from what must be; nothing if all is well.
using Finding = std::optional<std::string>;

Finding run(Case const& each, DeviceUnderTest& device, SharedMemory& memory);
Finding run(Case const& each, DriverUnderTest& driver, SharedMemory& memory);

// Words for findings.
std::string to_text(Element const& element);
std::string to_text(Descriptor const& descriptor);
std::string to_text(Place place);

}  // namespace ringside::conformance
