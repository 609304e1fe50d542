// One simulation a process: SystemC elaborates once, and CTest runs each test by itself.
#include "model/systemc/nic_model.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/model/systemc/test_bench.hpp"

namespace ringside::model {
namespace {

constexpr std::uint16_t kAvail = layout::kDescriptorAvail;
constexpr std::uint16_t kUsed = layout::kDescriptorAvail | layout::kDescriptorUsed;
constexpr std::uint16_t kWrite = layout::kDescriptorWrite;
constexpr std::uint64_t kPacket = 0x10000;
constexpr std::uint64_t kBuffer = 0x80000;

double nanoseconds(Duration duration) { return static_cast<double>(duration.count()) / 1e3; }

TEST(NicModel, TransmitsAFrameWhenItsBytesHaveBeenRead) {
  Bench bench("bench");
  bench.run([&] {
    bench.start();
    sc_core::wait(ns(5000));
    auto const frame = Bench::frame(300);
    bench.put_packet(kPacket, frame);
    bench.put(1, 0, kPacket, 312, kAvail);
    TimePoint const notified = present();
    bench.notify(1);
    sc_core::wait(bench.message);

    ASSERT_EQ(bench.wire.frames.size(), 1U);
    EXPECT_EQ(bench.wire.frames[0].bytes, Bench::on_the_wire(frame));
    // A read of the descriptor, then all bursts of the packet at once.
    EXPECT_EQ(nanoseconds(bench.wire.frames[0].start - notified), 1200);
    // Used descriptor, event area, message.
    EXPECT_EQ(nanoseconds(present() - notified), 1200 + 300 + 600 + 300);
    EXPECT_EQ(bench.flags(1, 0), kUsed);
    EXPECT_EQ(bench.last_message.count(2), 1U);
  });
}

TEST(NicModel, SpacesFramesByTheirLengthAndTheGap) {
  Bench bench("bench");
  bench.run([&] {
    bench.start();
    for (unsigned i = 0; i < 4; ++i) {
      bench.put_packet(kPacket + 0x1000 * i, Bench::frame(60 + 100 * i));
      bench.put(1, i, kPacket + 0x1000 * i, 72 + 100 * i, kAvail);
    }
    bench.notify(1);
    sc_core::wait(ns(10'000));
    ASSERT_EQ(bench.wire.frames.size(), 4U);
    for (unsigned i = 1; i < 4; ++i) {
      auto const& before = bench.wire.frames[i - 1];
      auto const bytes = static_cast<std::int64_t>(before.bytes.size()) + 12;
      EXPECT_EQ(bench.wire.frames[i].start - before.start, bytes * kByteTime);
    }
  });
}

TEST(NicModel, ReceivesAFrameWhenItsEndIsThere) {
  Bench bench("bench");
  bench.run([&] {
    bench.start();
    bench.put(0, 0, kBuffer, 1536, kAvail | kWrite);
    bench.notify(0);
    sc_core::wait(ns(5000));
    auto const frame = Bench::frame(100);
    auto const wire = Bench::on_the_wire(frame);
    TimePoint const start = present() + Duration{500'000};
    Bytes const all(wire);
    bench.nic.receive({.start = start, .bytes = all.first(50), .first = true});
    bench.nic.receive({.start = start + 50 * kByteTime, .bytes = all.subspan(50)});
    TimePoint const end = start + static_cast<std::int64_t>(wire.size()) * kByteTime;
    bench.nic.receive({.start = end, .bytes = {}, .last = true});
    sc_core::wait(bench.message);

    EXPECT_EQ(nanoseconds(present() - end), 300 + 300 + 600 + 300);
    EXPECT_EQ(bench.flags(0, 0), kUsed | kWrite);
    EXPECT_EQ(bench.used_length(0, 0), 112U);
    EXPECT_TRUE(std::equal(frame.begin(), frame.end(), &bench.bytes[kBuffer + 12]));
    EXPECT_EQ(bench.last_message.count(1), 1U);
  });
}

TEST(NicModel, CountsDamagedFramesAndGoesOn) {
  Bench bench("bench");
  bench.run([&] {
    bench.start();
    auto wire = Bench::on_the_wire(Bench::frame(100));
    bench.nic.receive({.start = present(), .bytes = wire, .first = true});  // never ends
    wire[20] ^= 1;
    TimePoint const next = present() + Duration{1'000'000};
    bench.nic.receive({.start = next, .bytes = wire, .first = true, .last = true});
    sc_core::wait(ns(3000));
    EXPECT_EQ(bench.nic.device().statistics()["rx_framing_errors"], 1U);
    EXPECT_EQ(bench.nic.device().statistics()["rx_fcs_errors"], 1U);
    EXPECT_EQ(bench.nic.device().statistics()["rx_frames"], 0U);
  });
}

TEST(NicModel, HoldsInterruptsBackUntilTheModerationTimeIsOver) {
  Bench bench("bench");
  bench.run([&] {
    bench.start();
    bench.write(layout::kModerationBlock.offset + 8, 4, 100);
    bench.write(layout::kModerationBlock.offset + 12, 4, 20);
    bench.put_packet(kPacket, Bench::frame(60));
    for (unsigned i = 0; i < 3; ++i) bench.put(1, i, kPacket, 72, kAvail);
    bench.notify(1);
    while (bench.flags(1, 0) != kUsed) sc_core::wait(ns(1));
    TimePoint const used = present();
    sc_core::wait(bench.message);
    // Event area and message follow the end of the 20 us.
    EXPECT_NEAR(nanoseconds(present() - used), 20'000 + 600 + 300, 2);
    EXPECT_EQ(bench.messages, 1U);
  });
}

TEST(NicModel, EndsAResetWhenTheReadsInFlightHaveEnded) {
  Bench bench("bench");
  bench.run([&] {
    bench.start();
    sc_core::wait(ns(5000));
    bench.put_packet(kPacket, Bench::frame(60));
    bench.put(1, 0, kPacket, 72, kAvail);
    bench.notify(1);
    sc_core::wait(ns(900));  // in the middle of the packet's read
    bench.write(Bench::common("device_status"), 1, 0);
    EXPECT_EQ(bench.status(), 0x0FU);
    bench.write(Bench::common("device_status"), 1, 1);  // too early
    sc_core::wait(ns(400));
    EXPECT_EQ(bench.status(), 0U);
    std::size_t const accesses = bench.accesses.size();
    sc_core::wait(ns(5000));
    EXPECT_EQ(bench.accesses.size(), accesses);
    EXPECT_TRUE(bench.wire.frames.empty());
    EXPECT_EQ(bench.flags(1, 0), kAvail);

    bench.start();
    sc_core::wait(ns(5000));
    EXPECT_EQ(bench.wire.frames.size(), 1U);
  });
}

TEST(NicModel, SurvivesAccessesThatNobodyShouldMake) {
  Bench bench("bench");
  bench.run([&] {
    std::uint32_t value = 0;
    for (auto const command : {tlm::TLM_READ_COMMAND, tlm::TLM_WRITE_COMMAND}) {
      EXPECT_EQ(bench.access_bar(command, layout::kBarSize, 4, value),
                tlm::TLM_ADDRESS_ERROR_RESPONSE);
      EXPECT_EQ(bench.access_bar(command, layout::kBarSize - 2, 4, value),
                tlm::TLM_ADDRESS_ERROR_RESPONSE);
      EXPECT_EQ(bench.access_bar(command, 0, 8, value), tlm::TLM_BURST_ERROR_RESPONSE);
      EXPECT_EQ(bench.access_bar(command, 0, 0, value), tlm::TLM_BURST_ERROR_RESPONSE);
      EXPECT_EQ(bench.access_bar(command, 0x7001, 2, value), tlm::TLM_OK_RESPONSE);
    }
    EXPECT_EQ(bench.read(0x7000, 4), 0U);
  });
}

TEST(NicModel, TurnsARefusedBurstIntoANeedForReset) {
  Bench bench("bench");
  bench.run([&] {
    bench.start();
    bench.write(Bench::common("config_msix_vector"), 2, 0);
    bench.write(Bench::common("queue_select"), 2, 1);
    bench.put(1, 0, 0xDEAD00000000, 16, kAvail | layout::kDescriptorIndirect);
    bench.notify(1);
    sc_core::wait(bench.message);
    EXPECT_EQ(bench.status(), 0x4FU);
    EXPECT_EQ(bench.last_message.count(0), 1U);
  });
}

// Keeps the transmit ring full and frames of `size` bytes coming in for `span`; gives back both
// rates in Mframe/s.
struct Rates {
  double transmit;
  double receive;
  std::uint64_t dropped;
};
Rates saturate(Bench& bench, std::size_t size, double span_ns) {
  bench.start();
  for (std::uint64_t queue : {0U, 1U}) {
    bench.bytes[Bench::kEvents + 8 * queue + 2] = layout::kEventDisable;
  }
  bench.put_packet(kPacket, Bench::frame(size));
  auto const wire = Bench::on_the_wire(Bench::frame(size));
  auto const spacing = static_cast<std::int64_t>(wire.size() + 12) * kByteTime;
  std::array<unsigned, 2> next{0, 0};  // by queue: descriptors made available, in all
  std::array<unsigned, 2> used{0, 0};
  TimePoint const begin = present();
  TimePoint arrival = begin + Duration{10'000'000};
  TimePoint const end = begin + Duration{static_cast<std::int64_t>(span_ns * 1e3)};
  while (present() < end) {
    for (unsigned queue : {0U, 1U}) {
      auto const lap_flag = [](unsigned n) {
        return n / Bench::kQueueSize % 2 == 0 ? layout::kDescriptorAvail : layout::kDescriptorUsed;
      };
      for (; used[queue] < next[queue]; ++used[queue]) {
        std::uint16_t const both = bench.flags(queue, used[queue] % Bench::kQueueSize) & kUsed;
        bool const first_lap = used[queue] / Bench::kQueueSize % 2 == 0;
        if (both != (first_lap ? kUsed : 0)) break;
      }
      for (; next[queue] < used[queue] + Bench::kQueueSize; ++next[queue]) {
        auto const flags =
            static_cast<std::uint16_t>(lap_flag(next[queue]) | (queue == 0 ? kWrite : 0));
        bench.put(queue, next[queue] % Bench::kQueueSize, queue == 0 ? kBuffer : kPacket,
                  queue == 0 ? 1536 : static_cast<std::uint32_t>(12 + size), flags);
      }
      bench.notify(queue);
    }
    for (; arrival < present() + Duration{2'000'000}; arrival += Duration{spacing}) {
      bench.nic.receive({.start = arrival, .bytes = wire, .first = true, .last = true});
    }
    sc_core::wait(ns(500));
  }
  auto const& statistics = bench.nic.device().statistics();
  // The first 10 us belong to the start.
  double const microseconds = span_ns / 1e3 - 10;
  std::uint64_t on_the_wire = 0;
  for (auto const& frame : bench.wire.frames) {
    if (frame.start >= begin + Duration{10'000'000} && frame.start < end) ++on_the_wire;
  }
  return {static_cast<double>(on_the_wire) / microseconds,
          static_cast<double>(statistics["rx_packets"]) / microseconds,
          statistics["rx_dropped_no_buffer"] + statistics["rx_dropped_overrun"]};
}

TEST(NicModel, FillsTheWireWithLongFramesInBothDirections) {
  Bench bench("bench");
  bench.run([&] {
    Rates const rates = saturate(bench, 1514, 200'000);
    RecordProperty("transmit_mfps", std::to_string(rates.transmit));
    RecordProperty("receive_mfps", std::to_string(rates.receive));
    EXPECT_GT(rates.transmit, 0.99 * 0.812744);
    EXPECT_GT(rates.receive, 0.97 * 0.812744);
    EXPECT_EQ(rates.dropped, 0U);
  });
}

TEST(NicModel, KeepsUpWithTheShortestFramesInBothDirections) {
  Bench bench("bench");
  bench.run([&] {
    Rates const rates = saturate(bench, 60, 200'000);
    RecordProperty("transmit_mfps", std::to_string(rates.transmit));
    RecordProperty("receive_mfps", std::to_string(rates.receive));
    EXPECT_GT(rates.transmit, 0.95 * 14.880952);
    EXPECT_GT(rates.receive, 0.95 * 14.880952);
    EXPECT_EQ(rates.dropped, 0U);
  });
}

// FNV-1a over all that memory and wire saw, with times.
std::uint64_t hash_of_a_busy_run() {
  Bench bench("bench");
  std::uint64_t hash = 0xCBF29CE484222325;
  auto const add = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x100000001B3; };
  bench.run([&] {
    saturate(bench, 200, 50'000);
    for (auto const& access : bench.accesses) {
      add(static_cast<std::uint64_t>(access.when.time_since_epoch().count()));
      add(access.address * 2 + access.write);
      add(access.size);
    }
    for (auto const& frame : bench.wire.frames) {
      add(static_cast<std::uint64_t>(frame.start.time_since_epoch().count()));
    }
  });
  return hash;
}

TEST(NicModel, DoesTheSameInEveryRun) {
  std::array<std::uint64_t, 2> hashes{};
  for (auto& hash : hashes) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    pid_t const child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      std::uint64_t const result = hash_of_a_busy_run();
      _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
    }
    ASSERT_EQ(read(ends[0], &hash, sizeof hash), static_cast<ssize_t>(sizeof hash));
    close(ends[0]);
    close(ends[1]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
  }
  EXPECT_NE(hashes[0], 0U);
  EXPECT_EQ(hashes[0], hashes[1]);
}

}  // namespace
}  // namespace ringside::model
