// MSI-X messages: each has a reason, none is missing (PCI 3.0, 6.8.2).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "testbench/lockstep/judge.hpp"
#include "testbench/lockstep/patience.hpp"
#include "testbench/lockstep/register_reference.hpp"

namespace ringside::testbench::lockstep {

class MessageFollower {
 public:
  MessageFollower(Judge& judge, RegisterReference& registers, Patience const& patience)
      : judge_(judge), registers_(registers), patience_(patience) {}

  // There is reason for a message of this vector; `certain`: it has to come.
  void raise(TimePoint at, std::uint16_t vector, bool certain);
  // A virtio reset: what has not been sent is forgotten, or is just on its way.
  void forget();
  // One more message of each vector is right, or none.
  void lose_sight();
  // Masks may have changed, and with them what can be sent.
  void look_again(TimePoint at, bool bus_master);

  bool claims(std::uint64_t address, std::size_t size) const;
  // Empty if there is reason for it.
  std::string take(TimePoint at, std::uint64_t address, Bytes bytes);

  // Since when a message could have been sent that has not been; kNever: none.
  TimePoint due() const;

 private:
  // Sources of interrupts, which may share a vector: so many messages of it may be on their way.
  static constexpr std::uint32_t kSources = 1 + layout::kNumQueues;
  struct Vector {
    std::uint32_t raised = 0;  // since the last message, for certain
    std::uint32_t maybe = 0;   // reasons that need not lead to one
    TimePoint raised_at{};
    TimePoint sendable_since = kNever;
    TimePoint masked_since{};
  };

  Judge& judge_;
  RegisterReference& registers_;
  Patience const& patience_;
  bool bus_master_ = false;
  TimePoint master_since_{};
  std::array<Vector, layout::kNumVectors> vectors_{};
};

}  // namespace ringside::testbench::lockstep
