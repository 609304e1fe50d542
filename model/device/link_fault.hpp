// Link faults (IEEE 802.3, 46.3.4): four fault sequences of one kind, never 128 columns apart, are
// a fault; 128 columns without one end it.
#pragma once

#include <cstdint>
#include <optional>

#include "interface/seam/wire.hpp"

namespace ringside::model {

// Told what the line carries between frames, it says when the fault that is reported changes.
class LinkFault {
 public:
  static constexpr Duration kColumn = 4 * kByteTime;

  // Changes come in the order of their time, and step() has been asked for all before.
  void change(LineChange const& change);

  // When the fault changes next if the line stays as it is; kNever: it does not.
  TimePoint next() const;
  // The next change of the fault at or before `now`: the time is that of the column that decides.
  std::optional<LineChange> step(TimePoint now);

  LineSignal fault() const { return fault_; }

 private:
  static constexpr std::int64_t kSetsOfFault = 4;
  static constexpr std::int64_t kColumnsOfSilence = 128;

  LineSignal line_ = LineSignal::Idle;
  TimePoint since_{};                   // the line has been so
  LineSignal kind_ = LineSignal::Idle;  // of the sets counted
  std::int64_t sets_ = 0;               // up to `since_`
  TimePoint last_{};                    // column of the last of them
  LineSignal fault_ = LineSignal::Idle;
};

}  // namespace ringside::model
