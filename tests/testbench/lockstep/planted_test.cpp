// Each fault of planted/faults.txt, in a copy of the RTL: the checker finds it in a run that is
// right without it. SystemC elaborates once a process, so each has one of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "testbench/nic/lockstep_nic.hpp"
#include "tests/frame/cut_packet_lies.hpp"
#include "tests/system/page_scenario.hpp"
#include "tests/system/ring_driver.hpp"
#include "tests/testbench/lockstep/control_run.hpp"

namespace {
unsigned char chosen = 0;
}  // namespace

// What the copy of the RTL asks for when it starts; 0: no fault.
extern "C" unsigned char planted_fault() { return chosen; }

namespace ringside::testbench {
namespace {

struct Planted {
  unsigned char number;
  std::string name;
  std::string run;
};

void PrintTo(Planted const& planted, std::ostream* out) { *out << planted.name; }

std::vector<Planted> read_faults() {
  std::ifstream file(RINGSIDE_PLANTED_FAULTS);
  std::vector<Planted> faults;
  std::string key;
  std::string rest;
  while (file >> key && std::getline(file, rest)) {
    if (key == "run") faults.back().run = rest.substr(1);
    if (key != "fault") continue;
    auto const number = static_cast<unsigned char>(faults.size() + 1);
    faults.push_back({number, rest.substr(1), "page"});
  }
  return faults;
}

std::unique_ptr<SimulatedNic> make_nic(std::string const& name, Timeline&, PcieLink& link,
                                       MacAddress mac) {
  return std::make_unique<LockStepNic>(name, link, mac, ClockLoopOptions{});
}

// A page over cables with bit errors, with moderation: most of what the NIC can do is done.
Report run() {
  Scenario scenario = page_scenario(5, 800'006);
  for (auto& cable : scenario.cables) cable.faults.bit_error_rate = 2e-6;
  for (auto& host : scenario.hosts) host.receive_moderation = {4, 50};
  scenario.limit = Duration{1'000'000'000'000};
  Simulation simulation(scenario, make_nic, {});
  return simulation.run();
}

// What the ends of a link tell each other, by hand: pauses, faults, and a buffer that is too full.
std::optional<Trouble> run_link() {
  constexpr std::uint32_t kMode = layout::kMacBlock.offset;
  constexpr std::uint32_t kQuanta = layout::offset_of(layout::kMacBlock, "pause_quanta");
  constexpr std::uint32_t kHigh = layout::offset_of(layout::kMacBlock, "high_watermark");
  RingDriver nic(make_nic);
  nic.start({.size = 64});
  auto const send = [&](std::size_t frames) {
    for (std::uint16_t id = 0; id < frames; ++id) {
      Frame frame = counting_frame(60);
      frame[0] = 0xFF;
      std::fill(frame.begin(), frame.begin() + (id % 2 == 0 ? 6 : 5), std::uint8_t{0xFF});
      nic.send(frame, id);
    }
    nic.run(us(1));
    while (nic.tx().take()) {
    }
  };
  auto const ask = [&](Frame frame, std::size_t size = 60) {
    frame.resize(size, 0);
    nic.arrive(frame);
    nic.run(us(0.7));
    send(4);
    nic.run(us(3));
  };
  auto const show = [&](LineSignal signal, int columns) {
    TimePoint const from = present() + us(0.1);
    nic.to_nic.signal({from, signal});
    nic.to_nic.signal({from + columns * 4 * kByteTime, LineSignal::Idle});
    nic.run(us(1));
    send(4);
    nic.run(us(9));
  };
  Frame const pause{1, 0x80, 0xC2, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x88, 8, 0, 1, 0, 150};
  Frame free = pause;
  free.back() = 0;
  Frame const classes{1, 0x80, 0xC2, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x88, 8, 1, 1, 0, 3, 0, 90, 0, 180};
  nic.write(kMode, 1, 5);
  nic.run(us(2));
  for (int i = 0; i < 3; ++i) {
    ask(pause);
    nic.run(us(9));
    ask(pause);
    ask(free);
    ask(classes);
    nic.run(us(9));
    ask(pause, 100);
  }
  for (int const columns : {3, 100, 2000}) {
    show(LineSignal::LocalFault, columns);
    show(LineSignal::RemoteFault, columns);
  }
  nic.write(kQuanta, 2, 100);
  nic.write(kHigh, 2, 0);
  nic.write(kMode, 1, 2);
  nic.run(us(20));
  nic.write(kMode, 1, 0);
  nic.run(us(10));
  return nic.finish();
}

// Packets to be cut into segments, with numbers that carry, and some that lie.
std::optional<Trouble> run_segments() {
  using test::CutPacket;
  RingDriver nic(make_nic);
  nic.start({.size = 64, .features = kUnfiltered | layout::kFeatureHashReport});
  Random random(20261125);
  auto const send = [&](std::vector<std::uint8_t> const& packet) {
    Block const block = nic.allocate(packet.size());
    std::copy(packet.begin(), packet.end(), block.bytes.begin());
    nic.send(block, 1);
    (void)nic.wait_used(nic.tx());
  };
  for (bool const ipv6 : {false, true}) {
    CutPacket packet{.ipv6 = ipv6, .payload = 500, .size = 200};
    packet.hash_report = true;
    send(packet.build(random).packet());
  }
  (void)nic.counter("tx_dropped_malformed");
  nic.reset();
  nic.start({.size = 64});
  for (bool const ipv6 : {false, true}) {
    CutPacket packet{.tag = ipv6, .ipv6 = ipv6, .payload = 1000, .size = 150};
    packet.sequence = 0x1234FFF0;
    packet.id = 0xFFFE;
    packet.flags = 0x0FF;
    packet.ecn = true;
    send(packet.build(random).packet());
    for (auto const& lie : test::lies_of_cut_packets(ipv6)) {
      auto bytes = packet.packet();
      lie.tell(packet, bytes);
      send(bytes);
    }
  }
  // Of more elements than the window holds, and a frame after all.
  CutPacket const many = CutPacket{.payload = 600, .size = 200}.build(random);
  auto const bytes = many.packet();
  Block const block = nic.allocate(bytes.size());
  std::copy(bytes.begin(), bytes.end(), block.bytes.begin());
  std::vector<Descriptor> chain;
  for (std::uint32_t i = 0; i < 20; ++i) chain.push_back({block.address + 4 * i, 4});
  chain.push_back({block.address + 80, static_cast<std::uint32_t>(bytes.size() - 80)});
  nic.tx().offer(chain, 5);
  nic.notify(layout::kTransmitQueue);
  (void)nic.wait_used(nic.tx());
  nic.run(us(10));
  (void)nic.counter("tx_dropped_malformed");
  return nic.finish();
}

std::optional<Trouble> run_by_hand(std::string const& run) {
  if (run == "link") return run_link();
  if (run == "segments") return run_segments();
  return ControlRun(make_nic).run();
}

TEST(AnRtlCopy, WithoutAFaultIsRight) {
  Report const report = run();
  EXPECT_TRUE(report.ok) << report.problems.front();
  EXPECT_GT(report.frames_lost + report.retransmissions, 0U) << "the cables do no harm";
}

TEST(AnRtlCopy, WithoutAFaultIsRightOnALink) {
  auto const trouble = run_link();
  EXPECT_FALSE(trouble) << trouble->what;
}

TEST(AnRtlCopy, WithoutAFaultCutsSegments) {
  auto const trouble = run_segments();
  EXPECT_FALSE(trouble) << trouble->what;
}

TEST(AnRtlCopy, WithoutAFaultIsRightUnderControl) {
  auto const trouble = ControlRun(make_nic).run();
  EXPECT_FALSE(trouble) << trouble->what;
}

class AnRtlWith : public testing::TestWithParam<Planted> {};

TEST_P(AnRtlWith, IsFoundOut) {
  chosen = GetParam().number;
  if (GetParam().run != "page") {
    EXPECT_TRUE(run_by_hand(GetParam().run)) << "it passes";
    return;
  }
  Report const report = run();
  ASSERT_NE(report.trouble_at, kNever) << "it passes";
  EXPECT_THAT(report.problems.front(), testing::HasSubstr("RTL and reference differ"));
}

INSTANTIATE_TEST_SUITE_P(Planted, AnRtlWith, testing::ValuesIn(read_faults()),
                         [](auto const& tested) { return tested.param.name; });

}  // namespace
}  // namespace ringside::testbench
