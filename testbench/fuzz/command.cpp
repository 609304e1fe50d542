#include "testbench/fuzz/command.hpp"

#include <algorithm>

#include "interface/base/random.hpp"
#include "testbench/fuzz/frames.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

namespace {

using layout::control_command;

constexpr std::uint16_t kNoSuchCommand = 0x0700;
constexpr std::uint32_t kMostAddresses = 20;  // of a list: more than the device's tables hold
constexpr std::uint32_t kAddresses = 10;      // that are known to anybody
constexpr std::uint32_t kMostTableLog = 8;    // one more than the device's, in powers of two

std::uint16_t number_of(Action const& action) {
  if (action[command::What] == command::kUnknown) return kNoSuchCommand;
  return static_cast<std::uint16_t>(
      layout::kControlCommands.at(static_cast<std::size_t>(action[command::What])).value);
}

class Writer {
 public:
  explicit Writer(Action const& action)
      : value_(static_cast<std::uint32_t>(action[command::Value])),
        more_(static_cast<std::uint32_t>(action[command::More])),
        number_(number_of(action)) {
    put(static_cast<std::uint8_t>(number_ >> 8));
    put(static_cast<std::uint8_t>(number_));
  }

  std::vector<std::uint8_t> write() {
    switch (number_) {
      case control_command("mac_table_set"):
        put_addresses(value_);
        put_addresses(more_);
        break;
      case control_command("mac_addr_set"):
        put(address_of(value_ % kMostAddresses));
        break;
      case control_command("vlan_add"):
      case control_command("vlan_del"):
      case control_command("mq_pairs_set"):
        put(static_cast<std::uint16_t>(value_));
        break;
      case control_command("mq_rss_config"):
        put_scaling();
        break;
      case control_command("mq_hash_config"):
        put_hashing();
        break;
      case control_command("guest_offloads_set"):
        put(std::uint64_t{value_});
        break;
      case control_command("coal_tx_set"):
      case control_command("coal_rx_set"):
        put_moderation();
        break;
      case control_command("coal_vq_set"):
        put_queue();
        put_moderation();
        break;
      case control_command("coal_vq_get"):
        put_queue();
        break;
      case control_command("announce_ack"):
        break;
      default:
        put(static_cast<std::uint8_t>(value_));
    }
    return std::move(bytes_);
  }

 private:
  template <class Number>
  void put(Number number) {
    bytes_.resize(bytes_.size() + sizeof number);
    store_le<Number>(&bytes_[bytes_.size() - sizeof number], number);
  }
  void put(MacAddress const& address) {
    bytes_.insert(bytes_.end(), address.bytes.begin(), address.bytes.end());
  }
  void put_addresses(std::uint32_t list) {
    std::uint32_t const count = list % kMostAddresses;
    std::uint32_t const first = list / kMostAddresses % kAddresses;
    put(count);
    for (std::uint32_t i = 0; i < count; ++i) put(address_of((first + i) % kAddresses));
  }
  void put_queue() {
    put(static_cast<std::uint16_t>(value_ % (layout::kNumQueues + 1)));
    put(std::uint16_t{0});
  }
  void put_moderation() {
    put(more_ % 64);
    put(more_ / 64 % 32);
  }
  // Most tables name queues that there are; a key is of any bytes.
  void put_scaling() {
    Random random(value_ * 65536ULL + more_);
    std::uint32_t const entries = 1U << value_ % (kMostTableLog + 1);
    std::uint64_t const wrong = random.below(8 * (entries + 1));
    auto const queue = [&](std::uint64_t place) {
      return static_cast<std::uint16_t>(random.below(layout::kMaxQueuePairs) +
                                        (place == wrong ? layout::kMaxQueuePairs : 0));
    };
    put(static_cast<std::uint32_t>(more_ % (layout::kSupportedHashTypes + 2)));
    put(static_cast<std::uint16_t>(entries - 1));
    put(queue(entries));
    for (std::uint32_t i = 0; i < entries; ++i) put(queue(i));
    put(static_cast<std::uint16_t>(1 + random.below(layout::kMaxQueuePairs)));
    put_key(random);
  }
  // What is reserved is of any bytes, too.
  void put_hashing() {
    Random random(value_ * 65536ULL + more_);
    put(static_cast<std::uint32_t>(more_ % (layout::kSupportedHashTypes + 2)));
    put(random.next());
    put_key(random);
  }
  void put_key(Random& random) {
    put(static_cast<std::uint8_t>(layout::kHashKeyBytes));
    for (std::size_t i = 0; i < layout::kHashKeyBytes; ++i) {
      put(static_cast<std::uint8_t>(random.next()));
    }
  }

  std::uint32_t value_;
  std::uint32_t more_;
  std::uint16_t number_;
  std::vector<std::uint8_t> bytes_;
};

void hit_command(SessionBins& bins, Action const& action) {
  if (is_malformed(action)) return bins.hit("command_malformed");
  std::uint16_t const number = number_of(action);
  switch (number) {
    case control_command("mac_table_set"):
      return bins.hit("command_mac_table");
    case control_command("mac_addr_set"):
      return bins.hit("command_mac");
    case control_command("vlan_add"):
    case control_command("vlan_del"):
      return bins.hit("command_vlan");
    case control_command("announce_ack"):
      return bins.hit("command_announce");
    case control_command("mq_pairs_set"):
      return bins.hit("command_pairs");
    case control_command("mq_rss_config"):
      return bins.hit("command_rss");
    case control_command("mq_hash_config"):
      return bins.hit("command_hash");
    case control_command("guest_offloads_set"):
      return bins.hit("command_offloads");
    case control_command("coal_tx_set"):
    case control_command("coal_rx_set"):
      return bins.hit("command_coal");
    case control_command("coal_vq_set"):
    case control_command("coal_vq_get"):
      return bins.hit("command_vq_coal");
    default:
      if (number < control_command("mac_table_set")) bins.hit("command_rx_mode");
  }
}

}  // namespace

std::vector<std::uint8_t> command_bytes(Action const& action) {
  std::vector<std::uint8_t> bytes = Writer(action).write();
  auto const size = static_cast<std::int64_t>(bytes.size()) - action[command::Cut];
  bytes.resize(static_cast<std::size_t>(std::max<std::int64_t>(size, 0)), 1);
  return bytes;
}

bool is_malformed(Action const& action) {
  return action[command::What] == command::kUnknown || action[command::Cut] != 0;
}

void do_command(Rig& rig, Action const& action) {
  if (!rig.control_user.ready()) return;
  if (!rig.control_user.offer(action)) return rig.bins.hit("command_ring_full");
  hit_command(rig.bins, action);
  rig.host.notify(layout::kControlQueue);
}

}  // namespace ringside::testbench::fuzz
