// What a device may reach: the rings, the event areas, and what the descriptors that it fetched
// name. Everything else that it reads or writes is a violation.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {

class AccessWatch {
 public:
  // Watches the link of `host`, and refuses the reads that it is told to.
  explicit AccessWatch(HandHost& host);

  // A session begins: these rings count, and nothing that was fetched before.
  void begin();
  // Nothing is to be reached any more.
  void end();

  void refuse(unsigned after, unsigned reads);
  // In this session.
  std::uint64_t refused() const { return refused_; }

  std::optional<std::string> const& violation() const { return violation_; }

 private:
  struct Range {
    std::uint64_t address;
    std::uint64_t size;
    bool writable;
    bool operator==(Range const&) const = default;
  };
  struct Ring {
    Range descriptors;
    Range driver_events;
    Range device_events;
    bool receives;                            // the device may write what its descriptors name
    std::vector<std::vector<Range>> fetched;  // by slot: the buffer, or a table and its entries
  };

  bool on_access(PcieLink::AccessKind kind, std::uint64_t address, std::uint32_t size);
  void fetch(Ring& ring, std::uint64_t address, std::uint32_t size);
  void add(Ring const& ring, std::vector<Range>& ranges, std::uint8_t const* descriptor,
           bool in_table);
  bool allowed(bool read, std::uint64_t address, std::uint64_t size) const;

  HandHost& host_;
  std::vector<Ring> rings_;
  bool anything_goes_ = false;  // a buffer lies over a ring: that is any descriptor from then on
  unsigned let_pass_ = 0;
  unsigned to_refuse_ = 0;
  std::uint64_t refused_ = 0;
  std::optional<std::string> violation_;
};

}  // namespace ringside::testbench::fuzz
