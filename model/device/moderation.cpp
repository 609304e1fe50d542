#include "model/device/moderation.hpp"

#include "interface/layout/limits.hpp"

namespace ringside::model {

Duration Moderation::Setting::time() const {
  constexpr auto kUnit =
      static_cast<std::int64_t>(layout::find(layout::kLimits, "moderation_ps_per_us").value);
  return Duration{max_usecs * kUnit};
}

bool Moderation::met(TimePoint now) const {
  if (count_ == 0) return false;
  return !setting_.moderates() || count_ >= setting_.max_packets || now >= deadline();
}

bool Moderation::packet(TimePoint now) {
  bool const earlier = expire(now);
  if (count_ == 0) first_ = now;
  ++count_;
  return expire(now) || earlier;
}

bool Moderation::expire(TimePoint now) {
  bool const due = met(now);
  if (due) count_ = 0;
  return due;
}

bool Moderation::set(Setting setting, TimePoint now) {
  setting_ = setting;
  return expire(now);
}

TimePoint Moderation::deadline() const { return count_ == 0 ? kNever : first_ + setting_.time(); }

}  // namespace ringside::model
