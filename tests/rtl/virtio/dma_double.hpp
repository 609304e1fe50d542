// Host memory and the DMA engines in front of it, as the virtio blocks see them (rtl/README.md):
// answers of a client in the order of its requests, whenever it pleases the seed.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "interface/base/random.hpp"

namespace ringside::testbench {

// Little-endian memory from address 0. What lies beyond it answers with an error.
class Memory {
 public:
  explicit Memory(std::size_t size) : bytes_(size) {}

  bool holds(std::uint64_t addr, std::uint64_t len) const {
    return addr < bytes_.size() && len <= bytes_.size() - addr;
  }
  std::uint8_t& at(std::uint64_t addr) { return bytes_.at(addr); }
  std::uint64_t read(std::uint64_t addr, unsigned len) const;
  void write(std::uint64_t addr, unsigned len, std::uint64_t value);

 private:
  std::vector<std::uint8_t> bytes_;
};

struct Timing {
  unsigned min_cycles = 2;  // from a request to its first beat
  unsigned max_cycles = 2;
  double gap = 0;     // chance that a cycle brings no beat although there is one
  double refuse = 0;  // chance that a cycle takes no request
};

// Each 64-byte line of a read is sampled at a time of its own: lines have no order between them.
class ReadDouble {
 public:
  struct Request {
    std::uint64_t addr;
    std::uint32_t len;
    std::uint64_t cycle;
  };
  struct Beat {
    bool last;
    bool error;
    unsigned offset;
    unsigned count;
    std::uint64_t low;
    std::uint64_t high;
  };

  ReadDouble(Memory& memory, Timing timing, Random random)
      : memory_(memory), timing_(timing), random_(random) {}

  void set_timing(Timing timing) { timing_ = timing; }
  bool draw_ready() { return !random_.chance(timing_.refuse); }
  void accept(std::uint64_t addr, std::uint32_t len);
  // One cycle passes; perhaps a beat is due.
  std::optional<Beat> step();
  bool idle() const { return reads_.empty(); }
  std::uint64_t cycle() const { return cycle_; }
  std::vector<Request> const& requests() const { return log_; }
  void forget_requests() { log_.clear(); }
  // Beats with this address answer with an error, once and for all.
  void fail_at(std::uint64_t addr) { bad_beat_ = addr / 16; }

 private:
  struct Line {
    std::uint64_t at;  // cycle of the sample
    bool sampled = false;
  };
  struct Read {
    std::uint64_t addr;
    std::uint32_t len;
    std::uint64_t due;
    std::uint32_t given = 0;
    std::vector<Line> lines;
    std::vector<std::uint8_t> data;
  };

  void sample(Read& read);

  Memory& memory_;
  Timing timing_;
  Random random_;
  std::uint64_t cycle_ = 0;
  std::uint64_t bad_beat_ = ~std::uint64_t{0};
  std::deque<Read> reads_;
  std::vector<Request> log_;
};

// Writes in the order of their requests; each is done some time after its data has come.
class WriteDouble {
 public:
  struct Write {
    std::uint64_t addr;
    std::uint64_t data;   // of the 8 bytes
    std::uint64_t asked;  // cycle of its request
    std::uint64_t cycle;  // when it became visible
  };
  enum class Done { No, Yes, Failed };

  WriteDouble(Memory& memory, Timing timing, Random random)
      : memory_(memory), timing_(timing), random_(random) {}

  bool draw_ready() { return !random_.chance(timing_.refuse); }
  void accept(std::uint64_t addr, std::uint32_t len);
  void data(std::uint64_t low, unsigned count, bool last);
  // One cycle passes; perhaps the oldest write is done.
  Done step();
  bool idle() const { return writes_.empty() && early_.empty(); }
  std::vector<Write> const& log() const { return log_; }

 private:
  struct Pending {
    std::uint64_t addr;
    std::uint64_t asked;
    bool has_data = false;
    std::uint64_t data = 0;
    std::uint64_t due = 0;
  };

  void pair();

  Memory& memory_;
  Timing timing_;
  Random random_;
  std::uint64_t cycle_ = 0;
  std::deque<Pending> writes_;
  std::deque<std::uint64_t> early_;  // data whose request has not come yet
  std::vector<Write> log_;
};

}  // namespace ringside::testbench
