// What a scenario file says: hosts, what runs on them, and how they are joined.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "interface/base/time.hpp"
#include "interface/seam/virtio_transport.hpp"
#include "stack/header/ipv4_address.hpp"
#include "testbench/check/user_error.hpp"
#include "testbench/net/cable.hpp"

namespace ringside::testbench {

// A mistake in a scenario: one line with file, place and remedy.
struct ScenarioError : UserError {
  using UserError::UserError;
};

// Fetches a page over HTTP once the host is up; its digest must be the one that the server names.
struct FetchApplication {
  std::string url;
  Duration start{0};
};

// Serves "/" with a page of that many bytes, and /bytes/N with any number.
struct HttpServerApplication {
  std::uint16_t port = 80;
  std::uint64_t page_bytes = 65'536;
};

struct DnsServerApplication {
  struct Record {
    std::string name;
    stack::Ipv4Address address;
    std::uint32_t time_to_live = 300;
  };
  std::vector<Record> records;
};

using Application = std::variant<FetchApplication, HttpServerApplication, DnsServerApplication>;

struct HostConfig {
  std::string name;
  stack::Ipv4Prefix address;
  std::optional<stack::Ipv4Address> gateway;
  std::optional<stack::Ipv4Address> name_server;
  std::string pcie = "gen3x8";
  std::string cpu = "server";
  Moderation receive_moderation;
  Moderation transmit_moderation;
  std::vector<Application> applications;
};

struct SwitchConfig {
  std::string name;
};

struct CableConfig {
  std::string a;  // name of a host or a switch
  std::string b;
  Duration delay{500'000};  // 100 m of fibre
  CableFaults faults;
};

struct Scenario {
  std::string title;
  std::uint64_t seed = 1;
  Duration limit{1'000'000'000'000};  // the run is cut off, and fails, after so much simulated time
  std::vector<HostConfig> hosts;
  std::vector<SwitchConfig> switches;
  std::vector<CableConfig> cables;
};

// Reads and checks a scenario. Throws ScenarioError. `external`: the name of an end of a cable that
// the caller provides, such as "tap"; exactly one cable must lead there, and what hosts are asked
// to reach may lie behind it.
Scenario load_scenario(std::filesystem::path const& path,
                       std::optional<std::string> const& external = std::nullopt);

}  // namespace ringside::testbench
