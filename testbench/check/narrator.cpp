#include "testbench/check/narrator.hpp"

#include <array>
#include <cstdio>
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
  ++lines_;
  std::array<char, 64> head;
  int const length =
      std::snprintf(head.data(), head.size(), "%16s  %-8.*s %-7.*s",
                    format_microseconds(when).c_str(), static_cast<int>(host.size()), host.data(),
                    static_cast<int>(name_of(layer).size()), name_of(layer).data());
  *out_ << std::string_view(head.data(), static_cast<std::size_t>(length)) << line << '\n';
}

void HostStory::tell(Layer layer, std::string line) {
  narrator_.tell(present(), host_, layer, line);
}

}  // namespace ringside::testbench
