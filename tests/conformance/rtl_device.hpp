// The Verilated virtqueues behind the kit's seam.
#pragma once

#include <memory>

#include "tests/conformance/device_under_test.hpp"

namespace ringside::conformance {

std::unique_ptr<DeviceUnderTest> rtl_device(SharedMemory& memory);

}  // namespace ringside::conformance
