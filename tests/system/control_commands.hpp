// Control commands in the hands of a test: bytes, how they are laid out, and what came back.
#pragma once

#include <numeric>
#include <optional>
#include <string_view>
#include <vector>

#include "interface/layout/control.hpp"
#include "tests/system/ring_driver.hpp"

namespace ringside::testbench {

inline std::vector<std::uint8_t> operator+(std::vector<std::uint8_t> left,
                                           std::vector<std::uint8_t> const& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

template <class Number>
std::vector<std::uint8_t> le(Number number) {
  std::vector<std::uint8_t> bytes(sizeof(Number));
  store_le<Number>(bytes.data(), number);
  return bytes;
}

inline std::vector<std::uint8_t> bytes_of(MacAddress const& address) {
  return {address.bytes.begin(), address.bytes.end()};
}

// A command by its number, with its data behind it.
inline std::vector<std::uint8_t> command(std::uint16_t number,
                                         std::vector<std::uint8_t> data = {}) {
  return std::vector<std::uint8_t>{static_cast<std::uint8_t>(number >> 8),
                                   static_cast<std::uint8_t>(number)} +
         data;
}

inline std::vector<std::uint8_t> mac_table(std::vector<MacAddress> const& unicast,
                                           std::vector<MacAddress> const& multicast) {
  std::vector<std::uint8_t> data;
  for (auto const* list : {&unicast, &multicast}) {
    data = data + le(static_cast<std::uint32_t>(list->size()));
    for (MacAddress const& address : *list) data = data + bytes_of(address);
  }
  return command(layout::control_command("mac_table_set"), data);
}

inline std::vector<std::uint8_t> coalescing(std::uint16_t number, std::uint32_t max_packets,
                                            std::uint32_t max_usecs) {
  return command(number, le(max_packets) + le(max_usecs));
}

inline std::vector<std::uint8_t> coalescing_of(std::uint16_t queue, std::uint32_t max_packets,
                                               std::uint32_t max_usecs) {
  return command(layout::control_command("coal_vq_set"),
                 le(queue) + le(std::uint16_t{0}) + le(max_packets) + le(max_usecs));
}

inline std::vector<std::uint8_t> ask_coalescing_of(std::uint16_t queue) {
  return command(layout::control_command("coal_vq_get"), le(queue) + le(std::uint16_t{0}));
}

// A frame to that station, of a VLAN if one is given.
inline Frame frame_to(MacAddress const& destination, std::optional<std::uint16_t> vlan = {}) {
  Frame frame = counting_frame(90);
  std::copy(destination.bytes.begin(), destination.bytes.end(), frame.begin());
  if (vlan) {
    store_be<std::uint16_t>(&frame[12], 0x8100);
    store_be<std::uint16_t>(&frame[14], *vlan);
  }
  return frame;
}

// What became of a command.
struct Answer {
  std::uint32_t len = 0;
  bool written = false;
  std::vector<std::uint8_t> bytes;  // of all writable elements together

  bool ok() const { return len == 1 && written && bytes.at(0) == layout::kControlOk; }
  bool refused() const { return len == 1 && written && bytes.at(0) == layout::kControlErr; }
};

// A command on its way: where its bytes lie and where the answer will.
struct Sent {
  std::vector<Block> writable;
};

class EveryNicUnderControl : public EveryNic {
 protected:
  static constexpr std::uint8_t kUntouched = 0xEE;

  // Offers a command in pieces of those sizes; what is left over is one more piece.
  Sent offer(std::vector<std::uint8_t> const& bytes, std::vector<std::size_t> const& pieces = {2},
             std::vector<std::uint32_t> const& room = {1}, std::uint16_t id = 5) {
    std::vector<Descriptor> chain;
    std::size_t at = 0;
    auto const add = [&](std::size_t size) {
      Block const block = nic.allocate(size + 64);
      std::size_t const offset = at % 48;  // any alignment
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size,
                  block.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
      chain.push_back({block.address + offset, static_cast<std::uint32_t>(size)});
      at += size;
    };
    for (std::size_t const piece : pieces) {
      if (at + piece <= bytes.size()) add(piece);
    }
    if (at < bytes.size()) add(bytes.size() - at);
    return offer_chain(std::move(chain), room, id);
  }

  // Writable elements behind those of the chain.
  Sent offer_chain(std::vector<Descriptor> chain, std::vector<std::uint32_t> const& room,
                   std::uint16_t id) {
    Sent sent;
    for (std::uint32_t const size : room) {
      Block const block = nic.allocate(size + 1);
      std::fill(block.bytes.begin(), block.bytes.end(), kUntouched);
      chain.push_back({block.address, size, layout::kDescriptorWrite});
      sent.writable.push_back({block.bytes.first(size), block.address});
    }
    nic.control().offer(std::move(chain), id);
    return sent;
  }

  Answer answer_of(Sent const& sent, std::uint16_t id = 5) {
    auto const used = nic.wait_used(nic.control(), us(3000));
    if (!used) {
      ADD_FAILURE() << "the command does not come back";
      return {};
    }
    EXPECT_EQ(used->id, id);
    Answer answer{used->len, used->written, {}};
    for (Block const& block : sent.writable) {
      answer.bytes.insert(answer.bytes.end(), block.bytes.begin(), block.bytes.end());
    }
    return answer;
  }

  Answer ask(std::vector<std::uint8_t> const& bytes, std::vector<std::size_t> const& pieces = {2},
             std::vector<std::uint32_t> const& room = {1}) {
    Sent const sent = offer(bytes, pieces, room);
    nic.notify(layout::kControlQueue);
    return answer_of(sent);
  }

  struct Moderation {
    std::uint8_t ack;
    std::uint32_t max_packets;
    std::uint32_t max_usecs;
    bool operator==(Moderation const&) const = default;
  };
  Moderation moderation_of(std::uint16_t queue) {
    Answer const answer = ask(ask_coalescing_of(queue), {2}, {8, 1});
    EXPECT_EQ(answer.len, 9U);
    return {answer.bytes.at(8), load_le<std::uint32_t>(&answer.bytes.at(0)),
            load_le<std::uint32_t>(&answer.bytes.at(4))};
  }

  // Whether the frame is delivered; if not, the filter has counted it.
  bool passes(Frame const& frame) {
    std::uint64_t const filtered = nic.counter("rx_filtered");
    if (!posted_) nic.post(2048, 7);
    posted_ = true;
    nic.run(us(3));
    nic.arrive(frame);
    auto const used = nic.wait_used(nic.rx(), us(10));
    if (used) posted_ = false;
    EXPECT_EQ(nic.counter("rx_filtered"), filtered + (used ? 0 : 1));
    return used.has_value();
  }

 private:
  bool posted_ = false;
};

}  // namespace ringside::testbench
