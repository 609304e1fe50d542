#include "testbench/fuzz/coverage.hpp"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "testbench/check/user_error.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::size_t kPairs = [] {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    for (std::size_t j = i + 1; j < kBins.size(); ++j) count += may_meet(i, j) ? 1 : 0;
  }
  return count;
}();

std::optional<std::size_t> find_bin(std::string_view name) {
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    if (kBins[i].name == name) return i;
  }
  return std::nullopt;
}

// Of the pair "one+other", the lower place first.
std::optional<std::pair<std::size_t, std::size_t>> find_pair(std::string const& name) {
  std::size_t const plus = name.find('+');
  if (plus == std::string::npos) return std::nullopt;
  auto const one = find_bin(std::string_view(name).substr(0, plus));
  auto const other = find_bin(std::string_view(name).substr(plus + 1));
  if (!one || !other) return std::nullopt;
  return std::minmax(*one, *other);
}

}  // namespace

SessionBins SessionBins::of(std::string const& bits) {
  SessionBins session;
  session.hits_ = std::bitset<kBins.size()>(bits);
  return session;
}

void Coverage::add(SessionBins const& session) {
  ++sessions_;
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    if (!session.has(i)) continue;
    ++single_[i];
    for (std::size_t j = i + 1; j < kBins.size(); ++j) {
      if (session.has(j) && may_meet(i, j)) ++pairs_[{i, j}];
    }
  }
}

void Coverage::merge(Coverage const& other) {
  sessions_ += other.sessions_;
  for (std::size_t i = 0; i < kBins.size(); ++i) single_[i] += other.single_[i];
  for (auto const& [pair, count] : other.pairs_) pairs_[pair] += count;
}

std::size_t Coverage::bins() const { return kBins.size() + kPairs; }

std::size_t Coverage::met() const {
  auto const single = std::count_if(single_.begin(), single_.end(), [](auto n) { return n != 0; });
  return static_cast<std::size_t>(single) + pairs_.size();
}

void Coverage::print_holes(std::ostream& out, std::size_t most) const {
  struct Hole {
    std::size_t bin;
    std::vector<std::size_t> partners;
  };
  std::vector<Hole> holes;
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    if (single_[i] == 0) {
      out << "  never met: " << kBins[i].name << " (" << kBins[i].meaning << ")\n";
      continue;
    }
    Hole hole{i, {}};
    for (std::size_t j = 0; j < kBins.size(); ++j) {
      bool const open = single_[j] != 0 && may_meet(i, j) && !pairs_.contains(std::minmax(i, j));
      if (open) hole.partners.push_back(j);
    }
    if (!hole.partners.empty()) holes.push_back(std::move(hole));
  }
  std::stable_sort(holes.begin(), holes.end(), [](Hole const& a, Hole const& b) {
    return a.partners.size() > b.partners.size();
  });
  constexpr std::size_t kNamed = 4;
  for (std::size_t i = 0; i < std::min(most, holes.size()); ++i) {
    auto const& [bin, partners] = holes[i];
    out << "  " << std::left << std::setw(18) << kBins[bin].name << std::right << std::setw(4)
        << partners.size() << " not met:";
    for (std::size_t k = 0; k < std::min(kNamed, partners.size()); ++k) {
      out << (k == 0 ? " " : ", ") << kBins[partners[k]].name;
    }
    out << (partners.size() > kNamed ? ", ...\n" : "\n");
  }
  if (holes.size() > most) out << "  and " << holes.size() - most << " bins with fewer\n";
}

std::string Coverage::to_json() const {
  nlohmann::ordered_json json;
  json["sessions"] = sessions_;
  json["bins"] = bins();
  json["met"] = met();
  json["percent"] = percent();
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    json["single"][std::string(kBins[i].name)] = single_[i];
  }
  auto& pairs = json["pairs"] = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < kBins.size(); ++i) {
    for (std::size_t j = i + 1; j < kBins.size(); ++j) {
      if (!may_meet(i, j)) continue;
      auto const found = pairs_.find({i, j});
      std::string const name = std::string(kBins[i].name) + "+" + std::string(kBins[j].name);
      pairs[name] = found == pairs_.end() ? 0 : found->second;
    }
  }
  return json.dump(1) + "\n";
}

Coverage Coverage::read(std::filesystem::path const& file) {
  auto const fail = [&](std::string const& why) -> UserError {
    return UserError(file.string() + ": " + why + "; give a coverage.json of ./ringside fuzz");
  };
  std::ifstream stream(file);
  if (!stream) throw fail("can not be read");
  auto const json = nlohmann::json::parse(stream, nullptr, false);
  bool const whole = json.is_object() && json.contains("sessions") && json.contains("single") &&
                     json.contains("pairs") && json["sessions"].is_number_unsigned() &&
                     json["single"].is_object() && json["pairs"].is_object();
  if (!whole) throw fail("holds no coverage");
  Coverage coverage;
  coverage.sessions_ = json["sessions"].get<std::uint64_t>();
  for (auto const& [name, count] : json["single"].items()) {
    auto const bin = find_bin(name);
    if (!bin || !count.is_number_unsigned()) throw fail("\"" + name + "\" is no bin of this build");
    coverage.single_[*bin] = count.get<std::uint64_t>();
  }
  for (auto const& [name, count] : json["pairs"].items()) {
    auto const pair = find_pair(name);
    if (!pair || !count.is_number_unsigned())
      throw fail("\"" + name + "\" is no pair of this build");
    if (count != 0) coverage.pairs_[*pair] = count.get<std::uint64_t>();
  }
  return coverage;
}

}  // namespace ringside::testbench::fuzz
