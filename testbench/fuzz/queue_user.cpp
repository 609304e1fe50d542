#include "testbench/fuzz/queue_user.hpp"

#include <stdexcept>

#include "testbench/fuzz/failure.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::size_t kEntry = 16;

constexpr char const* name_of_queue(std::uint16_t queue) {
  return layout::is_transmit_queue(queue) ? "transmit" : "receive";
}

}  // namespace

void QueueUser::begin(std::uint16_t size, bool indirect) {
  size_ = size;
  indirect_ = indirect;
  tampered_ = addresses_ = false;
  free_ = size;
  offered_slots_ = 0;
  last_id_ = 0;
  spoil_.reset();
}

void QueueUser::end() {
  for (auto& [id, offered] : buffers_) unmap(offered);
  buffers_.clear();
  tampered_ = addresses_ = false;
  offered_slots_ = 0;
}

void QueueUser::unmap(Offered& offered) {
  offered.buffer.unmap(host_);
  if (offered.table) host_.memory.unmap(offered.table->address, offered.table->bytes.size());
}

Surroundings QueueUser::surroundings() const {
  HandRing const& ring = *host_.rings[queue_];
  HandRing const& other = *host_.rings[queue_ ^ 1U];
  return {ring.descriptors(), other.descriptors(), ring.device_events(), size_};
}

void QueueUser::tamper(SessionBins& bins) {
  tampered_ = true;
  if (receives()) {
    bins.hit("hostile_rx");
  } else {
    bins.hit("hostile_tx");
  }
}

void QueueUser::scribble(Action const& action, SessionBins& bins) {
  tamper(bins);
  bins.hit("scribbled");
  hit_field(bins, action[scribble::Field]);
  addresses_ = addresses_ || action[scribble::Field] == spoil::Address;
  unsigned const slot = static_cast<unsigned>(action[scribble::Slot]) % size_;
  make_wrong(host_.rings[queue_]->slot(slot), action[scribble::Field], action[scribble::Value],
             surroundings());
}

// One that no buffer has that is under way; they go round, so that each is used.
std::uint16_t QueueUser::choose_id() {
  do {
    last_id_ = static_cast<std::uint16_t>((last_id_ + 1) % size_);
  } while (buffers_.contains(last_id_));
  return last_id_;
}

Block QueueUser::write_table(std::vector<Descriptor> const& chain) {
  Block const table = host_.allocate(kEntry * chain.size());
  for (std::size_t i = 0; i < chain.size(); ++i) {
    std::uint8_t* const entry = &table.bytes[kEntry * i];
    store_le<std::uint64_t>(entry, chain[i].addr);
    store_le<std::uint32_t>(entry + 8, chain[i].len);
    store_le<std::uint32_t>(entry + 12, std::uint32_t{chain[i].flags} << 16);
  }
  return table;
}

void QueueUser::offer(Buffer buffer, Action const& action, SessionBins& bins) {
  unsigned const slots = slots_for(buffer, action);
  std::optional<Block> table;
  std::vector<Descriptor> chain = buffer.chain();
  if (in_table(action)) {
    table = write_table(chain);
    chain = {{table->address, static_cast<std::uint32_t>(table->bytes.size()),
              layout::kDescriptorIndirect}};
  }
  std::uint16_t const id = choose_id();
  unsigned const head = host_.rings[queue_]->offer(chain, id);
  free_ -= slots;
  offered_slots_ += slots;
  buffers_.emplace(id, Offered{std::move(buffer), table, slots});
  if (spoil_) spoil(head, slots, table, bins);
  if (action[offer::Order] != offer::AtOnce && slots > 1) {
    show_by_and_by(head, slots, action, bins);
  }
}

void QueueUser::spoil(unsigned head, unsigned slots, std::optional<Block> const& table,
                      SessionBins& bins) {
  Action const wrong = *spoil_;
  auto const element = static_cast<std::size_t>(wrong[spoil::Element]);
  MutableBytes descriptor;
  if (wrong[spoil::Table] != 0) {
    if (!table) return;  // it waits for one
    descriptor = table->bytes.subspan(element % (table->bytes.size() / kEntry) * kEntry, kEntry);
    bins.hit("hostile_table");
  } else {
    descriptor = host_.rings[queue_]->slot(static_cast<unsigned>((head + element % slots) % size_));
  }
  spoil_.reset();
  tamper(bins);
  hit_field(bins, wrong[spoil::Field]);
  addresses_ = addresses_ || wrong[spoil::Field] == spoil::Address;
  make_wrong(descriptor, wrong[spoil::Field], wrong[spoil::Value], surroundings());
}

// What is hidden has flags that agree, as it has before it is ever offered.
void QueueUser::show_by_and_by(unsigned head, unsigned slots, Action const& action,
                               SessionBins& bins) {
  bool const tail_last = action[offer::Order] == offer::TailLast;
  unsigned const hidden = tail_last ? (head + slots - 1) % size_ : head;
  MutableBytes const slot = host_.rings[queue_]->slot(hidden);
  if (tail_last) {
    tamper(bins);
    bins.hit("tail_last");
  } else {
    bins.hit("torn_chain");
  }
  slot[14] ^= layout::kDescriptorAvail;
  host_.notify(queue_);
  host_.run(Duration{action[offer::Torn] * 1000});
  slot[14] ^= layout::kDescriptorAvail;
}

std::optional<QueueUser::Taken> QueueUser::take() {
  if (tampered_ || buffers_.empty()) return std::nullopt;
  std::optional<Used> used;
  try {
    used = host_.rings[queue_]->take();
  } catch (std::out_of_range const&) {
    throw Failure("used", std::string("an identifier that no buffer has comes back on the ") +
                              name_of_queue(queue_) + " queue");
  }
  if (!used) return std::nullopt;
  auto const found = buffers_.find(used->id);
  if (found == buffers_.end()) {
    throw Failure("used", "buffer " + std::to_string(used->id) + " comes back twice on the " +
                              name_of_queue(queue_) + " queue");
  }
  Taken taken{std::move(found->second.buffer), used->len};
  free_ += found->second.slots;
  if (found->second.table) {
    host_.memory.unmap(found->second.table->address, found->second.table->bytes.size());
  }
  taken.buffer.unmap(host_);
  buffers_.erase(found);
  return taken;
}

}  // namespace ringside::testbench::fuzz
