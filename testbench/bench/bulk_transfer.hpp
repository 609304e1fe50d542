// A program pair on two hosts: one sends as fast as TCP takes it, one reads and forgets.
#pragma once

#include <cstdint>

#include "stack/header/ipv4_address.hpp"
#include "testbench/app/sockets.hpp"

namespace ringside::testbench {

struct BulkTransfer {
  std::uint64_t bytes = 0;  // read so far
  bool wanted = true;       // what is false once ends the transfer
  bool failed = false;
};

// `transfer` must live as long as the hosts run.
void start_bulk_sink(Sockets const& sockets, BulkTransfer& transfer);
void start_bulk_source(Sockets const& sockets, stack::Ipv4Address sink, BulkTransfer& transfer);

}  // namespace ringside::testbench
