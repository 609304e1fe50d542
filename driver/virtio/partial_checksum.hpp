// Completes a transport checksum that a virtual device left to its reader.
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"

namespace ringside::driver {

// The field at start + offset holds the pseudo header's sum; the Internet checksum of everything
// from `start` on replaces it (virtio 1.3, 5.1.6.4.2). False if the field is not in the frame.
bool complete_checksum(MutableBytes frame, std::uint16_t start, std::uint16_t offset);

}  // namespace ringside::driver
