// Host memory over a TLM-2.0 socket: cuts accesses into bursts and keeps many of them under way.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <array>
#include <cstdint>
#include <deque>
#include <systemc>
#include <vector>

#include "model/device/host_memory.hpp"

namespace ringside::model {

// The calls of HostMemory are for SystemC threads, and block them until memory has answered. The
// target is called by b_transport from many threads at once and decides by wait(), or by the delay
// it returns, how long each burst takes; any response but TLM_OK_RESPONSE is a refusal.
class DmaEngine final : public sc_core::sc_module, public HostMemory {
 public:
  explicit DmaEngine(sc_core::sc_module_name name);

  tlm_utils::simple_initiator_socket<DmaEngine> socket;

  Result<Done, MemoryError> read(std::uint64_t address, MutableBytes into) override;
  Result<Done, MemoryError> write(std::uint64_t address, Bytes from) override;
  void read_all(std::span<Read> reads) override;
  void write_all(std::span<Write> writes) override;

  // A burst is at most so long and crosses no multiple of it, hence no page either.
  static constexpr std::uint64_t kBurstBytes = 256;
  // Of each direction. As on AXI, reads and writes do not wait for each other.
  static constexpr unsigned kBurstsInFlight = 32;

 private:
  // One caller's accesses; it waits until `left` is 0. Like all that the engine works with, it is
  // not on the caller's stack: SystemC does not unwind stacks of threads that wait when it ends.
  struct Batch {
    std::size_t left = 0;
    sc_core::sc_event done;
  };
  struct Burst {
    std::uint64_t address;
    std::uint8_t* data;
    unsigned length;
    bool* refused;
    Batch* batch;
  };
  struct Channel {
    tlm::tlm_command command;
    std::deque<Burst> bursts;  // not begun
    sc_core::sc_event more;
    // One a worker.
    std::array<tlm::tlm_generic_payload, kBurstsInFlight> payloads;
  };

  static void cut(std::uint64_t address, std::uint8_t* data, std::size_t size, bool* refused,
                  Batch& batch, Channel& channel);
  Batch& begin();
  void finish(Batch& batch, Channel& channel);
  static void describe(Burst const& burst, tlm::tlm_command command,
                       tlm::tlm_generic_payload& payload);
  void work(Channel& channel, tlm::tlm_generic_payload& payload);

  std::deque<Batch> batches_;  // as many as there ever were at once
  std::vector<Batch*> free_batches_;
  Channel reads_{tlm::TLM_READ_COMMAND, {}, {}, {}};
  Channel writes_{tlm::TLM_WRITE_COMMAND, {}, {}, {}};
};

}  // namespace ringside::model
