// Turns names into addresses: a stub resolver with a cache (RFC 1034, 5.3; RFC 1035, 7; RFC 5452).
#pragma once

#include <boost/asio/async_result.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "interface/base/random.hpp"
#include "interface/seam/story.hpp"
#include "stack/header/dns_name.hpp"
#include "stack/header/ipv4_address.hpp"
#include "stack/socket/operation.hpp"

namespace ringside::stack {

class UdpLayer;
struct DnsMessage;

using AddressList = std::vector<Ipv4Address>;  // never empty with success

// Completes with host_not_found (there is no such name), no_data (it has no address),
// host_not_found_try_again (no server answered, or it can not), invalid_argument (no name).
class Resolver {
 public:
  static constexpr unsigned kTries = 3;
  static constexpr Duration kFirstTimeout{1'000'000'000'000};  // doubles at each try
  static constexpr unsigned kMaxAliases = 8;
  static constexpr std::size_t kMaxCached = 256;
  static constexpr std::uint32_t kMaxTtl_s = 86'400;

  Resolver(HostContext& context, UdpLayer& udp, Story& story, Random random,
           std::optional<Ipv4Address> server);
  ~Resolver();

  // Signature void(error_code, AddressList).
  template <class Token>
  auto async_resolve(std::string name, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, AddressList)>(
        [this](auto handler, std::string what) { resolve(std::move(what), std::move(handler)); },
        token, std::move(name));
  }

  std::uint64_t queries() const { return queries_; }  // sent, repetitions included
  std::uint64_t cache_hits() const { return cache_hits_; }
  std::uint64_t ignored() const { return ignored_; }  // answers that were none

 private:
  class Query;
  struct Cached {
    AddressList addresses;
    TimePoint expires;
  };

  void resolve(std::string name, Operation<AddressList>::Handler handler);
  void finished(Query& query, error_code error, AddressList addresses, std::uint32_t ttl_s);
  void remember(DnsName const& name, AddressList const& addresses, std::uint32_t ttl_s);

  HostContext& context_;
  UdpLayer& udp_;
  Story& story_;
  Random random_;
  std::optional<Ipv4Address> server_;
  std::map<DnsName, Cached> cache_;
  std::set<std::shared_ptr<Query>> pending_;
  std::uint64_t queries_ = 0;
  std::uint64_t cache_hits_ = 0;
  std::uint64_t ignored_ = 0;
};

}  // namespace ringside::stack
