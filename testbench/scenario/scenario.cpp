#include "testbench/scenario/scenario.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "testbench/app/url.hpp"
#include "testbench/bus/pcie_timing.hpp"
#include "testbench/host/cost_model.hpp"
#include "testbench/scenario/toml_table.hpp"

namespace ringside::testbench {

namespace {

constexpr std::int64_t kPicosecondsPerNanosecond = 1'000;
constexpr std::int64_t kPicosecondsPerMicrosecond = 1'000'000;
constexpr std::int64_t kPicosecondsPerMillisecond = 1'000'000'000;
constexpr std::int64_t kMaxUint32 = 0xFFFF'FFFF;

stack::Ipv4Address address(TomlTable& table, std::string_view key, std::string const& text) {
  auto const parsed = stack::Ipv4Address::parse(text);
  if (!parsed) table.fail(key, "\"" + text + "\" is no IPv4 address such as 10.0.0.1");
  return *parsed;
}

std::optional<stack::Ipv4Address> optional_address(TomlTable& table, std::string_view key) {
  auto const text = table.text(key);
  if (!text) return std::nullopt;
  return address(table, key, *text);
}

template <class Presets>
std::string preset(TomlTable& table, std::string_view key, Presets const& presets,
                   std::string fallback) {
  std::string const name = table.text(key).value_or(std::move(fallback));
  std::string known;
  for (auto const& entry : presets) {
    if (entry.name == name) return name;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  table.fail(key, "no " + std::string(key) + " preset \"" + name + "\"; there are: " + known);
}

Moderation moderation(TomlTable& host, std::string const& queue) {
  return {static_cast<std::uint32_t>(host.integer(queue + "_max_packets", 0, 0, kMaxUint32)),
          static_cast<std::uint32_t>(host.integer(queue + "_max_usecs", 0, 0, kMaxUint32))};
}

DnsServerApplication dns_server(TomlTable& table) {
  DnsServerApplication server;
  for (TomlTable& entry : table.tables("record", "record")) {
    DnsServerApplication::Record record;
    record.name = entry.required_text("name");
    record.address = address(entry, "address", entry.required_text("address"));
    record.time_to_live =
        static_cast<std::uint32_t>(entry.integer("time_to_live", 300, 0, kMaxUint32 / 2));
    entry.finish();
    server.records.push_back(std::move(record));
  }
  return server;
}

Application application(TomlTable& table) {
  std::string const kind = table.required_text("kind");
  Application result;
  if (kind == "fetch") {
    FetchApplication fetch;
    fetch.url = table.required_text("url");
    if (!Url::parse(fetch.url)) {
      table.fail("url", "\"" + fetch.url + "\" is no URL such as http://host:80/path");
    }
    fetch.start =
        Duration{table.integer("start_us", 0, 0, kMaxUint32) * kPicosecondsPerMicrosecond};
    result = fetch;
  } else if (kind == "http_server") {
    HttpServerApplication server;
    server.port = static_cast<std::uint16_t>(table.integer("port", 80, 1, 65'535));
    server.page_bytes = static_cast<std::uint64_t>(table.integer("page_bytes", 65'536, 0, 1 << 30));
    result = server;
  } else if (kind == "dns_server") {
    result = dns_server(table);
  } else {
    table.fail("kind",
               "no application \"" + kind + "\"; there are: fetch, http_server, dns_server");
  }
  table.finish();
  return result;
}

HostConfig host(TomlTable& table) {
  HostConfig host;
  host.name = table.required_text("name");
  std::string const prefix = table.required_text("address");
  auto const parsed = stack::Ipv4Prefix::parse(prefix);
  if (!parsed) {
    table.fail("address", "\"" + prefix + "\" is no address with a prefix such as 10.0.0.1/24");
  }
  host.address = *parsed;
  host.gateway = optional_address(table, "gateway");
  host.name_server = optional_address(table, "name_server");
  host.pcie = preset(table, "pcie", kPcieTimings, host.pcie);
  host.cpu = preset(table, "cpu", kCostModels, host.cpu);
  host.receive_moderation = moderation(table, "receive");
  host.transmit_moderation = moderation(table, "transmit");
  for (TomlTable& entry : table.tables("application", "application")) {
    host.applications.push_back(application(entry));
  }
  table.finish();
  return host;
}

CableConfig cable(TomlTable& table) {
  CableConfig cable;
  cable.a = table.required_text("from");
  cable.b = table.required_text("to");
  // At least one cycle, or the ends could not be simulated apart; at most a satellite's distance.
  cable.delay =
      Duration{table.integer("delay_ns", 500, 7, 1'000'000'000) * kPicosecondsPerNanosecond};
  cable.faults.loss = table.probability("loss");
  cable.faults.bit_error_rate = table.probability("bit_error_rate");
  cable.faults.duplicate = table.probability("duplicate");
  cable.faults.reorder = table.probability("reorder");
  table.finish();
  return cable;
}

// Names must exist and be used as they may: a host has one socket for a cable.
void check_names(Scenario const& scenario, std::string const& file,
                 std::optional<std::string> const& external) {
  std::set<std::string> hosts;
  std::set<std::string> switches;
  auto const unique = [&](std::string const& name) {
    if (hosts.contains(name) || switches.contains(name)) {
      throw ScenarioError(file + ": two things are named \"" + name + "\"; give each its own name");
    }
  };
  for (auto const& entry : scenario.hosts) {
    unique(entry.name);
    hosts.insert(entry.name);
  }
  for (auto const& entry : scenario.switches) {
    unique(entry.name);
    switches.insert(entry.name);
  }
  if (hosts.empty()) throw ScenarioError(file + ": no host; add a table under [[host]]");
  std::set<std::string> cabled;
  for (auto const& entry : scenario.cables) {
    for (std::string const& end : {entry.a, entry.b}) {
      if (end == external) {
        cabled.insert(end);
        continue;
      }
      if (!hosts.contains(end) && !switches.contains(end)) {
        throw ScenarioError(file + ": a cable ends at \"" + end +
                            "\", which is no host and no switch of this scenario");
      }
      if (hosts.contains(end) && !cabled.insert(end).second) {
        throw ScenarioError(file + ": host \"" + end +
                            "\" has two cables but one NIC; put a switch between");
      }
    }
  }
  if (external && !cabled.contains(*external)) {
    throw ScenarioError(file + ": no cable leads to \"" + *external +
                        "\"; add a [[cable]] with to = \"" + *external + "\"");
  }
}

}  // namespace

Scenario load_scenario(std::filesystem::path const& path,
                       std::optional<std::string> const& external) {
  std::ifstream file(path);
  if (!file) {
    throw ScenarioError("can not read " + path.string() +
                        "; give the path of a scenario file, such as scenarios/url-to-page.toml");
  }
  toml::table root;
  try {
    root = toml::parse(file, path.string());
  } catch (toml::parse_error const& error) {
    std::ostringstream message;
    message << path.string() << ':' << error.source().begin.line << ':'
            << error.source().begin.column << ": " << error.description();
    throw ScenarioError(message.str());
  }
  TomlTable table(root, path.string(), "the scenario");
  Scenario scenario;
  scenario.title = table.text("title").value_or(path.stem().string());
  scenario.seed = static_cast<std::uint64_t>(table.integer("seed", 1, 0, INT64_MAX));
  scenario.limit =
      Duration{table.integer("limit_ms", 1'000, 1, 3'600'000) * kPicosecondsPerMillisecond};
  for (TomlTable& entry : table.tables("host", "host")) scenario.hosts.push_back(host(entry));
  for (TomlTable& entry : table.tables("switch", "switch")) {
    scenario.switches.push_back({entry.required_text("name")});
    entry.finish();
  }
  for (TomlTable& entry : table.tables("cable", "cable")) scenario.cables.push_back(cable(entry));
  table.finish();
  check_names(scenario, path.string(), external);
  return scenario;
}

}  // namespace ringside::testbench
