#include "testbench/lockstep/judge.hpp"

#include <algorithm>
#include <cstdio>

#include "testbench/check/narrator.hpp"

namespace ringside::testbench::lockstep {

void Judge::note(Side side, TimePoint at, Topic topic, char const* what, std::uint64_t address,
                 std::uint64_t number) {
  if (difference_) return;
  Notes& notes = notes_[static_cast<std::size_t>(side)][static_cast<std::size_t>(topic)];
  notes.ring[notes.next] = {at, what, address, number};
  notes.next = (notes.next + 1) % kKept;
}

void Judge::differ(TimePoint at, Topic topic, std::string what) {
  if (!difference_) difference_ = {at, topic, std::move(what)};
}

std::string Judge::text_of(Notes const& notes) {
  std::string text;
  for (std::size_t i = 0; i < kKept; ++i) {
    Note const& note = notes.ring[(notes.next + i) % kKept];
    if (note.what == nullptr) continue;
    text.append("    ").append(format_microseconds(note.at)).append("  ").append(note.what);
    if (note.address != 0) text.append(" ").append(hex(note.address));
    if (note.number != 0) text.append(", ").append(std::to_string(note.number));
    text += '\n';
  }
  return text.empty() ? "    nothing\n" : text;
}

std::string Judge::account() const {
  if (!difference_) return "no difference";
  auto const topic = static_cast<std::size_t>(difference_->topic);
  return format_microseconds(difference_->at) + ": " + difference_->what + "\n  RTL, last:\n" +
         text_of(notes_[static_cast<std::size_t>(Side::Rtl)][topic]) + "  reference, last:\n" +
         text_of(notes_[static_cast<std::size_t>(Side::Reference)][topic]);
}

std::string hex(std::uint64_t value) {
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(value));
  return text.data();
}

std::string hex_bytes(std::uint8_t const* bytes, std::size_t count) {
  constexpr std::size_t kShown = 16;
  std::string text;
  for (std::size_t i = 0; i < std::min(count, kShown); ++i) {
    std::array<char, 4> byte;
    std::snprintf(byte.data(), byte.size(), "%02x ", bytes[i]);
    text += byte.data();
  }
  return text + (count > kShown ? "... " : "") + "(" + std::to_string(count) + " bytes)";
}

}  // namespace ringside::testbench::lockstep
