#include "model/device/link_fault.hpp"

#include <algorithm>

namespace ringside::model {

void LinkFault::change(LineChange const& change) {
  if (line_ != LineSignal::Idle && change.start > since_) {
    sets_ = std::min<std::int64_t>(kSetsOfFault, sets_ + (change.start - since_) / kColumn);
    last_ = change.start - kColumn;
  }
  if (change.signal != LineSignal::Idle && change.signal != kind_) {
    kind_ = change.signal;
    sets_ = 0;
  }
  line_ = change.signal;
  since_ = change.start;
}

TimePoint LinkFault::next() const {
  if (line_ == LineSignal::Idle) return sets_ == 0 ? kNever : last_ + kColumnsOfSilence * kColumn;
  if (fault_ == kind_) return kNever;
  return since_ + (kSetsOfFault - 1 - sets_) * kColumn;
}

std::optional<LineChange> LinkFault::step(TimePoint now) {
  TimePoint const at = next();
  if (at > now) return std::nullopt;
  LineSignal const before = fault_;
  if (line_ == LineSignal::Idle) {
    sets_ = 0;
    fault_ = LineSignal::Idle;
  } else {
    fault_ = kind_;
  }
  if (fault_ == before) return std::nullopt;
  return LineChange{at, fault_};
}

}  // namespace ringside::model
