#include "testbench/app/dns_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

#include "stack/socket/udp_socket.hpp"

namespace ringside::testbench {

namespace asio = boost::asio;
using boost::system::error_code;
using stack::DnsHeader;
using stack::DnsMessage;
using stack::DnsName;
using stack::DnsRcode;

bool DnsZones::add(std::string const& name, stack::Ipv4Address address, std::uint32_t ttl_s) {
  std::optional<DnsName> const parsed = DnsName::parse(name);
  if (!parsed || parsed->is_root()) return false;
  records_[*parsed].push_back({address, ttl_s});
  zones_.insert(parsed->label_count() > 1 ? parsed->parent() : *parsed);
  return true;
}

bool DnsZones::is_ours(DnsName const& name) const {
  return std::any_of(zones_.begin(), zones_.end(),
                     [&](DnsName const& zone) { return name.is_within(zone); });
}

// A name exists if it has a record, or if one lies below it (RFC 8020).
bool DnsZones::exists(DnsName const& name) const {
  return std::any_of(records_.begin(), records_.end(),
                     [&](auto const& entry) { return entry.first.is_within(name); });
}

DnsMessage DnsZones::answer(DnsMessage const& query) const {
  DnsMessage reply = DnsMessage::reply_to(query);
  if (query.header.opcode != stack::DnsOpcode::Query) {
    reply.header.rcode = DnsRcode::NotImplemented;
    return reply;
  }
  if (query.questions.size() != 1) {
    reply.header.rcode = DnsRcode::FormatError;
    return reply;
  }
  stack::DnsQuestion const& question = query.questions.front();
  if (question.klass != stack::DnsClass::In || !is_ours(question.name)) {
    reply.header.rcode = DnsRcode::Refused;
    return reply;
  }
  reply.header.authoritative = true;
  auto const found = records_.find(question.name);
  if (found == records_.end()) {
    if (!exists(question.name)) reply.header.rcode = DnsRcode::NameError;
    return reply;
  }
  if (question.type == stack::DnsType::A || question.type == stack::DnsType::Any) {
    for (Entry const& entry : found->second) {
      reply.answers.push_back(
          {question.name, stack::DnsType::A, stack::DnsClass::In, entry.ttl_s, entry.address});
    }
  }
  return reply;
}

namespace {

// What to send back for the bytes of a datagram; nothing for what is no query.
std::optional<DnsMessage> reply_to(Bytes datagram, DnsZones const& zones,
                                   DnsServerStatistics& statistics) {
  std::optional<DnsHeader> const header = DnsHeader::parse(datagram);
  if (!header || header->response) {
    ++statistics.malformed;
    return std::nullopt;
  }
  auto const query = stack::decode_dns(datagram);
  if (query) return zones.answer(*query);
  ++statistics.malformed;
  DnsMessage broken;
  broken.header = *header;
  DnsMessage reply = DnsMessage::reply_to(broken);
  reply.header.rcode = DnsRcode::FormatError;
  return reply;
}

void tell(Sockets const& sockets, DnsMessage const& reply) {
  if (!sockets.story.wants(Layer::Dns) || reply.questions.empty()) return;
  std::string const name = reply.questions.front().name.to_string();
  std::string addresses;
  for (stack::DnsRecord const& record : reply.answers) {
    auto const* const address = std::get_if<stack::Ipv4Address>(&record.data);
    if (address != nullptr) addresses.append(" ").append(address->to_string());
  }
  sockets.story.tell(Layer::Dns,
                     "answers for " + name + ":" + (addresses.empty() ? " none" : addresses));
}

asio::awaitable<void> serve(Sockets sockets, DnsZones zones, DnsServerStatistics& statistics) {
  constexpr std::uint16_t kPort = 53;
  auto const into = [](error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
  };
  stack::UdpSocket socket(sockets.context, sockets.udp);
  error_code error;
  socket.bind({{}, kPort}, error);
  if (error) throw boost::system::system_error(error, "the name server can not listen");
  std::array<std::uint8_t, stack::kDnsUdpLimit> buffer;
  for (;;) {
    stack::Endpoint from;
    std::size_t const size =
        co_await socket.async_receive_from(asio::buffer(buffer), from, into(error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) continue;
    auto const reply = reply_to(Bytes(buffer).first(size), zones, statistics);
    if (!reply) continue;
    tell(sockets, *reply);
    auto const bytes = stack::encode_dns(*reply, stack::kDnsUdpLimit);
    if (!bytes) continue;
    co_await socket.async_send_to(asio::buffer(*bytes), from, into(error));
    if (!error) ++statistics.answers;
  }
}

}  // namespace

void start_dns_server(Sockets const& sockets, DnsZones zones, DnsServerStatistics& statistics) {
  asio::co_spawn(sockets.context.get_executor(), serve(sockets, std::move(zones), statistics),
                 [](std::exception_ptr failure) {
                   if (failure) std::rethrow_exception(failure);
                 });
}

}  // namespace ringside::testbench
