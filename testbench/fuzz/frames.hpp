// Frames as random runs send them either way, and how a NIC has to count those that are no data.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/base/mac_address.hpp"
#include "testbench/fuzz/case.hpp"

namespace ringside::testbench::fuzz {

// Contents that are told apart: a number behind the addresses, around it bytes that count.
// `destination` is one of to::To.
std::vector<std::uint8_t> numbered_frame(std::uint32_t number, std::size_t size,
                                         std::int64_t type = offer::Plain,
                                         std::int64_t destination = to::Whatever);

// The MAC control frame of a control::... action.
std::vector<std::uint8_t> control_frame(Action const& action);

// Of a good frame (without FCS) that is for the MAC alone: its counter in the NIC. A reading of the
// standard that owes nothing to the reference's.
std::optional<std::string_view> control_counter(Bytes frame);

enum class Cast : std::uint8_t { One, Group, All };
Cast cast_of(Bytes frame);

// Stations and groups: first those that frames are sent to.
MacAddress address_of(std::uint32_t number);

// The largest there is, without FCS.
std::size_t longest(std::int64_t type);

}  // namespace ringside::testbench::fuzz
