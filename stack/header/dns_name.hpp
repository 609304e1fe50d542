// A domain name (RFC 1035, 3.1): labels of bytes, compared without regard to ASCII case, kept with
// it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringside::stack {

class DnsName {
 public:
  static constexpr std::size_t kMaxLabel = 63;
  static constexpr std::size_t kMaxWire = 255;  // with the root label

  DnsName() = default;  // the root

  // "www.example.com", with or without a dot behind it; "." is the root. A backslash takes the next
  // character literally, or the byte of three decimal digits (RFC 1035, 5.1).
  static std::optional<DnsName> parse(std::string_view text);
  // The reverse of parse(), without the dot behind it.
  std::string to_string() const;

  bool is_root() const { return labels_.empty(); }
  std::size_t label_count() const;
  // Without the first label; the root has none to lose.
  DnsName parent() const;
  // Whether this is `ancestor` or lies below it.
  bool is_within(DnsName const& ancestor) const;

  // One more label behind those that are there. False, and nothing is changed, if it is empty or
  // too long, or the name would be.
  bool append(std::string_view label);

  // As on the wire without compression and without the root label.
  std::string_view labels() const { return labels_; }
  std::size_t wire_size() const { return labels_.size() + 1; }

  bool operator==(DnsName const& other) const { return compare(other) == 0; }
  std::weak_ordering operator<=>(DnsName const& other) const { return compare(other) <=> 0; }
  std::size_t hash() const;

 private:
  int compare(DnsName const& other) const;

  // Length byte, label, and so on. A length byte is at most 63, so it is no letter and lower case
  // can be taken of everything.
  std::string labels_;
};

}  // namespace ringside::stack
