// The driver's side of one queue: offers buffers, as they should be or spoiled, and takes back what
// the device has used.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "testbench/fuzz/buffer.hpp"
#include "testbench/fuzz/coverage.hpp"
#include "testbench/fuzz/hostile.hpp"

namespace ringside::testbench::fuzz {

class QueueUser {
 public:
  QueueUser(HandHost& host, std::uint16_t queue) : host_(host), queue_(queue) {}

  void begin(std::uint16_t size, bool indirect);
  // Takes every mapping back; to be called when the device is at rest.
  void end();

  // The next buffer that is offered gets this spoil::... action's mistake.
  void spoil_next(Action const& action) { spoil_ = action; }
  // Writes over a slot.
  void scribble(Action const& action, SessionBins& bins);

  std::uint16_t number() const { return queue_; }
  bool receives() const { return !layout::is_transmit_queue(queue_); }
  bool in_table(Action const& action) const { return indirect_ && action[offer::Indirect] != 0; }
  // Whether there are slots for it.
  bool has_room(Buffer const& buffer, Action const& action) const {
    return slots_for(buffer, action) <= free_;
  }
  // Whether offering it is a mistake.
  bool will_be_wrong(Action const& action) const {
    return tampered_ || spoil_ || action[offer::Order] == offer::TailLast;
  }
  // Offers a buffer for which there is room. A chain that becomes available bit by bit is announced
  // in between, and simulated time passes.
  void offer(Buffer buffer, Action const& action, SessionBins& bins);

  struct Taken {
    Buffer buffer;
    std::uint32_t len;
  };
  // What the device has used next. Of a queue that was tampered with nothing is known any more.
  std::optional<Taken> take();

  bool tampered() const { return tampered_; }
  // A buffer may lie anywhere, over rings too.
  bool tampered_with_addresses() const { return addresses_; }
  void distrust() { tampered_ = true; }
  std::size_t outstanding() const { return buffers_.size(); }
  bool wrapped() const { return offered_slots_ > size_; }

 private:
  struct Offered {
    Buffer buffer;
    std::optional<Block> table;
    unsigned slots;
  };

  unsigned slots_for(Buffer const& buffer, Action const& action) const {
    return in_table(action) ? 1U : static_cast<unsigned>(buffer.chain().size());
  }
  std::uint16_t choose_id();
  Block write_table(std::vector<Descriptor> const& chain);
  void spoil(unsigned head, unsigned slots, std::optional<Block> const& table, SessionBins& bins);
  void show_by_and_by(unsigned head, unsigned slots, Action const& action, SessionBins& bins);
  void tamper(SessionBins& bins);
  Surroundings surroundings() const;
  void unmap(Offered& offered);

  HandHost& host_;
  std::uint16_t queue_;
  std::uint16_t size_ = 0;
  bool indirect_ = false;
  bool tampered_ = false;
  bool addresses_ = false;
  unsigned free_ = 0;
  std::uint64_t offered_slots_ = 0;
  std::uint16_t last_id_ = 0;
  std::map<std::uint16_t, Offered> buffers_;  // by identifier
  std::optional<Action> spoil_;
};

}  // namespace ringside::testbench::fuzz
