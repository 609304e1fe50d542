#include "testbench/scenario/scenario.hpp"

#include "stack/header/dns_name.hpp"
#include "testbench/app/content.hpp"
#include "testbench/app/url.hpp"
#include "testbench/bus/pcie_timing.hpp"
#include "testbench/host/cost_model.hpp"
#include "testbench/scenario/scenario_check.hpp"
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
    if (auto const name = stack::DnsName::parse(record.name); !name || name->is_root()) {
      entry.fail("name", "\"" + record.name + "\" is no domain name such as www.example.test");
    }
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
    server.page_bytes = static_cast<std::uint64_t>(
        table.integer("page_bytes", 65'536, 0, static_cast<std::int64_t>(Content::kMaxSize)));
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

HostConfig host(TomlTable& table, std::vector<TomlTable>& applications) {
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
  for (TomlTable& entry : applications) host.applications.push_back(application(entry));
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

}  // namespace

Scenario load_scenario(std::filesystem::path const& path,
                       std::optional<std::string> const& external) {
  toml::table const root = read_toml(path, "a scenario file, such as scenarios/url-to-page.toml");
  TomlTable table(root, path.string(), "the scenario");
  Scenario scenario;
  scenario.title = table.text("title").value_or(path.stem().string());
  scenario.seed = static_cast<std::uint64_t>(table.integer("seed", 1, 0, INT64_MAX));
  scenario.limit =
      Duration{table.integer("limit_ms", 1'000, 1, 3'600'000) * kPicosecondsPerMillisecond};
  ScenarioSource source{table,
                        table.tables("host", "host"),
                        {},
                        table.tables("switch", "switch"),
                        table.tables("cable", "cable")};
  for (TomlTable& entry : source.hosts) {
    source.applications.push_back(entry.tables("application", "application"));
    scenario.hosts.push_back(host(entry, source.applications.back()));
  }
  for (TomlTable& entry : source.switches) {
    scenario.switches.push_back({entry.required_text("name")});
    entry.finish();
  }
  for (TomlTable& entry : source.cables) scenario.cables.push_back(cable(entry));
  table.finish();
  check_scenario(scenario, source, external);
  return scenario;
}

}  // namespace ringside::testbench
