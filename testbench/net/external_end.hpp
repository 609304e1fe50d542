// An end of a cable that is neither a NIC nor a switch of the simulation.
#pragma once

#include "interface/seam/wire.hpp"

namespace ringside::testbench {

class ExternalEnd {
 public:
  virtual ~ExternalEnd() = default;
  virtual WireReceiver& receiver() = 0;
  virtual void connect(Wire& wire) = 0;
};

}  // namespace ringside::testbench
