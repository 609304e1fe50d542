// A value or the reason why there is none, with the members of C++23's std::expected.
#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace ringside {

// E is an enum that holds only the errors which can happen. Marked so that no failure goes unread.
template <class T, class E>
class [[nodiscard]] Result {
  static_assert(std::is_enum_v<E>, "an error is an enum with the cases that can happen");

 public:
  using value_type = T;
  using error_type = E;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, error) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *this->operator->(); }
  T const& value() const& { return *this->operator->(); }
  T&& value() && { return std::move(*this->operator->()); }
  T& operator*() & { return value(); }
  T const& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() {
    assert(has_value());
    return std::get_if<0>(&state_);
  }
  T const* operator->() const {
    assert(has_value());
    return std::get_if<0>(&state_);
  }

  E error() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  std::variant<T, E> state_;
};

// The value of an operation that can only succeed or fail.
using Done = std::monostate;

}  // namespace ringside
