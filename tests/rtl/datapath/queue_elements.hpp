// Elements of several queues on a port that holds one of each: a number for an address, so that it
// can be told which came out.
#pragma once

#include <cstdint>
#include <deque>

#include "tests/rtl/virtio/bits.hpp"

namespace ringside::test {

inline constexpr unsigned kPairs = 4;
inline constexpr unsigned kElementBits = 123;
inline constexpr unsigned kElementLast = 122;

struct QueueElement {
  std::uint64_t number = 0;
  bool last = false;
};

template <class Port>
void set_element(Port& port, unsigned queue, QueueElement element) {
  testbench::set_bits(port, kElementBits * queue, 64, element.number);
  testbench::set_bits(port, kElementBits * queue + kElementLast, 1, element.last ? 1 : 0);
}

template <class Port>
QueueElement get_element(Port const& port) {
  return {testbench::bits(port, 0, 64), testbench::bits(port, kElementLast, 1) != 0};
}

}  // namespace ringside::test
