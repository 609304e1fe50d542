// Commands over the control queue, right ones and wrong ones, and frames that meet what they have
// set, by hand: what a run has to do to find the faults of the control queue's blocks.
#pragma once

#include "tests/frame/transport_frame.hpp"
#include "tests/system/control_commands.hpp"

namespace ringside::testbench {

class ControlRun {
 public:
  explicit ControlRun(NicMaker const& make) : nic_(make) {}

  std::optional<Trouble> run() {
    nic_.start({.size = 64, .features = layout::kFeaturesOffered});
    for (std::uint16_t id = 0; id < 64; ++id) nic_.post(2048, id);
    filter();
    moderate();
    spread();
    misbehave();
    nic_.reset();
    hash();
    nic_.run(us(10));  // counters are compared when nothing is under way
    return nic_.finish();
  }

 private:
  using Bytes = std::vector<std::uint8_t>;

  void tell(Bytes const& bytes, std::uint32_t room = 1) {
    tell({{bytes, 0}, {Bytes(room), layout::kDescriptorWrite}});
  }
  void tell(std::vector<std::pair<Bytes, std::uint16_t>> const& pieces) {
    std::vector<Descriptor> chain;
    for (auto const& [bytes, flags] : pieces) {
      Block const block = nic_.allocate(bytes.size());
      std::copy(bytes.begin(), bytes.end(), block.bytes.begin());
      chain.push_back({block.address, static_cast<std::uint32_t>(bytes.size()), flags});
    }
    nic_.control().offer(std::move(chain), 5);
    nic_.notify(layout::kControlQueue);
    nic_.run(us(8));
    while (nic_.control().take()) {
    }
  }
  void turn(std::uint16_t which, bool on) { tell(command(which, {on})); }
  void arrive() {
    for (MacAddress const& to : {kStation, kOther, kThird, kGroup, kBroadcastMac}) {
      nic_.arrive(frame_to(to));
      nic_.arrive(frame_to(to, 7));
    }
    nic_.run(us(6));
    while (auto const used = nic_.rx().take()) nic_.post(2048, used->id);
  }

  void filter() {
    using layout::control_command;
    arrive();
    for (std::uint16_t which = 0; which < 6; ++which) {
      turn(which, true);
      arrive();
      turn(which, false);
    }
    tell(mac_table({kOther}, {kGroup}));
    arrive();
    tell(mac_table({kGroup, kThird, kThird, kThird, kThird, kOther}, {}));
    arrive();
    tell(mac_table(std::vector<MacAddress>(20, kStation), {}));
    arrive();
    tell(mac_table({kOther}, {}));
    for (std::uint16_t const vlan : {7, 7 + 64, 7}) {
      tell(command(control_command("vlan_add"), le(vlan)));
      arrive();
      tell(command(control_command("vlan_del"), le(vlan)));
      arrive();
    }
    tell(command(control_command("mac_addr_set"), bytes_of(kThird)));
    arrive();
    nic_.read(layout::offset_of(layout::kDeviceBlock, "mac"), 4);
    nic_.to_nic.signal({present() + us(0.1), LineSignal::LocalFault});
    nic_.to_nic.signal({present() + us(2), LineSignal::Idle});
    nic_.run(us(8));
    nic_.read(layout::offset_of(layout::kDeviceBlock, "link_status"), 2);
    tell(command(control_command("announce_ack")));
    nic_.read(layout::offset_of(layout::kDeviceBlock, "link_status"), 2);
  }

  void moderate() {
    using layout::control_command;
    for (auto const& bytes : {coalescing(control_command("coal_rx_set"), 3, 100),
                              coalescing(control_command("coal_tx_set"), 2, 30),
                              coalescing_of(layout::kTransmitQueue, 5, 200)}) {
      tell(bytes);
      tell(ask_coalescing_of(layout::kReceiveQueue), 9);
      tell(ask_coalescing_of(layout::kTransmitQueue), 9);
      for (std::uint16_t id = 0; id < 7; ++id) nic_.send(counting_frame(60), id);
      arrive();
      nic_.run(us(250));
      while (nic_.tx().take()) {
      }
    }
  }

  void spread() {
    using layout::control_command;
    for (std::uint16_t pairs = 1; pairs <= layout::kMaxQueuePairs; ++pairs) {
      tell(command(control_command("mq_pairs_set"), le(pairs)));
    }
    for (std::uint16_t const entry : {std::uint16_t{0}, layout::kMaxQueuePairs}) {
      tell(command(control_command("mq_rss_config"),
                   le(layout::kSupportedHashTypes) + le(std::uint16_t{1}) + le(std::uint16_t{0}) +
                       le(std::uint16_t{0}) + le(entry) + le(std::uint16_t{1}) +
                       Bytes{layout::kHashKeyBytes} + Bytes(layout::kHashKeyBytes, 0x6D)));
    }
  }

  // Frames of two flows, to all pairs.
  void flows() {
    for (std::uint8_t const protocol : {6, 17}) {
      Frame frame = frame_to(kStation);
      store_be<std::uint16_t>(&frame[12], 0x0800);
      frame[14] = 0x45;
      store_be<std::uint16_t>(&frame[16], 76);
      store_be<std::uint16_t>(&frame[20], 0);
      frame[23] = protocol;
      for (int i = 0; i < 3; ++i) {
        ++frame[37];
        nic_.arrive(frame);
      }
    }
    nic_.run(us(8));
  }

  // A frame with a checksum that is right.
  void sealed() {
    Random random(3);
    Frame frame = test::TransportFrame{.payload = 40}.build(random).bytes;
    std::copy(kStation.bytes.begin(), kStation.bytes.end(), frame.begin());
    nic_.arrive(frame);
    nic_.run(us(4));
  }

  // Where headers tell of hashes: on both ways, with the commands that go with it.
  void hash() {
    using layout::control_command;
    nic_.start({.size = 64, .features = layout::kFeaturesOffered & ~layout::kFeatureRss});
    for (std::uint16_t pair = 0; pair < layout::kMaxQueuePairs; ++pair) {
      if (pair != 0) nic_.enable_queue(layout::receive_queue(pair), 64);
      for (std::uint16_t id = 0; id < 40; ++id) {
        Block const block = nic_.allocate(2048);
        nic_.rings[layout::receive_queue(pair)]->offer(
            {{block.address, 2048, layout::kDescriptorWrite}}, id);
      }
      nic_.notify(layout::receive_queue(pair));
    }
    nic_.run(us(8));
    flows();
    tell(command(control_command("mq_pairs_set"), le(layout::kMaxQueuePairs)));
    flows();
    for (std::uint32_t const types : {1U, 2U, layout::kSupportedHashTypes}) {
      tell(hashing(types, 0xA5));
      flows();
    }
    for (std::uint64_t const offloads : {0, 2, 6}) {
      tell(command(control_command("guest_offloads_set"), le(offloads)));
      sealed();
    }
    for (std::uint8_t const field : {0, 1}) {
      Block const block = nic_.packet(counting_frame(100));
      block.bytes[0] = field == 0 ? layout::kNeedsCsum : 0;
      block.bytes[6] = 14;
      block.bytes[8] = 20;
      block.bytes[1] = field;
      nic_.send(block, field);
      nic_.run(us(5));
    }
  }
  static Bytes hashing(std::uint32_t types, std::uint8_t reserved) {
    return command(layout::control_command("mq_hash_config"),
                   le(types) + Bytes(8, reserved) + Bytes{layout::kHashKeyBytes} +
                       Bytes(layout::kHashKeyBytes, 0x39));
  }

  void misbehave() {
    using layout::control_command;
    auto const write = layout::kDescriptorWrite;
    Bytes const promiscuous = command(control_command("rx_promisc"), {1});
    tell({{promiscuous, 0}, {Bytes(1), write}, {Bytes{0}, 0}});
    tell({{Bytes(1), write}, {promiscuous, 0}});
    tell(std::vector<std::pair<Bytes, std::uint16_t>>{{promiscuous, 0}});
    tell(command(control_command("rx_promisc"), {2}));
    tell(command(control_command("rx_promisc"), {1, 1}));
    tell(command(control_command("vlan_add"), {0, 0x10}));
    tell(command(0x0700, {1}));
    tell(coalescing_of(layout::kControlQueue, 5, 200));
    tell(hashing(layout::kSupportedHashTypes, 0));  // where the table says it
    arrive();
  }

  static constexpr MacAddress kOther{{0x02, 0, 0, 0, 0, 0x77}};
  static constexpr MacAddress kThird{{0x02, 0, 0, 0, 0, 0x78}};
  static constexpr MacAddress kGroup{{0x01, 0x00, 0x5E, 0, 0, 0x01}};

  RingDriver nic_;
};

}  // namespace ringside::testbench
