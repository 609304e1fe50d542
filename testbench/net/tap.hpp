// A TAP interface of the machine: its kernel at the other end of a simulated cable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stack/header/ipv4_address.hpp"
#include "testbench/check/user_error.hpp"
#include "testbench/net/external_end.hpp"
#include "testbench/net/frame_assembler.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

// Why an interface can not be used: one line, with the remedy.
struct TapError : UserError {
  using UserError::UserError;
};

// The kernel's side: opened or made, and closed; one that was made here goes away with it.
class TapDevice {
 public:
  // An existing interface is used as it is. A missing one is made, gets `address`, and is brought
  // up. Throws TapError: no permission, in use by another program, not a TAP.
  TapDevice(std::string name, stack::Ipv4Prefix const& address);
  ~TapDevice();
  TapDevice(TapDevice const&) = delete;
  TapDevice& operator=(TapDevice const&) = delete;

  int descriptor() const { return descriptor_; }
  bool made_here() const { return made_here_; }
  bool is_up() const;
  std::string const& name() const { return name_; }

  // The next frame that the kernel sends, without FCS; nothing if there is none now. Throws
  // TapError if the interface has gone.
  std::optional<std::vector<std::uint8_t>> read();
  // False if the kernel did not take it (the interface is down, or its queue is full).
  bool write(Bytes frame);

 private:
  void bring_up(stack::Ipv4Prefix const& address);

  std::string name_;
  int descriptor_ = -1;
  bool made_here_ = false;
};

struct TapStatistics {
  std::uint64_t from_kernel = 0;
  std::uint64_t to_kernel = 0;
  std::uint64_t refused = 0;  // by the kernel
  std::uint64_t bad = 0;      // frames from the wire that were damaged
};

// The wire's side.
class TapEnd final : public ExternalEnd, public WireReceiver {
 public:
  TapEnd(Timeline& timeline, TapDevice& device)
      : timeline_(timeline), origin_(timeline.add_origin()), device_(device) {}

  WireReceiver& receiver() override { return *this; }
  void connect(Wire& wire) override { wire_ = &wire; }
  void receive(FramePiece const& piece) override;

  // Puts what the kernel has sent on the wire, from the present on. Between two runs of the
  // simulation. Returns the number of frames.
  unsigned pump();

  TapStatistics const& statistics() const { return statistics_; }

 private:
  static constexpr unsigned kMaxBatch = 64;

  Timeline& timeline_;
  Origin origin_;
  TapDevice& device_;
  Wire* wire_ = nullptr;
  FrameAssembler assembler_;
  TimePoint line_free_{};
  TapStatistics statistics_;
};

}  // namespace ringside::testbench
