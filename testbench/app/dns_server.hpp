// A name server on a simulated host: authoritative for the records that it is given.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "stack/header/dns_message.hpp"
#include "testbench/app/sockets.hpp"

namespace ringside::testbench {

// The zones are those in which the records lie: the parent of each name that has one.
class DnsZones {
 public:
  // False if `name` is no domain name.
  bool add(std::string const& name, stack::Ipv4Address address, std::uint32_t ttl_s);

  // What to say to a query (RFC 1034, 4.3.2): AA and the records; NXDOMAIN or no data within a
  // zone; REFUSED elsewhere; NOTIMP for another opcode.
  stack::DnsMessage answer(stack::DnsMessage const& query) const;

 private:
  struct Entry {
    stack::Ipv4Address address;
    std::uint32_t ttl_s;
  };
  bool is_ours(stack::DnsName const& name) const;
  bool exists(stack::DnsName const& name) const;

  std::map<stack::DnsName, std::vector<Entry>> records_;
  std::set<stack::DnsName> zones_;
};

struct DnsServerStatistics {
  std::uint64_t answers = 0;
  std::uint64_t malformed = 0;  // answered with FORMERR, or not at all
};

// Answers on UDP port 53 as long as the host runs; `statistics` must live as long.
void start_dns_server(Sockets const& sockets, DnsZones zones, DnsServerStatistics& statistics);

}  // namespace ringside::testbench
