// Which counters tell of a frame's length and address (RFC 2819).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "interface/base/bytes.hpp"
#include "model/device/statistics.hpp"

namespace ringside::model {

enum class Way : bool { Received, Sent };

// By the length with the FCS, 64 or more.
Statistics::Counter size_counter(Way way, std::uint64_t length);
// By the destination address; nothing if it is one station's.
std::optional<Statistics::Counter> cast_counter(Way way, Bytes frame);

// All counters that tell of a frame that is sent, destination address to FCS.
using CountSink = std::function<void(Statistics::Counter, std::uint64_t amount)>;
void count_sent(Bytes frame, CountSink const& count);

}  // namespace ringside::model
