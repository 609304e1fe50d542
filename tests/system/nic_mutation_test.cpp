// A run as it should be with one field wrong: each field of each descriptor, with each value that
// is a limit of something. Whatever it is, a NIC touches only memory that its driver named, the
// other queue goes on, every frame is in a counter, and a reset makes it as good as new.
#include <functional>

#include "interface/base/random.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;

using Change = std::function<void(MutableBytes descriptor)>;

struct Mutation {
  std::string name;
  Change change;
};

template <class T>
Mutation set_to(char const* name, std::size_t at, T value) {
  return {std::string(name) + " " + std::to_string(value),
          [at, value](MutableBytes descriptor) { store_le<T>(&descriptor[at], value); }};
}

std::vector<Mutation> mutations(std::uint64_t ring) {
  std::vector<Mutation> all;
  for (unsigned bit = 0; bit < 16; ++bit) {
    all.push_back({"flag " + std::to_string(bit), [bit](MutableBytes descriptor) {
                     descriptor[14 + bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
                   }});
  }
  for (std::uint32_t const len : {0U, 1U, 11U, 12U, 13U, 15U, 16U, 4095U, 4096U, 4097U, 65535U,
                                  65536U, 0x8000'0000U, 0xFFFF'FFFFU}) {
    all.push_back(set_to<std::uint32_t>("length", 8, len));
  }
  for (std::uint64_t const address :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{4095}, std::uint64_t{0xFFFF'FFFF},
        std::uint64_t{1} << 63, ~std::uint64_t{0}, ring}) {
    all.push_back(set_to<std::uint64_t>("address", 0, address));
  }
  for (std::uint16_t const id : {0, 15, 16, 65535}) {
    all.push_back(set_to<std::uint16_t>("id", 12, id));
  }
  return all;
}

class EveryNicWithOneMistake : public EveryNic {
 protected:
  static constexpr std::uint64_t kSeed = 0x3157'A4E5;
  static constexpr std::uint32_t kPieces = 3;
  static constexpr unsigned kTransmitSlots = 5;  // a packet, a chain of three, a table
  static constexpr unsigned kReceiveSlots = 4;   // two buffers, a chain of two
  static constexpr int kPackets = 3;

  // A run without mistake: three packets out, three frames in.
  void set_the_scene() {
    nic.start({.size = 16});
    HandRing& tx = nic.tx();
    tx.offer({{packet_.address, 112}}, 0);
    tx.offer({{packet_.address, 12}, {packet_.address + 12, 50}, {packet_.address + 62, 50}}, 1);
    for (std::uint32_t i = 0; i < kPieces; ++i) {
      MutableBytes const entry = this->entry(i);
      store_le<std::uint64_t>(&entry[0], packet_.address + 40 * i);
      store_le<std::uint32_t>(&entry[8], i + 1 < kPieces ? 40 : 32);
      store_le<std::uint32_t>(&entry[12], 0);
    }
    tx.offer({{table_.address, 16 * kPieces, kDescriptorIndirect}}, 4);
    HandRing& rx = nic.rx();
    rx.offer({{buffer_.address, 2048, kDescriptorWrite}}, 0);
    rx.offer({{buffer_.address + 2048, 2048, kDescriptorWrite}}, 1);
    rx.offer({{buffer_.address + 4096, 12, kDescriptorWrite},
              {buffer_.address + 4108, 2000, kDescriptorWrite}},
             2);
  }
  MutableBytes entry(unsigned index) { return table_.bytes.subspan(16 * index, 16); }

  void run_each_mutation(std::uint16_t wrong_queue, unsigned count,
                         std::function<MutableBytes(unsigned)> const& descriptor) {
    for (unsigned index = 0; index < count; ++index) {
      for (std::size_t i = 0;; ++i) {
        ASSERT_NO_FATAL_FAILURE(set_the_scene());
        auto const all = mutations(nic.rings[wrong_queue]->descriptors());
        if (i == all.size()) break;
        SCOPED_TRACE(testing::Message()
                     << "seed " << kSeed << ", " << all[i].name << " in descriptor " << index);
        all[i].change(descriptor(index));
        ASSERT_NO_FATAL_FAILURE(run_the_scene(wrong_queue));
      }
      ASSERT_NO_FATAL_FAILURE(nic.reset());
    }
    EXPECT_EQ(Frame(unnamed_.bytes.begin(), unnamed_.bytes.end()), Frame(8192, 0xEE));
  }

  void run_the_scene(std::uint16_t wrong_queue) {
    note_what_is_named();
    auto const missing_before = frames_missing();
    nic.link.inject_fault([this](PcieLink::AccessKind kind, std::uint64_t at, std::uint32_t size) {
      check_access(kind == PcieLink::AccessKind::Read, at, size);
      return false;
    });
    for (std::uint64_t rings = 1 + random_.below(4); rings > 0; --rings) {
      nic.notify(kReceiveQueue);
      nic.notify(kTransmitQueue);
    }
    nic.run(us(4));
    for (std::size_t size : {200U, 300U, 250U}) nic.arrive(counting_frame(size));
    bool const whole = random_.chance(0.8);
    nic.run(us(whole ? 8 : 4 * random_.unit()));
    if (whole) {
      EXPECT_EQ(frames_missing(), missing_before);
      expect_the_other_queue_to_work(wrong_queue);
    }
    ASSERT_NO_FATAL_FAILURE(nic.reset());
    nic.link.inject_fault({});
    nic.run(us(2));
    nic.wire.frames.clear();
    ASSERT_NO_FATAL_FAILURE(nic.start({.size = 16}));
    ASSERT_NO_FATAL_FAILURE(expect_round_trip());
    ASSERT_NO_FATAL_FAILURE(nic.reset());
  }

  // Frames that came in less those that a counter says what became of.
  std::uint64_t frames_missing() {
    return nic.counter("rx_frames") - nic.counter("rx_packets") -
           nic.counter("rx_dropped_no_buffer") - nic.counter("rx_dropped_overrun") -
           nic.counter("rx_dropped_error");
  }
  void expect_the_other_queue_to_work(std::uint16_t wrong_queue) {
    std::uint8_t const status = nic.status();
    EXPECT_EQ(status & ~kStatusNeedsReset, kReady);
    if (status != kReady) return;
    if (wrong_queue == kTransmitQueue) {
      EXPECT_TRUE(nic.rx().take() && nic.rx().take() && nic.rx().take())
          << "frames are not delivered";
    } else {
      EXPECT_EQ(nic.wire.frames.size(), kPackets);
      EXPECT_TRUE(nic.tx().take() && nic.tx().take() && nic.tx().take());
    }
  }

  // --- What the driver named, and nothing else may be touched.

  void note_what_is_named() {
    named_ = {{PcieLink::kMsiAddress, PcieLink::kMsiAddress + 3, true}};
    wrecked_ = false;
    for (std::uint16_t queue : {kReceiveQueue, kTransmitQueue}) {
      HandRing const& ring = *nic.rings[queue];
      bool const receives = queue == kReceiveQueue;
      name(ring.descriptors(), 16U * ring.size(), true);
      name(ring.driver_events(), 4, false);
      name(ring.device_events(), 4, true);
      for (unsigned slot = 0; slot < ring.size(); ++slot) name(ring.slot(slot), receives, true);
    }
  }
  void name(Bytes descriptor, bool receives, bool in_ring) {
    auto const address = load_le<std::uint64_t>(&descriptor[0]);
    auto const len = load_le<std::uint32_t>(&descriptor[8]);
    bool const table = in_ring && (descriptor[14] & kDescriptorIndirect) != 0;
    name(address, len, receives && !table && (descriptor[14] & kDescriptorWrite) != 0);
    // A device that is told to write its frames over a ring is told anything by it from then on.
    wrecked_ = wrecked_ || address == nic.rx().descriptors();
    if (!table || len > 4096) return;
    std::uint8_t const* const entries = nic.memory.device_reads(address, len);
    if (entries == nullptr) return;
    for (std::uint32_t at = 0; at + 16 <= len; at += 16) {
      name(Bytes(entries + at, 16), receives, false);
    }
  }
  void name(std::uint64_t address, std::uint32_t size, bool writable) {
    if (size == 0 || address + size <= address) return;
    named_.push_back({address, address + size - 1, writable});
  }
  void check_access(bool read, std::uint64_t address, std::uint32_t size) {
    // Reads are of whole beats.
    std::uint64_t const slack = read ? 15 : 0;
    bool const known = std::any_of(named_.begin(), named_.end(), [&](Range const& range) {
      return (read || range.writable) && address >= (range.first & ~slack) &&
             address + (size - 1) <= (range.last | slack);
    });
    EXPECT_TRUE(known || wrecked_)
        << (read ? "reads " : "writes ") << size << " bytes at 0x" << std::hex << address;
  }

  struct Range {
    std::uint64_t first;
    std::uint64_t last;
    bool writable;
  };
  Random random_{kSeed};
  Block packet_ = nic.packet(counting_frame(100));
  Block table_ = nic.allocate(4096);
  Block unnamed_ = unnamed();
  Block buffer_ = nic.allocate(8192);
  std::vector<Range> named_;
  bool wrecked_ = false;

 private:
  Block unnamed() {
    Block const block = nic.allocate(8192);
    std::fill(block.bytes.begin(), block.bytes.end(), std::uint8_t{0xEE});
    return block;
  }
};

TEST_P(EveryNicWithOneMistake, InItsTransmitRing) {
  run_each_mutation(kTransmitQueue, kTransmitSlots,
                    [this](unsigned index) { return nic.tx().slot(index); });
}

TEST_P(EveryNicWithOneMistake, InATableOfItsTransmitRing) {
  run_each_mutation(kTransmitQueue, kPieces, [this](unsigned index) { return entry(index); });
}

TEST_P(EveryNicWithOneMistake, InItsReceiveRing) {
  run_each_mutation(kReceiveQueue, kReceiveSlots,
                    [this](unsigned index) { return nic.rx().slot(index); });
}

TEST_P(EveryNicWithOneMistake, InTheOrderInWhichAChainBecomesAvailable) {
  ASSERT_NO_FATAL_FAILURE(set_the_scene());
  // The tail of the chain is there, its head is not yet: nothing behind it is looked at.
  MutableBytes const head = nic.tx().slot(1);
  head[14] ^= kDescriptorAvail;
  nic.notify(kTransmitQueue);
  nic.run(us(10));
  EXPECT_EQ(nic.wire.frames.size(), 1U);
  EXPECT_EQ(nic.status(), kReady);
  head[14] ^= kDescriptorAvail;
  nic.notify(kTransmitQueue);
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == kPackets; }));
  for (std::size_t i = 0; i < kPackets; ++i) EXPECT_EQ(nic.sent(i), counting_frame(100));
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicWithOneMistake, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
