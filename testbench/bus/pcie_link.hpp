// A PCIe link between one device and its host: TLP sizes, credits, latency, order, completions.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "interface/base/bytes.hpp"
#include "interface/base/random.hpp"
#include "interface/base/time.hpp"
#include "testbench/bus/host_memory.hpp"
#include "testbench/bus/pcie_timing.hpp"
#include "testbench/bus/pcie_trouble.hpp"
#include "testbench/check/event_hash.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

// What PCI configuration space tells the device's hardware.
struct PciControl {
  bool msix_enable = false;
  bool msix_mask = false;
  bool bus_master = false;
};

// The device's end. Every call names the time at which it takes effect, at least down_latency ahead
// of the present, and each kind comes in the order of its times.
class PcieDevice {
 public:
  virtual ~PcieDevice() = default;
  virtual void register_write(TimePoint at, std::uint32_t offset, unsigned size,
                              std::uint32_t value) = 0;
  virtual void register_read(TimePoint at, std::uint32_t offset, unsigned size) = 0;
  virtual void control(TimePoint at, PciControl control) = 0;

  // A completion for read `tag`: `bytes` from `offset` of the request on, valid during the call.
  // !ok: refused (unsupported request), `bytes` is empty and nothing else follows for this tag.
  struct Completion {
    std::uint32_t tag;
    std::uint32_t offset;
    Bytes bytes;
    bool ok;
    bool last;
  };
  virtual void completion(TimePoint at, Completion const& completion) = 0;
};

struct PcieStatistics {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t interrupts = 0;
  std::uint64_t up_bytes = 0;  // on the link, TLP overhead included
  std::uint64_t down_bytes = 0;
  std::uint64_t refused = 0;   // by the IOMMU or an injected fault
  std::uint64_t poisoned = 0;  // reads, as the trouble asked for says
  std::uint64_t missing = 0;
  std::uint64_t timeouts = 0;  // register reads that were not answered in time
};

class PcieLink {
 public:
  PcieLink(Timeline& timeline, HostMemory& memory, PcieTiming const& timing, Random random);

  void attach(PcieDevice& device) { device_ = &device; }

  // --- The device's side. `at` may lie ahead of the present by less than down_latency; calls come
  // in the order of `at`.

  // Whether the endpoint's buffer still takes a posted write or a read request at that time.
  bool ready(TimePoint at) const { return up_busy_ <= at + kEndpointBuffer; }
  // 1 to max_payload bytes that do not cross a 4 KiB boundary.
  void write(TimePoint at, std::uint64_t address, Bytes bytes);
  // Answered by completions for `tag`, which the device chooses and may not reuse before.
  void read(TimePoint at, std::uint64_t address, std::uint32_t size, std::uint32_t tag);
  // Answers the oldest register read that has had no answer, however late: a device does not answer
  // out of turn.
  void answer(TimePoint at, std::uint32_t value);

  // --- The host's side, in the present.

  void register_write(std::uint32_t offset, unsigned size, std::uint32_t value);
  void register_read(std::uint32_t offset, unsigned size,
                     std::function<void(std::uint32_t)> answered);
  void control(PciControl control);
  void on_interrupt(std::function<void(std::uint32_t data)> handler) {
    interrupt_ = std::move(handler);
  }

  // For tests: an access that this says true to is refused as by an IOMMU.
  enum class AccessKind : std::uint8_t { Read, Write };
  void inject_fault(std::function<bool(AccessKind, std::uint64_t address, std::uint32_t size)> f) {
    fault_ = std::move(f);
  }

  // From now on.
  void make_trouble(PcieTrouble const& trouble) { trouble_ = trouble; }

  Duration lookahead() const { return timing_.down_latency; }
  PcieTiming const& timing() const { return timing_; }
  PcieStatistics const& statistics() const { return statistics_; }
  EventHash const& hash() const { return hash_; }

  static constexpr std::uint64_t kMsiAddress = 0xFEE0'0000;  // x86: a write here is an interrupt

 private:
  // Posted writes wait here for the link; a device that sends more is held back by ready().
  static constexpr Duration kEndpointBuffer{300'000};
  static constexpr Duration kCompletionTimeout{50'000'000'000};
  static constexpr std::uint32_t kRequestOverhead = 24;     // 4-DW header, framing, LCRC
  static constexpr std::uint32_t kCompletionOverhead = 20;  // 3-DW header, framing, LCRC
  static constexpr Duration kLongestPause{200'000};  // between pieces of an answer that is split

  // Credits of one kind: what was sent and is not yet given back, oldest first.
  struct Credits {
    struct Loan {
      TimePoint back;
      std::uint32_t headers;
      std::uint32_t data;
    };
    std::uint32_t headers;
    std::uint32_t data;
    std::deque<Loan> loans;
    // The earliest time from `at` on at which so much is free; it is taken then.
    TimePoint take(TimePoint at, std::uint32_t data_units);
    void lend(TimePoint back, std::uint32_t data_units) { loans.push_back({back, 1, data_units}); }
  };

  TimePoint send_up(TimePoint at, std::uint32_t bytes);
  TimePoint send_down(std::uint32_t bytes);
  void write_arrives(std::uint64_t address, Bytes bytes);

  struct ReadRequest {
    std::uint64_t address;
    std::uint32_t size;
    std::uint32_t tag;
    PcieTrouble::Fate fate;
  };
  void complete_read(ReadRequest const& request);
  void refuse_read(std::uint32_t tag);
  void release_held();
  std::uint32_t send_piece(ReadRequest const& request, std::uint32_t offset, std::uint32_t most,
                           Bytes memory);
  void answer_by_and_by(ReadRequest const& request, Bytes memory);
  bool refused(AccessKind kind, std::uint64_t address, std::uint32_t size);

  Timeline& timeline_;
  HostMemory& memory_;
  PcieTiming timing_;
  Random random_;
  PcieTrouble trouble_;
  Random trouble_random_;
  Origin up_origin_;
  Origin host_origin_;
  PcieDevice* device_ = nullptr;
  std::function<void(std::uint32_t)> interrupt_;
  std::function<bool(AccessKind, std::uint64_t, std::uint32_t)> fault_;

  Credits posted_;
  Credits non_posted_;
  TimePoint up_busy_{};
  TimePoint down_busy_{};

  std::optional<ReadRequest> held_;
  std::uint64_t held_number_ = 0;

  // One that has timed out waits here for its answer with nobody to tell, or that answer would be
  // taken for the next read's.
  struct PendingRead {
    std::uint64_t id;
    std::function<void(std::uint32_t)> answered;
  };
  void time_out(std::uint64_t id);
  std::deque<PendingRead> register_reads_;
  std::uint64_t last_register_read_ = 0;

  PcieStatistics statistics_;
  EventHash hash_;
};

}  // namespace ringside::testbench
