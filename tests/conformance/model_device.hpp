// The reference model's virtqueue behind the kit's seam.
#pragma once

#include <memory>

#include "tests/conformance/device_under_test.hpp"

namespace ringside::conformance {

std::unique_ptr<DeviceUnderTest> model_device(SharedMemory& memory);

}  // namespace ringside::conformance
