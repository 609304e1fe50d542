// A queue of at most N elements in place: for what is looked at in every cycle of a NIC.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace ringside::testbench {

template <class T, std::size_t N>
class BoundedQueue {
  static_assert(N != 0 && (N & (N - 1)) == 0, "positions wrap by a mask");

 public:
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }

  T const& front() const {
    assert(!empty());
    return elements_[head_ % N];
  }
  void push_back(T const& element) {
    assert(size() < N);
    elements_[tail_++ % N] = element;
  }
  void pop_front() {
    assert(!empty());
    ++head_;
  }

 private:
  std::array<T, N> elements_{};
  std::uint32_t head_ = 0;  // both count on and on; their difference stays right when they wrap
  std::uint32_t tail_ = 0;
};

}  // namespace ringside::testbench
