#include "testbench/fuzz/case_file.hpp"

#include <algorithm>

#include "testbench/scenario/toml_table.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr char kWanted[] = "a case of ./ringside fuzz, such as those in tests/fuzz/regressions/";

void write_parameters(std::string& text, Action const& action) {
  auto const parameters = describe(action.kind).parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Parameter const& parameter = parameters[i];
    if (action[i] == parameter.simplest) continue;
    text.append(parameter.name).append(" = ");
    if (parameter.names.empty()) {
      text += std::to_string(action[i]);
    } else {
      text.append("\"").append(parameter.names[static_cast<std::size_t>(action[i])]).append("\"");
    }
    text += '\n';
  }
}

std::string names_of(Parameter const& parameter) {
  std::string all;
  for (std::string_view name : parameter.names) {
    all.append(all.empty() ? "" : ", ").append(name);
  }
  return all;
}

std::int64_t read_parameter(TomlTable& table, Parameter const& parameter) {
  if (parameter.names.empty()) {
    return table.integer(parameter.name, parameter.simplest, parameter.least, parameter.most);
  }
  auto const text = table.text(parameter.name);
  if (!text) return parameter.simplest;
  auto const found = std::find(parameter.names.begin(), parameter.names.end(), *text);
  if (found == parameter.names.end()) {
    table.fail(parameter.name,
               std::string(parameter.name) + " must be one of: " + names_of(parameter));
  }
  return found - parameter.names.begin();
}

Action read_action(TomlTable& table, Kind kind) {
  Action action{kind, {}};
  auto const parameters = describe(kind).parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    action[i] = read_parameter(table, parameters[i]);
  }
  table.finish();
  return action;
}

Kind read_kind(TomlTable& table) {
  std::string const name = table.required_text("kind");
  auto const kind = find_kind(name);
  if (kind && *kind != Kind::Link) return *kind;
  std::string all;
  for (std::size_t i = 1; i < kKinds; ++i) {
    all.append(all.empty() ? "" : ", ").append(describe(static_cast<Kind>(i)).name);
  }
  table.fail("kind", "there is no action \"" + name + "\"; known are: " + all);
}

// A comment must not end before its line does.
std::string in_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return text;
}

}  // namespace

std::string to_toml(Case const& drawn, std::string const& title) {
  std::string text = "# " + in_one_line(title) + "\n";
  text += "# ./ringside fuzz --replay FILE; testbench/fuzz/README.md says what can stand here.\n";
  text += "seed = " + std::to_string(drawn.seed) + "\n";
  if (drawn.link != simplest(Kind::Link)) {
    text += "\n[link]\n";
    write_parameters(text, drawn.link);
  }
  for (Action const& action : drawn.actions) {
    text.append("\n[[action]]\nkind = \"").append(describe(action.kind).name).append("\"\n");
    write_parameters(text, action);
  }
  return text;
}

Case read_case(std::filesystem::path const& path) {
  toml::table const root = read_toml(path, kWanted);
  TomlTable table(root, path.string(), "the case");
  Case read;
  read.seed = static_cast<std::uint64_t>(table.integer("seed", 0, 0, INT64_MAX));
  if (auto link = table.table("link")) read.link = read_action(*link, Kind::Link);
  for (TomlTable& entry : table.tables("action", "action")) {
    Kind const kind = read_kind(entry);
    read.actions.push_back(read_action(entry, kind));
  }
  table.finish();
  return read;
}

}  // namespace ringside::testbench::fuzz
