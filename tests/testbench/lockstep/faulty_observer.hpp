// Between an RTL NIC and its checker: what was seen passes through, except where a fault is
// planted, so that to the checker the RTL has that fault.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "testbench/net/frame_assembler.hpp"
#include "testbench/nic/observer.hpp"

namespace ringside::testbench {

struct Seen {
  enum class Kind : std::uint8_t {
    RegisterWritten,
    RegisterRead,
    ReadBegun,
    ReadBeat,
    Written,
    WriteAnswered,
    Sent,
  };
  Kind kind;
  TimePoint at;
  std::uint64_t address = 0;  // or the register's offset
  std::uint32_t size = 0;
  std::uint32_t value = 0;
  unsigned id = 0;
  std::uint32_t tag = 0;
  std::vector<std::uint8_t> bytes{};
  bool ok = true;
  bool last = false;
};

class FaultyObserver final : public NicObserver {
 public:
  // How often the checker is told: 0 hides what was seen, 2 doubles it.
  using Fault = std::function<unsigned(Seen&)>;

  FaultyObserver(NicObserver& checker, Fault fault) : checker_(checker), fault_(std::move(fault)) {}

  void register_written(TimePoint at, std::uint32_t offset, unsigned size,
                        std::uint32_t value) override {
    pass({Seen::Kind::RegisterWritten, at, offset, size, value});
  }
  void register_read(TimePoint at, std::uint32_t offset, unsigned size,
                     std::uint32_t value) override {
    pass({Seen::Kind::RegisterRead, at, offset, size, value});
  }
  void controlled(TimePoint at, PciControl control) override { checker_.controlled(at, control); }
  void read_begun(TimePoint at, unsigned id, std::uint64_t address, std::uint32_t size,
                  std::uint32_t tag) override {
    pass({Seen::Kind::ReadBegun, at, address, size, 0, id, tag});
  }
  void read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last) override {
    pass({Seen::Kind::ReadBeat, at, 0, 0, 0, 0, tag, {bytes.begin(), bytes.end()}, ok, last});
  }
  void written(TimePoint at, std::uint64_t address, Bytes bytes) override {
    pass({Seen::Kind::Written, at, address, 0, 0, 0, 0, {bytes.begin(), bytes.end()}});
  }
  void write_answered(TimePoint at, bool ok) override {
    pass({Seen::Kind::WriteAnswered, at, 0, 0, 0, 0, 0, {}, ok});
  }
  void received(FramePiece const& piece) override { checker_.received(piece); }
  void line_received(LineChange const& change) override { checker_.line_received(change); }
  void line_sent(LineChange const& change) override { checker_.line_sent(change); }
  void stamped(TimePoint at, WireStamp const& stamp) override { checker_.stamped(at, stamp); }
  // Whole frames: a fault may be anywhere in them.
  void sent(FramePiece const& piece) override {
    assembler_.take(piece, [this](WireFrame&& frame) {
      pass({Seen::Kind::Sent, frame.start, 0, 0, 0, 0, 0, std::move(frame.bytes), !frame.error});
    });
  }

 private:
  void pass(Seen seen) {
    unsigned const times = fault_(seen);
    for (unsigned i = 0; i < times; ++i) tell(seen);
  }
  void tell(Seen const& seen) {
    auto const offset = static_cast<std::uint32_t>(seen.address);
    switch (seen.kind) {
      case Seen::Kind::RegisterWritten:
        checker_.register_written(seen.at, offset, seen.size, seen.value);
        return;
      case Seen::Kind::RegisterRead:
        checker_.register_read(seen.at, offset, seen.size, seen.value);
        return;
      case Seen::Kind::ReadBegun:
        checker_.read_begun(seen.at, seen.id, seen.address, seen.size, seen.tag);
        return;
      case Seen::Kind::ReadBeat:
        checker_.read_beat(seen.at, seen.tag, seen.bytes, seen.ok, seen.last);
        return;
      case Seen::Kind::Written:
        checker_.written(seen.at, seen.address, seen.bytes);
        return;
      case Seen::Kind::WriteAnswered:
        checker_.write_answered(seen.at, seen.ok);
        return;
      case Seen::Kind::Sent:
        checker_.sent({seen.at, seen.bytes, true, true, !seen.ok});
        return;
    }
  }

  NicObserver& checker_;
  Fault fault_;
  FrameAssembler assembler_;
};

}  // namespace ringside::testbench
