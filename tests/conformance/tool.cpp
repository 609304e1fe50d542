// Runs the cases of the kit against one implementation and reports.
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string_view>

#include "tests/conformance/judge.hpp"
#include "tests/conformance/model_device.hpp"
#include "tests/conformance/packed_ring_driver.hpp"
#include "tests/conformance/rtl_device.hpp"

namespace ringside::conformance {
namespace {

constexpr char kUsage[] =
    "usage: ring_conformance rtl|model|driver [FAMILY [NUMBER]]\n"
    "       ring_conformance list\n"
    "Runs all cases, those of one family, or one case; status 1 if any fails.\n";

// Of a family: whoever breaks everything wants to know soon.
constexpr unsigned kMostFindingsShown = 5;
constexpr unsigned kMostFailures = 500;

// What is at work, for a person who finds that it ended in an assertion.
struct Work {
  std::string_view name;
  std::string_view family;
  std::uint64_t number = 0;
  Case const* at = nullptr;
};
Work work;

void print_again() {
  std::printf("  again: ring_conformance %.*s %.*s %llu\n", static_cast<int>(work.name.size()),
              work.name.data(), static_cast<int>(work.family.size()), work.family.data(),
              static_cast<unsigned long long>(work.number));
}

// abort() is called by what is under test and not in the middle of our own output.
void tell_what_aborted(int) {
  if (work.at == nullptr) return;
  std::printf("%s\n  ended in an assertion\n", to_text(*work.at).c_str());
  print_again();
  std::fflush(stdout);
}

// One of the three under test, whichever side of the ring it is.
struct UnderTest {
  explicit UnderTest(std::string_view name) {
    if (name == "rtl") device = rtl_device(memory);
    if (name == "model") device = model_device(memory);
    if (name == "driver") driver = packed_ring_driver(memory);
  }
  bool exists() const { return device || driver; }
  bool can(Case const& each) const { return device ? device->can(each) : driver->can(each); }
  Finding run(Case const& each) {
    return device ? conformance::run(each, *device, memory)
                  : conformance::run(each, *driver, memory);
  }

  SharedMemory memory;
  std::unique_ptr<DeviceUnderTest> device;
  std::unique_ptr<DriverUnderTest> driver;
};

struct Tally {
  std::uint64_t run = 0;
  std::uint64_t failed = 0;
  std::uint64_t not_applicable = 0;
};

void print(std::string_view family, Tally const& tally, double seconds) {
  std::printf("%-14.*s %7llu cases %5llu failures", static_cast<int>(family.size()), family.data(),
              static_cast<unsigned long long>(tally.run),
              static_cast<unsigned long long>(tally.failed));
  if (tally.not_applicable != 0) {
    std::printf(" (%llu more do not apply)", static_cast<unsigned long long>(tally.not_applicable));
  }
  if (tally.failed >= kMostFailures) std::printf(" (the rest was not run)");
  std::printf("  %.2f s\n", seconds);
}

// All cases of a family, or only number `only`.
Tally run(Family const& family, std::string_view name, std::optional<std::uint64_t> only) {
  UnderTest under_test(name);
  Tally tally;
  std::uint64_t number = 0;
  auto const begin = std::chrono::steady_clock::now();
  family.for_each([&](Case const& each) {
    std::uint64_t const mine = number++;
    if ((only && mine != *only) || tally.failed >= kMostFailures) return;
    if (!under_test.can(each)) {
      ++tally.not_applicable;
      return;
    }
    ++tally.run;
    work = {name, family.name, mine, &each};
    Finding const wrong = under_test.run(each);
    work.at = nullptr;
    if (wrong) ++tally.failed;
    bool const shown = wrong && tally.failed <= kMostFindingsShown;
    if (only || shown) std::printf("%s\n", to_text(each).c_str());
    if (!shown) return;
    std::printf("  %s\n", wrong->c_str());
    print_again();
  });
  std::chrono::duration<double> const seconds = std::chrono::steady_clock::now() - begin;
  print(family.name, tally, seconds.count());
  return tally;
}

int list() {
  std::uint64_t all = 0;
  for (Family const& family : families()) {
    std::uint64_t count = 0;
    family.for_each([&](Case const&) { ++count; });
    all += count;
    std::printf("%-14.*s %7llu  %.*s\n", static_cast<int>(family.name.size()), family.name.data(),
                static_cast<unsigned long long>(count), static_cast<int>(family.what.size()),
                family.what.data());
  }
  std::printf("%-14s %7llu\n", "all", static_cast<unsigned long long>(all));
  return 0;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

int usage() {
  std::fputs(kUsage, stderr);
  return 2;
}

int main(std::vector<std::string_view> const& arguments) {
  if (arguments.size() == 1 && arguments[0] == "list") return list();
  if (arguments.empty() || arguments.size() > 3) return usage();
  if (!UnderTest(arguments[0]).exists()) return usage();
  std::optional<std::uint64_t> only;
  if (arguments.size() == 3) {
    only = number_in(arguments[2]);
    if (!only) return usage();
  }
  Tally all;
  for (Family const& family : families()) {
    if (arguments.size() > 1 && family.name != arguments[1]) continue;
    Tally const tally = run(family, arguments[0], only);
    all.run += tally.run;
    all.failed += tally.failed;
    all.not_applicable += tally.not_applicable;
  }
  if (all.run + all.not_applicable == 0) {
    std::fputs("there is no such case\n", stderr);
    return usage();
  }
  if (arguments.size() == 1) {
    std::printf("%s: %llu cases, %llu failures, %llu do not apply\n", arguments[0].data(),
                static_cast<unsigned long long>(all.run),
                static_cast<unsigned long long>(all.failed),
                static_cast<unsigned long long>(all.not_applicable));
  }
  return all.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ringside::conformance

int main(int count, char** values) {
  std::signal(SIGABRT, ringside::conformance::tell_what_aborted);
  return ringside::conformance::main({values + 1, values + count});
}
