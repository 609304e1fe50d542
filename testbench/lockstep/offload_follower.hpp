// Whether headers of received packets tell of checksums. That is decided when a header is made,
// which may be long before it is seen; around a change both are right.
#pragma once

#include "interface/base/time.hpp"

namespace ringside::testbench::lockstep {

class OffloadFollower {
 public:
  // A session begins.
  void start(bool checksum) {
    checksum_ = checksum;
    unsure_until_ = {};
  }
  // From now on, or from some time until it is settled.
  void set(bool checksum) {
    if (checksum == checksum_) return;
    checksum_ = checksum;
    unsure_until_ = kNever;
  }
  void settled(TimePoint at) {
    if (unsure_until_ == kNever) unsure_until_ = at + kMomentToHeader;
  }

  // Of a frame that began then.
  bool may_be(bool checksum, TimePoint start) const {
    return checksum == checksum_ || start < unsure_until_;
  }

 private:
  // From a setting to the headers that it shows in.
  static constexpr Duration kMomentToHeader{1'000'000};

  bool checksum_ = false;
  TimePoint unsure_until_{};  // frames that began before may have either; kNever: not settled
};

}  // namespace ringside::testbench::lockstep
