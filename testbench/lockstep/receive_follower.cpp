#include "testbench/lockstep/receive_follower.hpp"

#include <algorithm>

#include "interface/layout/limits.hpp"
#include "testbench/lockstep/burst.hpp"

namespace ringside::testbench::lockstep {

void ReceiveFollower::start(model::DeliveryRules const& rules) {
  rules_ = rules;
  elements_.clear();
  first_ += deliveries_.size();
  deliveries_.clear();
  data_errors_ = 0;
}

void ReceiveFollower::take(std::deque<Element>& elements) {
  elements_.insert(elements_.end(), elements.begin(), elements.end());
  elements.clear();
}

// Buffers one after the other until they hold `needed` bytes; none if they are not known, too
// small, or too many (5.1.6.4).
std::optional<ReceiveFollower::Plan> ReceiveFollower::plan(std::size_t needed) const {
  Plan plan;
  std::uint64_t capacity = 0;
  while (capacity < needed) {
    model::Used buffer;
    std::uint64_t size = 0;
    for (bool last = false; !last; ++plan.elements) {
      if (plan.elements == elements_.size()) return std::nullopt;
      if (plan.elements == layout::kMaxReceiveBuffers && capacity + size < needed) {
        return std::nullopt;
      }
      Element const& element = elements_[plan.elements];
      std::uint64_t const left = needed - std::min<std::uint64_t>(needed, capacity + size);
      auto const part = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, element.length));
      if (element.writable && part != 0) plan.runs.push_back({element.address, part});
      if (element.writable) size += element.length;
      last = element.last;
      buffer.id = element.id;
      buffer.slots = element.slots;
    }
    buffer.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(needed - capacity, size));
    capacity += size;
    buffer.more = capacity < needed;
    plan.used.push_back(buffer);
    if (!rules_.mergeable && buffer.more) return std::nullopt;
  }
  return plan;
}

// No frame can begin in a buffer without room for the header: it goes back when one is at hand.
bool ReceiveFollower::give_back_unfit(TimePoint at) {
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (elements_[i].writable) size += elements_[i].length;
    if (size >= rules_.least_buffer()) return false;
    if (!elements_[i].last) continue;
    Delivery delivery;
    delivery.plan.used.push_back({.id = elements_[i].id, .slots = elements_[i].slots});
    elements_.erase(elements_.begin(), elements_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    delivery.counted = true;
    counters_.add("rx_buffers_unused", at);
    deliveries_.push_back(std::move(delivery));
    return true;
  }
  return false;
}

bool ReceiveFollower::fits(Delivery const& delivery, std::uint64_t address, Bytes bytes) const {
  if (delivery.done + bytes.size() > delivery.bytes.size()) return false;
  Run const& run = delivery.plan.runs[delivery.run];
  std::uint64_t const most =
      std::min<std::uint64_t>(run.length - delivery.offset, kBurstBytes - address % kBurstBytes);
  auto const begin = delivery.bytes.begin() + static_cast<std::ptrdiff_t>(delivery.done);
  return run.address + delivery.offset == address && bytes.size() == most &&
         std::equal(bytes.begin(), bytes.end(), begin);
}

// As the frame may be delivered: once for each header that it may have.
std::vector<ReceiveFollower::Delivery> ReceiveFollower::deliveries_of(Arrival const& frame) const {
  std::vector<Delivery> deliveries;
  auto const found = plan(rules_.header_bytes() + frame.bytes.size());
  if (!found) return deliveries;
  for (bool const checksum : {true, false}) {
    if (!offloads_.may_be(checksum, frame.start())) continue;
    model::DeliveryRules rules = rules_;
    rules.checksum = checksum;
    for (model::FrameHashes const& hashes : frame.hashes) {
      Delivery delivery;
      delivery.bytes =
          model::packet_of_frame(frame.bytes, hashes.reported, found->used.size(), rules);
      delivery.plan = *found;
      deliveries.push_back(std::move(delivery));
      if (!rules.hash_report) break;  // all are alike
    }
  }
  return deliveries;
}

// It gets the buffers at hand. Frames before it found none.
void ReceiveFollower::begin_with(std::size_t frame, Delivery delivery) {
  auto const end = elements_.begin() + static_cast<std::ptrdiff_t>(delivery.plan.elements);
  delivery.elements.assign(elements_.begin(), end);
  elements_.erase(elements_.begin(), end);
  delivery.frame = pool_.take(frame);
  deliveries_.push_back(std::move(delivery));
}

// The first burst of a packet tells which of the frames it is.
bool ReceiveFollower::begin(TimePoint at, std::uint64_t address, Bytes bytes) {
  while (pool_.any_for(pair_) && give_back_unfit(at)) {
  }
  auto const& frames = pool_.frames();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i].may_be_for(pair_)) continue;
    for (Delivery& delivery : deliveries_of(frames[i])) {
      if (!fits(delivery, address, bytes)) continue;
      begin_with(i, std::move(delivery));
      return true;
    }
  }
  return false;
}

// Whether this is what has been begun, as far as that has come, and it goes on like that.
bool ReceiveFollower::goes_on(Delivery& delivery, Delivery const& taken, std::uint64_t address,
                              Bytes bytes) const {
  if (delivery.bytes.size() <= taken.done) return false;
  auto const written = taken.bytes.begin() + static_cast<std::ptrdiff_t>(taken.done);
  if (!std::equal(taken.bytes.begin(), written, delivery.bytes.begin())) return false;
  step(delivery, taken.done);
  delivery.answers = taken.answers;
  delivery.refused = taken.refused;
  return fits(delivery, address, bytes);
}

// Unless it brought the header only, which is the same for many frames: then a later burst may show
// that it is another one, or has another hash.
bool ReceiveFollower::begin_another(std::uint64_t address, Bytes bytes) {
  Delivery const taken = deliveries_.back();
  std::deque<Element> const elements = elements_;
  elements_.insert(elements_.begin(), taken.elements.begin(), taken.elements.end());
  for (Delivery& delivery : deliveries_of(taken.frame)) {
    if (!goes_on(delivery, taken, address, bytes)) continue;
    delivery.elements = taken.elements;
    delivery.frame = taken.frame;
    elements_ = elements;
    deliveries_.back() = std::move(delivery);
    return true;
  }
  auto const& frames = pool_.frames();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i].may_be_for(pair_)) continue;
    for (Delivery& delivery : deliveries_of(frames[i])) {
      if (!goes_on(delivery, taken, address, bytes)) continue;
      deliveries_.pop_back();
      pool_.drop(taken.frame.perhaps_filtered);
      begin_with(i, std::move(delivery));
      return true;
    }
  }
  elements_ = elements;
  return false;
}

void ReceiveFollower::step(Delivery& delivery, std::size_t bytes) const {
  delivery.done += bytes;
  delivery.offset += static_cast<std::uint32_t>(bytes);
  while (delivery.run < delivery.plan.runs.size() &&
         delivery.offset >= delivery.plan.runs[delivery.run].length) {
    delivery.offset -= delivery.plan.runs[delivery.run].length;
    ++delivery.run;
  }
}

bool ReceiveFollower::under_way() const {
  return !deliveries_.empty() && deliveries_.back().done < deliveries_.back().bytes.size();
}

std::optional<std::uint64_t> ReceiveFollower::written(TimePoint at, std::uint64_t address,
                                                      Bytes bytes) {
  bool const right = under_way()
                         ? fits(deliveries_.back(), address, bytes) || begin_another(address, bytes)
                         : begin(at, address, bytes);
  if (!right) return std::nullopt;
  Delivery& delivery = deliveries_.back();
  step(delivery, bytes.size());
  ++delivery.answers;
  return first_ + deliveries_.size() - 1;
}

std::string ReceiveFollower::expected() const {
  if (!under_way()) return "no frame and buffer fit that";
  Delivery const& delivery = deliveries_.back();
  return "reference: " + hex(delivery.plan.runs[delivery.run].address + delivery.offset) + ", " +
         hex_bytes(&delivery.bytes[delivery.done], delivery.bytes.size() - delivery.done);
}

void ReceiveFollower::write_answered(TimePoint at, std::uint64_t number, bool ok) {
  if (number < first_ || number - first_ >= deliveries_.size()) return;
  Delivery& delivery = deliveries_[number - first_];
  --delivery.answers;
  delivery.refused = delivery.refused || !ok;
  if (delivery.answers == 0 && delivery.done == delivery.bytes.size()) count(at, delivery);
}

void ReceiveFollower::count(TimePoint at, Delivery& delivery) {
  if (std::exchange(delivery.counted, true)) return;
  if (delivery.refused) {
    ++data_errors_;
    counters_.add("rx_dropped_error", at);
  } else {
    counters_.add("rx_packets", at);
  }
}

// Of a frame that memory refused nothing is left in its buffers.
std::vector<model::Used> ReceiveFollower::next_used(TimePoint at) {
  if (deliveries_.empty() && pool_.any_for(pair_)) give_back_unfit(at);
  if (deliveries_.empty()) return {};
  Delivery const& delivery = deliveries_.front();
  if (delivery.done < delivery.bytes.size() || delivery.answers != 0) return {};
  std::vector<model::Used> used = delivery.plan.used;
  if (delivery.refused) {
    for (model::Used& each : used) each.length = 0;
  }
  return used;
}

void ReceiveFollower::take_used() {
  deliveries_.pop_front();
  ++first_;
}

}  // namespace ringside::testbench::lockstep
