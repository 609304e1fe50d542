#include <algorithm>
#include <map>
#include <span>

#include "stack/header/dns_message.hpp"

namespace ringside::stack {
namespace {

// Fixed part of a record behind its name: type, class, TTL, data length.
constexpr std::size_t kRecordFixed = 10;

// Writes a message front to back. What no longer fits is noticed, not written: see overflowed().
class Writer {
 public:
  explicit Writer(std::size_t limit) : limit_(limit) {}

  std::size_t size() const { return bytes_.size(); }
  bool overflowed() const { return bytes_.size() > limit_; }
  void set_limit(std::size_t limit) { limit_ = limit; }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }
  std::uint8_t* data() { return bytes_.data(); }

  template <std::unsigned_integral T>
  void number(T value) {
    bytes_.resize(bytes_.size() + sizeof(T));
    store_be(bytes_.data() + bytes_.size() - sizeof(T), value);
  }
  void raw(Bytes bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void raw(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }

  // Points to the longest tail written before, letter case included, so that case is kept.
  void name(DnsName const& name) {
    std::string_view rest = name.labels();
    while (!rest.empty()) {
      auto const known = tails_.find(rest);
      if (known != tails_.end()) {
        number(static_cast<std::uint16_t>(0xC000 | known->second));
        return;
      }
      if (size() <= 0x3FFF) tails_.emplace(rest, static_cast<std::uint16_t>(size()));
      std::size_t const label = 1u + static_cast<std::uint8_t>(rest[0]);
      raw(rest.substr(0, label));
      rest.remove_prefix(label);
    }
    number(std::uint8_t{0});
  }

  // Forgets all that was written from `size` on.
  void cut(std::size_t size) {
    bytes_.resize(size);
    std::erase_if(tails_, [&](auto const& tail) { return tail.second >= size; });
  }

 private:
  std::size_t limit_;
  std::vector<std::uint8_t> bytes_;
  std::map<std::string, std::uint16_t, std::less<>> tails_;
};

// One for each alternative of DnsData. False if the data cannot be written.
struct DataWriter {
  Writer& writer;

  bool operator()(DnsOpaque const& data) const { return writer.raw(Bytes(data)), true; }
  bool operator()(Ipv4Address data) const { return writer.number(data.value), true; }
  bool operator()(Ipv6Bytes const& data) const { return writer.raw(Bytes(data)), true; }
  bool operator()(DnsName const& data) const { return writer.name(data), true; }
  bool operator()(DnsSoa const& data) const {
    writer.name(data.primary);
    writer.name(data.mailbox);
    for (std::uint32_t const value :
         {data.serial, data.refresh_s, data.retry_s, data.expire_s, data.minimum_s}) {
      writer.number(value);
    }
    return true;
  }
  bool operator()(DnsExchange const& data) const {
    writer.number(data.preference);
    writer.name(data.host);
    return true;
  }
  bool operator()(DnsText const& data) const {
    for (std::string const& text : data) {
      if (text.size() > 0xFF) return false;
      writer.number(static_cast<std::uint8_t>(text.size()));
      writer.raw(text);
    }
    return !data.empty();
  }
};

bool fits_type(DnsRecord const& record) {
  if (std::holds_alternative<DnsOpaque>(record.data)) return true;
  if (record.klass != DnsClass::In) return false;
  switch (record.type) {
    case DnsType::A:
      return std::holds_alternative<Ipv4Address>(record.data);
    case DnsType::Aaaa:
      return std::holds_alternative<Ipv6Bytes>(record.data);
    case DnsType::Ns:
    case DnsType::Cname:
    case DnsType::Ptr:
      return std::holds_alternative<DnsName>(record.data);
    case DnsType::Soa:
      return std::holds_alternative<DnsSoa>(record.data);
    case DnsType::Mx:
      return std::holds_alternative<DnsExchange>(record.data);
    case DnsType::Txt:
      return std::holds_alternative<DnsText>(record.data);
    default:
      return false;
  }
}

bool write_record(Writer& writer, DnsRecord const& record) {
  if (!fits_type(record)) return false;
  writer.name(record.name);
  writer.number(static_cast<std::uint16_t>(record.type));
  writer.number(static_cast<std::uint16_t>(record.klass));
  writer.number(record.ttl_s);
  writer.number(std::uint16_t{0});
  std::size_t const begin = writer.size();
  if (!std::visit(DataWriter{writer}, record.data)) return false;
  std::size_t const length = writer.size() - begin;
  if (length > 0xFFFF) return false;
  store_be(writer.data() + begin - 2, static_cast<std::uint16_t>(length));
  return true;
}

// The records from the front that make a set (RFC 2181, 5).
std::span<DnsRecord const> first_set(std::span<DnsRecord const> records) {
  auto const same = [&](DnsRecord const& other) {
    return other.name == records[0].name && other.type == records[0].type &&
           other.klass == records[0].klass;
  };
  auto const end = std::find_if_not(records.begin(), records.end(), same);
  return records.first(static_cast<std::size_t>(end - records.begin()));
}

struct SectionResult {
  std::uint16_t count = 0;
  bool complete = true;
  bool valid = true;
};

SectionResult write_section(Writer& writer, std::span<DnsRecord const> records) {
  SectionResult result;
  while (!records.empty()) {
    auto const set = first_set(records);
    std::size_t const begin = writer.size();
    for (DnsRecord const& record : set) {
      if (!write_record(writer, record)) return {0, false, false};
    }
    if (writer.overflowed()) {
      writer.cut(begin);
      result.complete = false;
      return result;
    }
    result.count = static_cast<std::uint16_t>(result.count + set.size());
    records = records.subspan(set.size());
  }
  return result;
}

std::uint16_t flags_of(DnsHeader const& header) {
  return static_cast<std::uint16_t>(
      (header.response ? 0x8000 : 0) | (static_cast<std::uint16_t>(header.opcode) & 15) << 11 |
      (header.authoritative ? 0x0400 : 0) | (header.truncated ? 0x0200 : 0) |
      (header.recursion_desired ? 0x0100 : 0) | (header.recursion_available ? 0x0080 : 0) |
      (static_cast<std::uint16_t>(header.rcode) & 15));
}

std::size_t size_of(DnsRecord const& opt) {
  auto const* const data = std::get_if<DnsOpaque>(&opt.data);
  return opt.name.wire_size() + kRecordFixed + (data != nullptr ? data->size() : 0);
}

}  // namespace

Result<std::vector<std::uint8_t>, DnsEncodeError> encode_dns(DnsMessage const& message,
                                                             std::size_t limit) {
  limit = std::min(limit, kDnsTcpLimit);
  // OPT goes first among the additional records, and has its room reserved until then.
  std::vector<DnsRecord> additionals = message.additionals;
  auto const rest = std::stable_partition(additionals.begin(), additionals.end(),
                                          [](auto const& r) { return r.type == DnsType::Opt; });
  std::size_t reserved = 0;
  for (auto opt = additionals.begin(); opt != rest; ++opt) reserved += size_of(*opt);
  if (reserved > limit) return DnsEncodeError::TooLong;

  Writer writer(limit - reserved);
  DnsHeader header = message.header;
  writer.number(header.id);
  for (int i = 0; i < 5; ++i) writer.number(std::uint16_t{0});  // flags and counts, below
  for (DnsQuestion const& question : message.questions) {
    writer.name(question.name);
    writer.number(static_cast<std::uint16_t>(question.type));
    writer.number(static_cast<std::uint16_t>(question.klass));
  }
  if (writer.overflowed()) return DnsEncodeError::TooLong;

  SectionResult const answers = write_section(writer, message.answers);
  SectionResult authorities;
  if (answers.complete) authorities = write_section(writer, message.authorities);
  header.truncated |= !answers.complete || !authorities.complete;
  writer.set_limit(limit);
  if (header.truncated) additionals.erase(rest, additionals.end());
  SectionResult const extras = write_section(writer, additionals);
  if (!answers.valid || !authorities.valid || !extras.valid) return DnsEncodeError::BadData;

  store_be(writer.data() + 2, flags_of(header));
  store_be(writer.data() + 4, static_cast<std::uint16_t>(message.questions.size()));
  store_be(writer.data() + 6, answers.count);
  store_be(writer.data() + 8, authorities.count);
  store_be(writer.data() + 10, extras.count);
  return writer.take();
}

}  // namespace ringside::stack
