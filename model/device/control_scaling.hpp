// Commands that spread received packets over queue pairs (virtio 1.3, 5.1.6.5.5 and 5.1.6.5.6).
#pragma once

#include "interface/base/bytes.hpp"
#include "model/device/control_command.hpp"

namespace ringside::model {

// Of their data. False: refused, nothing has changed.
bool set_pairs(Bytes data, ControlTarget& target);
bool set_scaling(Bytes data, ControlTarget& target);
// Which hashes the driver hears of (5.1.6.5.6.4); where packets go is another matter.
bool set_hashing(Bytes data, ControlTarget& target);

}  // namespace ringside::model
