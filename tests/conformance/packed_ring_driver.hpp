// The driver's packed ring behind the kit's seam.
#pragma once

#include <memory>

#include "tests/conformance/driver_under_test.hpp"

namespace ringside::conformance {

std::unique_ptr<DriverUnderTest> packed_ring_driver(SharedMemory& memory);

}  // namespace ringside::conformance
