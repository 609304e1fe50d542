// The DNS message (RFC 1035, 4): plain values, decoded from and encoded into wire format.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"
#include "stack/header/dns_name.hpp"
#include "stack/header/ipv4_address.hpp"

namespace ringside::stack {

// May hold any number that came over the wire; so may the class and the codes below.
enum class DnsType : std::uint16_t {
  A = 1,
  Ns = 2,
  Cname = 5,
  Soa = 6,
  Ptr = 12,
  Mx = 15,
  Txt = 16,
  Aaaa = 28,
  Srv = 33,
  Opt = 41,
  Any = 255,
};
enum class DnsClass : std::uint16_t { In = 1, Any = 255 };
enum class DnsOpcode : std::uint8_t { Query = 0 };
enum class DnsRcode : std::uint8_t {
  NoError = 0,
  FormatError = 1,
  ServerFailure = 2,
  NameError = 3,  // NXDOMAIN
  NotImplemented = 4,
  Refused = 5,
};

struct DnsHeader {
  static constexpr std::size_t kSize = 12;

  std::uint16_t id = 0;
  bool response = false;
  DnsOpcode opcode = DnsOpcode::Query;
  bool authoritative = false;
  bool truncated = false;
  bool recursion_desired = false;
  bool recursion_available = false;
  DnsRcode rcode = DnsRcode::NoError;

  // The header alone, so that a server can answer a message whose rest is broken.
  static std::optional<DnsHeader> parse(Bytes message);
  bool operator==(DnsHeader const&) const = default;
};

struct DnsQuestion {
  DnsName name;
  DnsType type = DnsType::A;
  DnsClass klass = DnsClass::In;
  bool operator==(DnsQuestion const&) const = default;
};

using Ipv6Bytes = std::array<std::uint8_t, 16>;

struct DnsSoa {
  DnsName primary;
  DnsName mailbox;
  std::uint32_t serial = 0;
  std::uint32_t refresh_s = 0;
  std::uint32_t retry_s = 0;
  std::uint32_t expire_s = 0;
  std::uint32_t minimum_s = 0;  // how long "there is no such thing" may be cached (RFC 2308)
  bool operator==(DnsSoa const&) const = default;
};

struct DnsExchange {  // MX
  std::uint16_t preference = 0;
  DnsName host;
  bool operator==(DnsExchange const&) const = default;
};

using DnsText = std::vector<std::string>;     // strings of at most 255 bytes, at least one
using DnsOpaque = std::vector<std::uint8_t>;  // of every other type, as it is (RFC 3597)
using DnsData = std::variant<DnsOpaque,       //
                             Ipv4Address,     // A
                             Ipv6Bytes,       // AAAA
                             DnsName,         // NS, CNAME, PTR
                             DnsSoa, DnsExchange, DnsText>;

struct DnsRecord {
  DnsName name;
  DnsType type = DnsType::A;
  DnsClass klass = DnsClass::In;
  std::uint32_t ttl_s = 0;
  DnsData data;  // the alternative that belongs to the type
  bool operator==(DnsRecord const&) const = default;
};

struct DnsMessage {
  DnsHeader header;
  std::vector<DnsQuestion> questions;
  std::vector<DnsRecord> answers;
  std::vector<DnsRecord> authorities;
  std::vector<DnsRecord> additionals;

  static DnsMessage query(std::uint16_t id, DnsName name, DnsType type, bool recursion_desired);
  // Id, opcode, RD and questions of `query`; NoError until something else is set.
  static DnsMessage reply_to(DnsMessage const& query);
  bool operator==(DnsMessage const&) const = default;
};

enum class DnsDecodeError : std::uint8_t {
  TooShort,       // the message ends inside what its counts promise
  BadName,        // a label or name too long, or a pointer that does not lead back
  BadData,        // record data that does not fit its length or its type
  TrailingBytes,  // more than its counts account for
};

enum class DnsEncodeError : std::uint8_t {
  TooLong,  // not even header and questions fit
  BadData,  // data not of the record's type, or too long for its length fields
};

inline constexpr std::size_t kDnsUdpLimit = 512;  // without EDNS0 (RFC 1035, 4.2.1)
inline constexpr std::size_t kDnsTcpLimit = 65535;

Result<DnsMessage, DnsDecodeError> decode_dns(Bytes message);

// At most `limit` bytes (not more than kDnsTcpLimit). Sets of records (same name, type, class, one
// behind the other) go in whole or not at all. One that is left out of answers or authorities ends
// them and sets TC; additional records are dispensable (RFC 2181, 9), but for OPT.
Result<std::vector<std::uint8_t>, DnsEncodeError> encode_dns(DnsMessage const& message,
                                                             std::size_t limit);

}  // namespace ringside::stack
