// Frames and descriptors whose every byte is known beforehand, on every NIC: what the unit tests
// show of its parts, shown of the whole. The numbers are those of docs/verification.md.
#include <numeric>

#include "tests/stack/hex.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {
namespace {

using namespace layout;
using stack::from_hex;

struct FcsVector {
  std::string name;
  Frame frame;  // as a driver gives it
  std::uint32_t fcs;
};

Frame counted(std::size_t size) {
  Frame frame(size);
  std::iota(frame.begin(), frame.end(), std::uint8_t{0});
  return frame;
}

Frame padded(Frame frame) {
  frame.resize(std::max<std::size_t>(frame.size(), kMinFrameBytes), 0);
  return frame;
}

// A segment of V30: payload byte i of the whole is i mod 256, 1460 bytes a segment.
Frame tcp_segment(std::string const& headers, std::size_t from, std::size_t size) {
  Frame frame = from_hex(headers);
  Frame const payload = counted(3000);
  auto const begin = payload.begin() + static_cast<std::ptrdiff_t>(from);
  frame.insert(frame.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  return frame;
}

std::vector<FcsVector> frames_of_stations() {
  std::string const ethernet = "020000000002 020000000001 0800 ";
  std::string const ports = "C0A80001 C0A80002 3039 0050 ";
  return {
      {"V9", Frame(60, 0x00), 0x04128908},
      {"V10", Frame(60, 0xFF), 0xF48CF14D},
      {"V11", counted(60), 0xB0EC7FEE},
      {"V12", Frame(1514, 0x00), 0xE3D887BB},
      {"V13", counted(1514), 0xE7870705},
      {"V17",
       from_hex("FFFFFFFFFFFF 020000000001 0806 0001 0800 06 04 0001 020000000001 0A000001 "
                "000000000000 0A000002"),
       0xF84D6FE8},
      {"V27",
       from_hex(ethernet + "45000021 00004000 401126CA 0A000001 0A000002 03E807D0 000D9C47 "
                           "68656C6C6F"),
       0x3BB5D88C},
      {"V30, first",
       tcp_segment(
           ethernet + "450005DC 00014000 4006B3C7 " + ports + "000003E8 000007D0 501001F5 BF940000",
           0, 1460),
       0x22318F53},
      {"V30, second",
       tcp_segment(
           ethernet + "450005DC 00024000 4006B3C6 " + ports + "0000099C 000007D0 501001F5 668D0000",
           1460, 1460),
       0x40F6C6B4},
      {"V30, last",
       tcp_segment(
           ethernet + "45000078 00034000 4006B929 " + ports + "00000F50 000007D0 501801F5 75F40000",
           2920, 80),
       0x3081B9A9},
  };
}

// Frames that a host may not send but any station may receive.
std::vector<FcsVector> frames_of_macs() {
  std::string const head = "0180C2000001 020000000001 8808 ";
  return {
      {"V14", padded(from_hex(head + "0001 FFFF")), 0xFFB27CDD},
      {"V15", padded(from_hex(head + "0001 0000")), 0x86BD1759},
      {"V16", padded(from_hex(head + "0101 0008 0000 0000 0000 00FF")), 0x43A30E44},
  };
}

class EveryNicToTheByte : public EveryNic {
 protected:
  // Bytes 8 to 15 of a slot: length, id and flags.
  static Frame end_of(HandRing const& ring, unsigned slot) {
    MutableBytes const bytes = ring.slot(slot);
    return {bytes.begin() + 8, bytes.end()};
  }
  static void write(HandRing const& ring, unsigned slot, Frame const& bytes) {
    std::copy(bytes.begin(), bytes.end(), ring.slot(slot).begin());
  }
  void send_one(std::uint16_t id) {
    nic.send(counting_frame(60), id);
    ASSERT_TRUE(nic.wait_used(nic.tx()));
  }
};

TEST_P(EveryNicToTheByte, SendsFramesWithTheFcsOfTheVectors) {
  nic.start();
  for (auto const& [name, frame, fcs] : frames_of_stations()) {
    nic.wire.frames.clear();
    nic.send(frame, 3);
    ASSERT_TRUE(nic.wait_used(nic.tx())) << name;
    ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 1; })) << name;
    EXPECT_EQ(nic.sent(0), padded(frame)) << name;
    auto const& bytes = nic.wire.frames[0].bytes;
    EXPECT_EQ(load_le<std::uint32_t>(&bytes[bytes.size() - 4]), fcs) << name;
  }
}

TEST_P(EveryNicToTheByte, TakesFramesWithTheFcsOfTheVectorsAndNoOther) {
  nic.start({.size = 64});
  std::uint64_t wrong = 0;
  for (auto const& [name, frame, fcs] : frames_of_stations()) {
    Block const block = nic.post(2048, 1);
    nic.run(us(5));
    WireFrame wire = RingDriver::on_the_wire(padded(frame));
    std::uint8_t* const end = &wire.bytes[wire.bytes.size() - 4];
    store_le<std::uint32_t>(end, fcs ^ 1);
    nic.arrive(wire);
    store_le<std::uint32_t>(end, fcs);
    nic.arrive(wire);
    auto const used = nic.wait_used(nic.rx());
    ASSERT_TRUE(used) << name;
    Bytes const received = Bytes(block.bytes).subspan(kNetHeaderBytes, used->len - kNetHeaderBytes);
    EXPECT_EQ(Frame(received.begin(), received.end()), padded(frame)) << name;
    EXPECT_EQ(nic.counter("rx_fcs_errors"), ++wrong) << name;
  }
}

TEST_P(EveryNicToTheByte, KeepsTheFramesOfMacsForItself) {  // V14 to V16
  nic.start({.size = 64});
  nic.post(2048, 1);
  nic.run(us(5));
  for (auto const& [name, frame, fcs] : frames_of_macs()) {
    WireFrame wire = RingDriver::on_the_wire(frame);
    store_le<std::uint32_t>(&wire.bytes[wire.bytes.size() - 4], fcs);
    nic.arrive(wire);
  }
  nic.run(us(10));
  EXPECT_EQ(nic.counter("rx_pause_frames"), 2U);
  EXPECT_EQ(nic.counter("rx_pfc_frames"), 1U);
  EXPECT_FALSE(nic.rx().take());
}

TEST_P(EveryNicToTheByte, SeesNothingInAZeroRing) {  // V60
  nic.start({.size = 4});
  nic.notify(kReceiveQueue);
  nic.notify(kTransmitQueue);
  nic.run(us(10));
  for (std::uint16_t queue : {kReceiveQueue, kTransmitQueue}) {
    for (unsigned slot = 0; slot < 4; ++slot) {
      EXPECT_EQ(end_of(*nic.rings[queue], slot), Frame(8, 0));
    }
  }
}

TEST_P(EveryNicToTheByte, UsesAReceiveBuffer) {  // V61, V62
  nic.start({.size = 4});
  Block const block = nic.allocate(1536);
  write(nic.rx(), 0, {0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x06, 0, 0, 2, 0, 0x82, 0});
  store_le<std::uint64_t>(&nic.rx().slot(0)[0], block.address);
  nic.notify(kReceiveQueue);
  nic.run(us(5));
  nic.arrive(counting_frame(64));
  nic.run(us(5));
  EXPECT_EQ(end_of(nic.rx(), 0), (Frame{0x4C, 0, 0, 0, 2, 0, 0x82, 0x80}));
  EXPECT_EQ(load_le<std::uint64_t>(&nic.rx().slot(0)[0]), block.address);
}

TEST_P(EveryNicToTheByte, UsesATransmitBuffer) {  // V63
  nic.start({.size = 4});
  send_one(1);
  EXPECT_EQ(end_of(nic.tx(), 0), (Frame{0, 0, 0, 0, 1, 0, 0x80, 0x80}));
}

TEST_P(EveryNicToTheByte, UsesAChainAroundTheEndOfTheRing) {  // V64, V65
  nic.start({.size = 4});
  for (std::uint16_t id = 0; id < 3; ++id) ASSERT_NO_FATAL_FAILURE(send_one(id));
  nic.wire.frames.clear();
  Block const block = nic.packet(counting_frame(90));
  auto const put = [&](unsigned slot, std::uint32_t at, std::uint32_t len, std::uint16_t flags) {
    nic.tx().put(slot, {block.address + at, len, flags}, slot == 1 ? 1 : 0xAAAA);
  };
  put(0, 12, 40, 0x8001);
  put(1, 52, 50, 0x8000);
  put(3, 0, 12, 0x0081);
  nic.notify(kTransmitQueue);
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 1; }));
  nic.run(us(5));
  EXPECT_EQ(nic.sent(0), counting_frame(90));
  EXPECT_EQ(end_of(nic.tx(), 3), (Frame{0, 0, 0, 0, 1, 0, 0x80, 0x80}));
  // The next used descriptor is in slot 2, of the second lap.
  nic.tx().put(2, {block.address, 102, 0x8000}, 5);
  nic.notify(kTransmitQueue);
  nic.run(us(10));
  EXPECT_EQ(end_of(nic.tx(), 2), (Frame{0, 0, 0, 0, 5, 0, 0, 0}));
}

TEST_P(EveryNicToTheByte, UsesReceiveBuffersOfTheSecondLap) {  // V66, V69
  nic.start({.size = 4});
  for (std::uint16_t id = 0; id < 6; ++id) {
    nic.post(2048, id);
    nic.run(us(5));
    nic.arrive(counting_frame(60));
    ASSERT_TRUE(nic.wait_used(nic.rx())) << id;
  }
  nic.post(2048, 0);
  EXPECT_EQ(end_of(nic.rx(), 2), (Frame{0, 8, 0, 0, 0, 0, 0x02, 0x80})) << "available, not used";
  nic.run(us(5));
  nic.arrive(counting_frame(88));
  nic.run(us(5));
  EXPECT_EQ(end_of(nic.rx(), 2), (Frame{0x64, 0, 0, 0, 0, 0, 0x02, 0}));
}

TEST_P(EveryNicToTheByte, UsesAnIndirectTableAsOneSlot) {  // V67
  nic.start({.size = 4});
  Block const block = nic.packet(counting_frame(60));
  Block const table = nic.allocate(48);
  for (std::uint32_t i = 0; i < 3; ++i) {
    store_le<std::uint64_t>(&table.bytes[16 * i], block.address + 24 * i);
    store_le<std::uint32_t>(&table.bytes[16 * i + 8], 24);
    store_le<std::uint16_t>(&table.bytes[16 * i + 14], i == 2 ? 2 : 0);
  }
  nic.tx().put(0, {table.address, 48, 0x0084}, 3);
  nic.tx().put(1, {block.address, 72, 0x0080}, 4);
  nic.notify(kTransmitQueue);
  ASSERT_TRUE(nic.run_until([this] { return nic.wire.frames.size() == 2; }));
  nic.run(us(5));
  EXPECT_EQ(nic.sent(0), counting_frame(60));
  EXPECT_EQ(end_of(nic.tx(), 0), (Frame{0, 0, 0, 0, 3, 0, 0x80, 0x80}));
  EXPECT_EQ(end_of(nic.tx(), 1), (Frame{0, 0, 0, 0, 4, 0, 0x80, 0x80}));
}

INSTANTIATE_TEST_SUITE_P(Device, EveryNicToTheByte, testing::ValuesIn(nic_kinds()),
                         [](auto const& tested) { return tested.param; });

}  // namespace
}  // namespace ringside::testbench
