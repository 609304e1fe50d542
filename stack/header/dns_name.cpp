#include "stack/header/dns_name.hpp"

#include <algorithm>

namespace ringside::stack {
namespace {

constexpr std::uint8_t lower(char c) {
  return static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool same_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Takes one character off `text`, which is not empty, and its escape with it.
std::optional<char> take_character(std::string_view& text) {
  char const first = text[0];
  text.remove_prefix(1);
  if (first != '\\') return first;
  if (text.empty()) return std::nullopt;
  auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_digit(text[0])) {
    char const literal = text[0];
    text.remove_prefix(1);
    return literal;
  }
  if (text.size() < 3 || !is_digit(text[1]) || !is_digit(text[2])) return std::nullopt;
  int const value = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
  if (value > 255) return std::nullopt;
  text.remove_prefix(3);
  return static_cast<char>(value);
}

}  // namespace

std::optional<DnsName> DnsName::parse(std::string_view text) {
  DnsName name;
  if (text == ".") return name;
  if (text.empty()) return std::nullopt;
  std::string label;
  while (!text.empty()) {
    if (text[0] == '.') {
      text.remove_prefix(1);
      if (!name.append(label)) return std::nullopt;
      label.clear();
      continue;
    }
    std::optional<char> const character = take_character(text);
    if (!character) return std::nullopt;
    label += *character;
  }
  if (!label.empty() && !name.append(label)) return std::nullopt;
  return name;
}

std::string DnsName::to_string() const {
  if (is_root()) return ".";
  std::string text;
  for (std::size_t at = 0; at < labels_.size();) {
    auto const length = static_cast<std::uint8_t>(labels_[at]);
    if (!text.empty()) text += '.';
    for (char const c : std::string_view(labels_).substr(at + 1, length)) {
      auto const byte = static_cast<std::uint8_t>(c);
      if (byte <= ' ' || byte >= 0x7F) {
        text += {'\\', static_cast<char>('0' + byte / 100), static_cast<char>('0' + byte / 10 % 10),
                 static_cast<char>('0' + byte % 10)};
        continue;
      }
      if (c == '.' || c == '\\') text += '\\';
      text += c;
    }
    at += 1u + length;
  }
  return text;
}

std::size_t DnsName::label_count() const {
  std::size_t count = 0;
  for (std::size_t at = 0; at < labels_.size(); ++count) {
    at += 1u + static_cast<std::uint8_t>(labels_[at]);
  }
  return count;
}

DnsName DnsName::parent() const {
  DnsName name;
  if (!is_root()) name.labels_ = labels_.substr(1u + static_cast<std::uint8_t>(labels_[0]));
  return name;
}

bool DnsName::is_within(DnsName const& ancestor) const {
  // Cut label by label, so that the end of a label is not taken for a label.
  std::string_view rest = labels_;
  while (rest.size() > ancestor.labels_.size()) {
    rest.remove_prefix(1u + static_cast<std::uint8_t>(rest[0]));
  }
  return same_without_case(rest, ancestor.labels_);
}

bool DnsName::append(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel) return false;
  if (wire_size() + 1 + label.size() > kMaxWire) return false;
  labels_ += static_cast<char>(label.size());
  labels_ += label;
  return true;
}

std::size_t DnsName::hash() const {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;  // FNV-1a, the same on every machine
  for (char const c : labels_) hash = (hash ^ lower(c)) * 0x100'0000'01B3;
  return hash;
}

int DnsName::compare(DnsName const& other) const {
  std::size_t const common = std::min(labels_.size(), other.labels_.size());
  for (std::size_t i = 0; i < common; ++i) {
    int const difference = lower(labels_[i]) - lower(other.labels_[i]);
    if (difference != 0) return difference;
  }
  if (labels_.size() == other.labels_.size()) return 0;
  return labels_.size() < other.labels_.size() ? -1 : 1;
}

}  // namespace ringside::stack
