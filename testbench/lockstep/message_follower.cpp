#include "testbench/lockstep/message_follower.hpp"

#include <algorithm>

namespace ringside::testbench::lockstep {

void MessageFollower::raise(TimePoint at, std::uint16_t vector, bool certain) {
  if (vector >= vectors_.size() || !registers_.msix_enabled()) return;
  Vector& raised = vectors_[vector];
  if (certain) {
    ++raised.raised;
    judge_.note(Side::Reference, at, Topic::Interrupts, "raises vector", 0, vector);
  } else {
    raised.maybe = std::min(raised.maybe + 1, kSources);
  }
  raised.raised_at = at;
  look_again(at, bus_master_);
}

void MessageFollower::forget() {
  for (Vector& each : vectors_) {
    each.maybe = std::min(each.maybe + each.raised, kSources);
    each.raised = 0;
    each.sendable_since = kNever;
  }
}

void MessageFollower::lose_sight() {
  for (Vector& each : vectors_) each.maybe = kSources;
}

void MessageFollower::look_again(TimePoint at, bool bus_master) {
  if (bus_master && !bus_master_) master_since_ = at;
  bus_master_ = bus_master;
  for (std::uint16_t i = 0; i < vectors_.size(); ++i) {
    Vector& each = vectors_[i];
    bool const masked = registers_.message(i).masked;
    if (!masked) {
      each.masked_since = kNever;
    } else if (each.masked_since == kNever) {
      each.masked_since = at;
    }
    bool const sendable = each.raised != 0 && !masked && registers_.msix_enabled() && bus_master;
    if (!sendable) {
      each.sendable_since = kNever;
    } else if (each.sendable_since == kNever) {
      each.sendable_since = at;
    }
  }
}

bool MessageFollower::claims(std::uint64_t address, std::size_t size) const {
  if (size != sizeof(std::uint32_t)) return false;
  for (std::uint16_t i = 0; i < vectors_.size(); ++i) {
    if (registers_.message(i).address == address) return true;
  }
  return false;
}

// Reasons that came while a message was on its way may be in it or want another one.
std::string MessageFollower::take(TimePoint at, std::uint64_t address, Bytes bytes) {
  std::uint32_t const data = load_le<std::uint32_t>(bytes.data());
  judge_.note(Side::Rtl, at, Topic::Interrupts, "sends a message of data", address, data);
  for (std::uint16_t i = 0; i < vectors_.size(); ++i) {
    RegisterReference::Message const message = registers_.message(i);
    Vector& vector = vectors_[i];
    if (message.address != address || message.data != data) continue;
    if (vector.raised == 0 && vector.maybe == 0) continue;
    // One may have been on its way as bus mastering was taken away.
    if (vector.masked_since != kNever &&
        at - std::max(vector.masked_since, master_since_) > patience_.decision) {
      return "a message of vector " + std::to_string(i) + ", which is masked";
    }
    vector.maybe = std::min(vector.raised + vector.maybe - 1, kSources);
    vector.raised = 0;
    vector.sendable_since = kNever;
    return {};
  }
  return "a message without a reason: " + hex(address) + ", data " + std::to_string(data);
}

TimePoint MessageFollower::due() const {
  TimePoint earliest = kNever;
  for (Vector const& each : vectors_) earliest = std::min(earliest, each.sendable_since);
  return earliest;
}

}  // namespace ringside::testbench::lockstep
