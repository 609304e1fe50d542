#include "testbench/scenario/scenario_check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "testbench/app/url.hpp"

namespace ringside::testbench {

namespace {

using stack::Ipv4Address;

constexpr std::size_t kMaxName = 32;

// Names become names of files and columns of the story.
bool is_name(std::string const& text) {
  constexpr char kAllowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !text.empty() && text.size() <= kMaxName &&
         text.find_first_not_of(kAllowed) == std::string::npos;
}

// Whether a host can have it (RFC 1122, 3.2.1.3): no network, no group, nobody's own loopback.
bool is_host_address(stack::Ipv4Prefix const& prefix) {
  Ipv4Address const address = prefix.address;
  bool const names_the_network = prefix.length < 31 && (address.value & ~prefix.mask()) == 0;
  return address.value >> 24 != 0 && !address.is_loopback() && !address.is_multicast() &&
         !address.is_class_e() && !address.is_limited_broadcast() && !names_the_network &&
         address != prefix.broadcast();
}

class Checker {
 public:
  Checker(Scenario const& scenario, ScenarioSource const& source,
          std::optional<std::string> const& external)
      : scenario_(scenario), source_(source), external_(external) {}

  void run() {
    if (scenario_.hosts.empty()) source_.root.fail("host", "no host; add a table under [[host]]");
    check_names();
    for (std::size_t i = 0; i < scenario_.hosts.size(); ++i) check_address(i);
    for (std::size_t i = 0; i < scenario_.hosts.size(); ++i) check_host(i);
    for (std::size_t i = 0; i < scenario_.cables.size(); ++i) check_cable(i);
    check_all_are_cabled();
  }

 private:
  void check_names() {
    if (external_) group_of_[*external_] = *external_;
    for (std::size_t i = 0; i < scenario_.hosts.size(); ++i) {
      check_name(scenario_.hosts[i].name, source_.hosts[i]);
    }
    for (std::size_t i = 0; i < scenario_.switches.size(); ++i) {
      check_name(scenario_.switches[i].name, source_.switches[i]);
    }
  }

  void check_name(std::string const& name, TomlTable const& table) {
    if (!is_name(name)) {
      table.fail("name", "\"" + name + "\" is no name; use 1 to " + std::to_string(kMaxName) +
                             " letters, digits, - and _");
    }
    if (!group_of_.emplace(name, name).second) {
      table.fail("name", "two things are named \"" + name + "\"; give each its own name");
    }
  }

  HostConfig const* owner_of(Ipv4Address address) const {
    auto const found =
        std::find_if(scenario_.hosts.begin(), scenario_.hosts.end(),
                     [&](auto const& host) { return host.address.address == address; });
    return found == scenario_.hosts.end() ? nullptr : &*found;
  }

  void check_address(std::size_t index) const {
    HostConfig const& host = scenario_.hosts[index];
    TomlTable const& table = source_.hosts[index];
    std::string const text = host.address.address.to_string();
    if (!is_host_address(host.address)) {
      table.fail("address", text + "/" + std::to_string(host.address.length) +
                                " is no address of a host; choose another in its network");
    }
    if (HostConfig const* const owner = owner_of(host.address.address); owner != &host) {
      table.fail("address", "host \"" + owner->name + "\" has the address " + text +
                                " already; give each its own");
    }
  }

  void check_host(std::size_t index) const {
    HostConfig const& host = scenario_.hosts[index];
    TomlTable const& table = source_.hosts[index];
    if (host.gateway && !host.address.contains(*host.gateway)) {
      table.fail("gateway", "the gateway " + host.gateway->to_string() +
                                " is not in the host's own network; correct one of them");
    }
    if (host.name_server) check_reach(host, *host.name_server, table, "name_server");
    std::set<std::uint16_t> ports;
    bool serves_names = false;
    for (std::size_t i = 0; i < host.applications.size(); ++i) {
      TomlTable const& entry = source_.applications[index][i];
      Application const& application = host.applications[i];
      if (auto const* fetch = std::get_if<FetchApplication>(&application)) {
        check_fetch(host, *fetch, entry);
      } else if (auto const* server = std::get_if<HttpServerApplication>(&application)) {
        if (!ports.insert(server->port).second) {
          entry.fail("port", "port " + std::to_string(server->port) +
                                 " of this host has a server already; choose another");
        }
      } else if (std::exchange(serves_names, true)) {
        entry.fail("kind", "this host has a dns_server already; put all records under one");
      }
    }
  }

  void check_fetch(HostConfig const& host, FetchApplication const& fetch,
                   TomlTable const& table) const {
    std::optional<Url> const url = Url::parse(fetch.url);
    if (auto const literal = Ipv4Address::parse(url->host)) {
      check_reach(host, *literal, table, "url");
    } else if (!host.name_server) {
      table.fail("url", "host \"" + host.name + "\" has no name_server to ask for \"" + url->host +
                            "\"; give it one, or an address in the URL");
    }
  }

  void check_reach(HostConfig const& host, Ipv4Address to, TomlTable const& table,
                   std::string_view key) const {
    if (!host.address.contains(to) && !host.gateway) {
      table.fail(key, to.to_string() + " is outside the network of host \"" + host.name +
                          "\", which has no gateway; correct the address or add one");
    }
    if (!external_ && owner_of(to) == nullptr) {
      table.fail(key, "no host has the address " + to.to_string() + "; correct it or add the host");
    }
  }

  // Which things are joined; switches know no spanning tree, so a ring would carry a frame for
  // ever.
  std::string group(std::string name) const {
    while (group_of_.at(name) != name) name = group_of_.at(name);
    return name;
  }

  bool is_switch(std::string const& name) const {
    return std::any_of(scenario_.switches.begin(), scenario_.switches.end(),
                       [&](auto const& entry) { return entry.name == name; });
  }

  void check_cable(std::size_t index) {
    CableConfig const& cable = scenario_.cables[index];
    TomlTable const& table = source_.cables[index];
    for (auto const& [key, end] : {std::pair{"from", &cable.a}, std::pair{"to", &cable.b}}) {
      if (!group_of_.contains(*end)) {
        table.fail(key, "there is no host and no switch named \"" + *end + "\"");
      }
      if (!cabled_.insert(*end).second && !is_switch(*end)) {
        table.fail(key, "\"" + *end + "\" has a cable already, and only one socket; put a switch" +
                            " between");
      }
    }
    if (group(cable.a) == group(cable.b)) {
      table.fail("to", "this cable closes a ring between \"" + cable.a + "\" and \"" + cable.b +
                           "\"; remove one cable of the ring");
    }
    group_of_[group(cable.b)] = group(cable.a);
  }

  void check_all_are_cabled() const {
    if (external_ && !cabled_.contains(*external_)) {
      source_.root.fail("cable", "no cable leads to \"" + *external_ +
                                     "\"; add a [[cable]] with to = \"" + *external_ + "\"");
    }
    for (std::size_t i = 0; i < scenario_.hosts.size(); ++i) {
      if (cabled_.contains(scenario_.hosts[i].name)) continue;
      source_.hosts[i].fail("name", "host \"" + scenario_.hosts[i].name +
                                        "\" has no cable; add a [[cable]] with from = \"" +
                                        scenario_.hosts[i].name + "\"");
    }
  }

  Scenario const& scenario_;
  ScenarioSource const& source_;
  std::optional<std::string> const& external_;
  std::map<std::string, std::string> group_of_;  // a name that it is joined to, or itself
  std::set<std::string> cabled_;
};

}  // namespace

void check_scenario(Scenario const& scenario, ScenarioSource const& source,
                    std::optional<std::string> const& external) {
  Checker(scenario, source, external).run();
}

}  // namespace ringside::testbench
