#include <algorithm>
#include <utility>

#include "stack/header/dns_message.hpp"

namespace ringside::stack {
namespace {

// Reads a message front to back. Every read says whether there was enough.
class Reader {
 public:
  // `at` bytes of the message have been read already.
  Reader(Bytes message, std::size_t at) : message_(message), at_(at), end_(message.size()) {}

  bool at_end() const { return at_ == end_; }
  std::size_t left() const { return end_ - at_; }

  template <std::unsigned_integral T>
  bool number(T& into) {
    if (left() < sizeof(T)) return false;
    into = load_be<T>(message_.data() + at_);
    at_ += sizeof(T);
    return true;
  }

  bool bytes(std::size_t count, Bytes& into) {
    if (left() < count) return false;
    into = message_.subspan(at_, count);
    at_ += count;
    return true;
  }

  // Reading stops `count` bytes from here, until end_at(). The caller knows that they are there.
  std::size_t stop_after(std::size_t count) {
    std::size_t const outer = end_;
    end_ = at_ + count;
    return outer;
  }
  void end_at(std::size_t end) { end_ = end; }

  // A pointer must lead to before the labels that it ends (RFC 1035, 4.1.4: a prior occurrence).
  // Each jump goes further back than the one before, so there is no loop to be caught in.
  bool name(DnsName& into) {
    into = {};
    std::size_t from = at_;
    std::size_t begin = at_;
    bool jumped = false;
    for (;;) {
      std::size_t const end = jumped ? message_.size() : end_;
      if (from >= end) return false;
      std::uint8_t const length = message_[from];
      if (length >= 0xC0) {
        if (end - from < 2) return false;
        std::size_t const target = load_be<std::uint16_t>(message_.data() + from) & 0x3FFF;
        if (target >= begin || target < DnsHeader::kSize) return false;
        if (!jumped) at_ = from + 2;
        jumped = true;
        from = begin = target;
        continue;
      }
      if (length > DnsName::kMaxLabel) return false;  // 0x40 and 0x80 are reserved
      ++from;
      if (length == 0) break;
      if (end - from < length) return false;
      auto const* const label = reinterpret_cast<char const*>(message_.data() + from);
      if (!into.append({label, length})) return false;
      from += length;
    }
    if (!jumped) at_ = from;
    return true;
  }

 private:
  Bytes message_;
  std::size_t at_;
  std::size_t end_;
};

bool read_soa(Reader& reader, DnsSoa& soa) {
  return reader.name(soa.primary) && reader.name(soa.mailbox) && reader.number(soa.serial) &&
         reader.number(soa.refresh_s) && reader.number(soa.retry_s) &&
         reader.number(soa.expire_s) && reader.number(soa.minimum_s);
}

bool read_text(Reader& reader, DnsText& text) {
  do {
    std::uint8_t length = 0;
    Bytes bytes;
    if (!reader.number(length) || !reader.bytes(length, bytes)) return false;
    text.emplace_back(bytes.begin(), bytes.end());
  } while (!reader.at_end());
  return true;
}

// The data of a record of class IN, up to the reader's end.
bool read_data(Reader& reader, DnsType type, DnsData& data) {
  switch (type) {
    case DnsType::A:
      return reader.number(data.emplace<Ipv4Address>().value);
    case DnsType::Aaaa: {
      Bytes bytes;
      auto& address = data.emplace<Ipv6Bytes>();
      if (!reader.bytes(address.size(), bytes)) return false;
      std::copy(bytes.begin(), bytes.end(), address.begin());
      return true;
    }
    case DnsType::Ns:
    case DnsType::Cname:
    case DnsType::Ptr:
      return reader.name(data.emplace<DnsName>());
    case DnsType::Soa:
      return read_soa(reader, data.emplace<DnsSoa>());
    case DnsType::Mx: {
      auto& exchange = data.emplace<DnsExchange>();
      return reader.number(exchange.preference) && reader.name(exchange.host);
    }
    case DnsType::Txt:
      return read_text(reader, data.emplace<DnsText>());
    default:
      break;
  }
  Bytes bytes;
  if (!reader.bytes(reader.left(), bytes)) return false;
  data.emplace<DnsOpaque>(bytes.begin(), bytes.end());
  return true;
}

std::optional<DnsDecodeError> read_record(Reader& reader, DnsRecord& record) {
  if (reader.at_end()) return DnsDecodeError::TooShort;
  if (!reader.name(record.name)) return DnsDecodeError::BadName;
  std::uint16_t type = 0;
  std::uint16_t klass = 0;
  std::uint16_t length = 0;
  if (!reader.number(type) || !reader.number(klass) || !reader.number(record.ttl_s) ||
      !reader.number(length) || reader.left() < length) {
    return DnsDecodeError::TooShort;
  }
  record.type = DnsType{type};
  record.klass = DnsClass{klass};
  // A number with the highest bit set is no time (RFC 2181, 8). OPT keeps flags there.
  if (record.ttl_s >> 31 != 0 && record.type != DnsType::Opt) record.ttl_s = 0;
  std::size_t const outer = reader.stop_after(length);
  // Of another class the layout is not known.
  DnsType const layout = record.klass == DnsClass::In ? record.type : DnsType::Any;
  if (!read_data(reader, layout, record.data) || !reader.at_end()) return DnsDecodeError::BadData;
  reader.end_at(outer);
  return std::nullopt;
}

std::optional<DnsDecodeError> read_section(Reader& reader, std::uint16_t count,
                                           std::vector<DnsRecord>& section) {
  // Nothing is reserved on the word of the count: the message has to hold the records first.
  for (; count > 0; --count) {
    if (auto const error = read_record(reader, section.emplace_back())) return error;
  }
  return std::nullopt;
}

std::optional<DnsDecodeError> read_questions(Reader& reader, std::uint16_t count,
                                             std::vector<DnsQuestion>& questions) {
  for (; count > 0; --count) {
    DnsQuestion& question = questions.emplace_back();
    if (reader.at_end()) return DnsDecodeError::TooShort;
    if (!reader.name(question.name)) return DnsDecodeError::BadName;
    std::uint16_t type = 0;
    std::uint16_t klass = 0;
    if (!reader.number(type) || !reader.number(klass)) return DnsDecodeError::TooShort;
    question.type = DnsType{type};
    question.klass = DnsClass{klass};
  }
  return std::nullopt;
}

}  // namespace

std::optional<DnsHeader> DnsHeader::parse(Bytes message) {
  if (message.size() < kSize) return std::nullopt;
  std::uint16_t const flags = load_be<std::uint16_t>(message.data() + 2);
  DnsHeader header;
  header.id = load_be<std::uint16_t>(message.data());
  header.response = (flags & 0x8000) != 0;
  header.opcode = DnsOpcode{static_cast<std::uint8_t>(flags >> 11 & 15)};
  header.authoritative = (flags & 0x0400) != 0;
  header.truncated = (flags & 0x0200) != 0;
  header.recursion_desired = (flags & 0x0100) != 0;
  header.recursion_available = (flags & 0x0080) != 0;
  header.rcode = DnsRcode{static_cast<std::uint8_t>(flags & 15)};
  return header;
}

DnsMessage DnsMessage::query(std::uint16_t id, DnsName name, DnsType type, bool recursion_desired) {
  DnsMessage message;
  message.header.id = id;
  message.header.recursion_desired = recursion_desired;
  message.questions.push_back({std::move(name), type, DnsClass::In});
  return message;
}

DnsMessage DnsMessage::reply_to(DnsMessage const& query) {
  DnsMessage message;
  message.header.id = query.header.id;
  message.header.response = true;
  message.header.opcode = query.header.opcode;
  message.header.recursion_desired = query.header.recursion_desired;
  message.questions = query.questions;
  return message;
}

Result<DnsMessage, DnsDecodeError> decode_dns(Bytes bytes) {
  auto const header = DnsHeader::parse(bytes);
  if (!header || bytes.size() > kDnsTcpLimit) return DnsDecodeError::TooShort;
  DnsMessage message;
  message.header = *header;
  auto const count = [&](std::size_t section) {
    return load_be<std::uint16_t>(bytes.data() + 4 + 2 * section);
  };
  Reader reader(bytes, DnsHeader::kSize);
  if (auto const error = read_questions(reader, count(0), message.questions)) return *error;
  if (auto const error = read_section(reader, count(1), message.answers)) return *error;
  if (auto const error = read_section(reader, count(2), message.authorities)) return *error;
  if (auto const error = read_section(reader, count(3), message.additionals)) return *error;
  if (!reader.at_end()) return DnsDecodeError::TrailingBytes;
  return message;
}

}  // namespace ringside::stack
