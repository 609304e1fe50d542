// A program pair on two hosts: at a steady pace one asks, the other answers at once.
#pragma once

#include <cstdint>

#include "interface/base/time.hpp"
#include "stack/header/ipv4_address.hpp"
#include "testbench/app/sockets.hpp"

namespace ringside::testbench {

struct Exchanges {
  Duration pace{20'000'000};  // from one question to the next
  std::uint64_t done = 0;
  bool wanted = true;  // what is false once ends it
  bool failed = false;
};

// Questions and answers of 64 bytes each over one TCP connection. `exchanges` must live as long as
// the hosts run.
void start_answering(Sockets const& sockets, Exchanges& exchanges);
void start_asking(Sockets const& sockets, stack::Ipv4Address whom, Exchanges& exchanges);

}  // namespace ringside::testbench
