#include "stack/socket/resolver.hpp"

#include <algorithm>

#include "stack/header/dns_message.hpp"
#include "stack/socket/error.hpp"
#include "stack/transport/udp_layer.hpp"

namespace ringside::stack {

namespace codes = boost::asio::error;

namespace {

constexpr std::uint16_t kDnsPort = 53;

// What an answer says about `name`: its addresses, aliases followed (RFC 1034, 3.6.2).
struct Found {
  AddressList addresses;
  std::uint32_t ttl_s = Resolver::kMaxTtl_s;
};

Found find_addresses(DnsMessage const& answer, DnsName name) {
  Found found;
  for (unsigned hop = 0; hop <= Resolver::kMaxAliases && found.addresses.empty(); ++hop) {
    std::optional<DnsName> alias;
    for (DnsRecord const& record : answer.answers) {
      if (record.name != name || record.klass != DnsClass::In) continue;
      found.ttl_s = std::min(found.ttl_s, record.ttl_s);
      if (auto const* address = std::get_if<Ipv4Address>(&record.data)) {
        found.addresses.push_back(*address);
      } else if (record.type == DnsType::Cname) {
        alias = std::get<DnsName>(record.data);
      }
    }
    if (!alias) break;
    name = *alias;
  }
  return found;
}

}  // namespace

// One question on its way. Its port and its number are random, so that who can not see the question
// can not answer it (RFC 5452, 9).
class Resolver::Query : public std::enable_shared_from_this<Query> {
 public:
  Query(Resolver& owner, DnsName name)
      : owner_(owner), name_(std::move(name)), endpoint_(owner.udp_) {}
  ~Query() { owner_.context_.host().cancel(timer_); }

  DnsName const& name() const { return name_; }
  Operation<AddressList> operation;

  void begin() {
    id_ = static_cast<std::uint16_t>(owner_.random_.next());
    if (auto const connected = endpoint_.connect({*owner_.server_, kDnsPort}); !connected) {
      finish(to_error_code(connected.error()));
      return;
    }
    endpoint_.on_readable([weak = weak_from_this()] {
      auto const query = weak.lock();
      if (!query) return;
      query->owner_.context_.host().post(Context::Process, [query] { query->read(); });
    });
    ask();
  }

  void finish(error_code error, Found found = {}) {
    if (done_) return;
    done_ = true;
    owner_.finished(*this, error, std::move(found.addresses), found.ttl_s);
  }

 private:
  void ask() {
    DnsMessage const question = DnsMessage::query(id_, name_, DnsType::A, true);
    auto const bytes = encode_dns(question, kDnsUdpLimit);
    ++owner_.queries_;
    if (owner_.story_.wants(Layer::Dns)) {
      owner_.story_.tell(Layer::Dns, "asks " + owner_.server_->to_string() +
                                         " for the address of " + name_.to_string());
    }
    owner_.context_.host().spend(Work::SystemCall, 1);
    // A question that can not leave now is repeated like one that got lost.
    if (bytes) static_cast<void>(endpoint_.send(Bytes(*bytes)));
    timer_ =
        owner_.context_.host().run_at(owner_.context_.host().now() + kFirstTimeout * (1 << tries_),
                                      Context::Process, [weak = weak_from_this()] {
                                        if (auto const query = weak.lock()) query->timeout();
                                      });
  }

  void timeout() {
    if (done_) return;
    if (++tries_ == kTries) {
      finish(codes::host_not_found_try_again);
      return;
    }
    ask();
  }

  void read() {
    std::uint8_t buffer[kDnsUdpLimit];
    while (!done_) {
      auto const received = endpoint_.receive_from(MutableBytes(buffer));
      if (!received) {
        if (received.error() != UdpError::WouldBlock) finish(codes::host_not_found_try_again);
        return;
      }
      owner_.context_.host().spend(Work::SystemCall, 1);
      take(Bytes(buffer).first(received->size));
    }
  }

  // Only a well-formed answer to this very question counts; another may still come.
  void take(Bytes bytes) {
    auto const answer = decode_dns(bytes);
    if (!answer || !answer->header.response || answer->header.id != id_ ||
        answer->questions != DnsMessage::query(id_, name_, DnsType::A, true).questions) {
      ++owner_.ignored_;
      return;
    }
    switch (answer->header.rcode) {
      case DnsRcode::NoError:
        break;
      case DnsRcode::NameError:
        finish(codes::host_not_found);
        return;
      default:
        finish(codes::host_not_found_try_again);
        return;
    }
    Found found = find_addresses(*answer, name_);
    error_code const error = found.addresses.empty() ? error_code(codes::no_data) : error_code();
    finish(error, std::move(found));
  }

  Resolver& owner_;
  DnsName name_;
  UdpEndpoint endpoint_;
  std::uint16_t id_ = 0;
  unsigned tries_ = 0;
  TimerId timer_ = kNoTimer;
  bool done_ = false;
};

Resolver::Resolver(HostContext& context, UdpLayer& udp, Story& story, Random random,
                   std::optional<Ipv4Address> server)
    : context_(context), udp_(udp), story_(story), random_(random), server_(server) {}

Resolver::~Resolver() = default;

void Resolver::resolve(std::string text, Operation<AddressList>::Handler handler) {
  auto const complete = [&](error_code error, AddressList addresses) {
    Operation<AddressList>::complete_now(std::move(handler), context_.get_executor(), error,
                                         std::move(addresses));
  };
  std::optional<DnsName> const name = DnsName::parse(text);
  if (!name || name->is_root()) return complete(codes::invalid_argument, {});
  auto const cached = cache_.find(*name);
  if (cached != cache_.end() && cached->second.expires > context_.host().now()) {
    ++cache_hits_;
    return complete({}, cached->second.addresses);
  }
  if (!server_) return complete(codes::host_not_found_try_again, {});
  auto const query = std::make_shared<Query>(*this, *name);
  pending_.insert(query);
  query->operation.start(std::move(handler), context_.get_executor(),
                         [weak = std::weak_ptr(query)] {
                           if (auto const waiting = weak.lock()) {
                             waiting->finish(codes::operation_aborted);
                           }
                         });
  query->begin();
}

void Resolver::finished(Query& query, error_code error, AddressList addresses,
                        std::uint32_t ttl_s) {
  if (story_.wants(Layer::Dns)) {
    story_.tell(Layer::Dns,
                query.name().to_string() +
                    (error ? ": " + error.message() : " is " + addresses.front().to_string()));
  }
  if (!error) remember(query.name(), addresses, ttl_s);
  query.operation.complete(error, std::move(addresses));
  pending_.erase(query.shared_from_this());
}

// A full cache forgets what expires first. Lifetime 0 is for this answer only (RFC 1035, 3.2.1).
void Resolver::remember(DnsName const& name, AddressList const& addresses, std::uint32_t ttl_s) {
  if (ttl_s == 0) return;
  std::int64_t constexpr kSecond = 1'000'000'000'000;
  cache_[name] = {addresses,
                  context_.host().now() + Duration{std::min(ttl_s, kMaxTtl_s) * kSecond}};
  if (cache_.size() <= kMaxCached) return;
  cache_.erase(std::min_element(cache_.begin(), cache_.end(), [](auto const& a, auto const& b) {
    return a.second.expires < b.second.expires;
  }));
}

}  // namespace ringside::stack
