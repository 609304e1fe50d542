#include "testbench/check/narrator.hpp"

#include <cstdio>
#include <numeric>
#include <ostream>

#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

std::string_view name_of(Layer layer) {
  constexpr std::array<std::string_view, 12> kNames{
      "app", "socket", "dns", "tcp", "udp", "icmp", "ip", "arp", "driver", "irq", "nic", "wire"};
  return kNames[static_cast<std::size_t>(layer)];
}

std::string format_microseconds(TimePoint when) {
  std::int64_t const nanoseconds = when.time_since_epoch().count() / 1000;
  std::array<char, 32> text;
  int const length = std::snprintf(text.data(), text.size(), "%lld.%03lld us",
                                   static_cast<long long>(nanoseconds / 1000),
                                   static_cast<long long>(nanoseconds % 1000));
  return {text.data(), static_cast<std::size_t>(length)};
}

void Narrator::tell(TimePoint when, std::string_view host, Layer layer, std::string_view line) {
  if (out_ == nullptr) return;
  if (telling_ == Telling::LeaveOutRoutine && is_routine(when, host, layer, line)) {
    ++left_out_[static_cast<std::size_t>(layer)];
    return;
  }
  tell_left_out(kWorthALine);
  std::array<char, 64> head;
  std::snprintf(head.data(), head.size(), "%16s  %-8.*s %-7.*s", format_microseconds(when).c_str(),
                static_cast<int>(host.size()), host.data(), static_cast<int>(name_of(layer).size()),
                name_of(layer).data());
  *out_ << head.data() << line << '\n';
}

bool Narrator::is_routine(TimePoint when, std::string_view host, Layer layer,
                          std::string_view line) {
  std::string form(host);
  form += static_cast<char>(layer);
  for (char const c : line) {
    bool const digit = c >= '0' && c <= '9';
    if (!digit || form.back() != '0') form += digit ? '0' : c;
  }
  if (habits_.size() >= kMaxForms) habits_.clear();
  Habit& habit = habits_[form];
  if (when - habit.last > kShortTime) habit.times = 0;
  habit.last = when;
  return ++habit.times > kTold;
}

void Narrator::tell_left_out(std::uint64_t least) {
  std::uint64_t const sum = std::accumulate(left_out_.begin(), left_out_.end(), std::uint64_t{0});
  if (sum < least) return;
  *out_ << "             ...  " << sum << (sum == 1 ? " more such line:" : " more such lines:");
  for (std::size_t i = 0; i < kLayers; ++i) {
    if (left_out_[i] != 0) *out_ << ' ' << name_of(static_cast<Layer>(i)) << ' ' << left_out_[i];
  }
  *out_ << '\n';
  left_out_.fill(0);
}

void HostStory::tell(Layer layer, std::string line) {
  narrator_.tell(present(), host_, layer, line);
}

}  // namespace ringside::testbench
