// Someone who watches a NIC at its pins: all that it is told and all that it does, in the order of
// its clock cycles.
#pragma once

#include <cstdint>

#include "interface/base/bytes.hpp"
#include "interface/base/time.hpp"
#include "interface/seam/wire.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/nic/wire_stamp.hpp"

namespace ringside::testbench {

// Times are those of clock edges. `Bytes` are valid during the call.
class NicObserver {
 public:
  virtual ~NicObserver() = default;

  // Accesses to BAR 0 once the NIC has answered them, and changes of what PCI configuration says.
  virtual void register_written(TimePoint at, std::uint32_t offset, unsigned size,
                                std::uint32_t value) = 0;
  virtual void register_read(TimePoint at, std::uint32_t offset, unsigned size,
                             std::uint32_t value) = 0;
  virtual void controlled(TimePoint at, PciControl control) = 0;

  // A read burst begins: AXI ID, first byte, number of bytes up to the end of its last beat. `tag`
  // names it until its last beat.
  virtual void read_begun(TimePoint at, unsigned id, std::uint64_t address, std::uint32_t size,
                          std::uint32_t tag) = 0;
  // A beat of its answer, without what lies in front of the first byte.
  virtual void read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last) = 0;
  // A write burst has ended; empty if no byte was enabled. Responses come in the order of bursts.
  virtual void written(TimePoint at, std::uint64_t address, Bytes bytes) = 0;
  virtual void write_answered(TimePoint at, bool ok) = 0;

  // Pieces of frames, those received perhaps ahead of their time.
  virtual void received(FramePiece const& piece) = 0;
  virtual void sent(FramePiece const& piece) = 0;
  // What stands between frames changes: what the NIC is shown, column by column, and what it sends.
  virtual void line_received(LineChange const& change) = 0;
  virtual void line_sent(LineChange const& change) = 0;
  // The NIC says when a frame began.
  virtual void stamped(TimePoint at, WireStamp const& stamp) = 0;
};

}  // namespace ringside::testbench
