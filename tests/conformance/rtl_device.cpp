#include "tests/conformance/rtl_device.hpp"

#include <Vring_under_test.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>

namespace ringside::conformance {
namespace {

constexpr std::uint32_t kBeat = 16;
// A long way for the few steps of a case; whoever is not at rest then has hung.
constexpr unsigned kMostCycles = 1000;
// From a request to its first beat, or to its being visible: long enough for several accesses to be
// in flight, and for what must wait for one to come too early if it does not wait.
constexpr std::uint64_t kLatency = 3;

class RtlDevice final : public DeviceUnderTest {
 public:
  explicit RtlDevice(SharedMemory& memory) : memory_(memory) {
    dut_->rst_i = 1;
    tick();
    tick();
    dut_->rst_i = 0;
  }

  void start(Queue const& queue) override {
    dut_->live_i = 0;
    dut_->flush_i = 1;
    reads_.clear();
    writes_.clear();
    tick();
    tick();
    assert(dut_->drained_o != 0);
    dut_->flush_i = 0;
    dut_->size_i = queue.size;
    dut_->desc_i = queue.descriptors;
    dut_->driver_i = queue.driver_events;
    dut_->device_i = queue.device_events;
    dut_->indirect_desc_i = queue.indirect;
    dut_->event_idx_i = queue.event_idx;
    tick();
    found_.clear();
    open_.clear();
    broken_ = interrupted_ = false;
    dut_->live_i = 1;
    rest();
  }

  std::vector<std::vector<Element>> find(bool notified) override {
    new_.clear();
    notified_ = notified;
    rest();
    return std::move(new_);
  }

  void notify_meanwhile() override { notified_ = true; }

  bool give_back(std::span<Completion const> completions, bool one_packet) override {
    interrupted_ = false;
    for (Completion const& each : completions) {
      bool const more = one_packet && &each != &completions.back();
      waiting_.push_back({found_.at(each.buffer), each.written, more});
    }
    rest();
    return interrupted_;
  }

  bool broken() const override { return broken_; }

 private:
  struct Found {
    std::uint16_t id;
    std::uint16_t slots;
  };
  struct GivenBack {
    Found buffer;
    std::uint32_t written;
    bool more;
  };
  struct Reading {
    SharedMemory::Read read;
    unsigned client;
    std::uint64_t due;
    std::uint32_t given = 0;
    std::array<std::uint8_t, 256> bytes;
  };

  struct Writing {
    std::uint64_t address;
    std::uint32_t size;
    std::uint64_t due;
    std::array<std::uint8_t, kBeat> bytes;
  };

  // Until nothing changes by itself any more.
  void rest() {
    for (unsigned i = 0; i < kMostCycles; ++i) {
      if (!cycle()) return;
    }
    broken_ = true;
    waiting_.clear();
  }

  void tick() {
    dut_->clk_i = 0;
    dut_->eval();
    dut_->clk_i = 1;
    dut_->eval();
  }

  // False: it would have changed nothing.
  bool cycle() {
    ++now_;
    offer_completion();
    answer_read();
    dut_->notify_i = std::exchange(notified_, false);
    dut_->write_ready_i = 1;
    finish_write();
    dut_->element_take_i = dut_->element_valid_o;
    dut_->element_commit_i = dut_->element_valid_o;
    dut_->clk_i = 0;
    dut_->eval();
    if (dut_->quiescent_o != 0 && reads_.empty() && writes_.empty() && waiting_.empty() &&
        !notified_)
      return false;
    accept();
    dut_->clk_i = 1;
    dut_->eval();
    broken_ = broken_ || dut_->error_o != 0;
    interrupted_ = interrupted_ || dut_->interrupt_o != 0;
    return true;
  }

  void offer_completion() {
    dut_->completion_valid_i = !waiting_.empty();
    if (waiting_.empty()) return;
    GivenBack const& next = waiting_.front();
    dut_->completion_more_i = next.more;
    dut_->completion_written_i = next.written != 0;
    dut_->completion_slots_i = next.buffer.slots;
    dut_->completion_id_i = next.buffer.id;
    dut_->completion_len_i = next.written;
  }

  // One beat a cycle, in the order of the requests.
  void answer_read() {
    dut_->answer_valid_i = 0;
    if (reads_.empty() || now_ < reads_.front().due) return;
    Reading& reading = reads_.front();
    auto const& [address, size, asked] = reading.read;
    if (reading.given == 0 && !memory_.answer(reading.read, reading.bytes)) broken_ = true;
    auto const offset = static_cast<std::uint32_t>((address + reading.given) % kBeat);
    std::uint32_t const count = std::min(kBeat - offset, size - reading.given);
    std::array<std::uint8_t, kBeat> lanes;
    lanes.fill(0xEE);  // what is not asked for is garbage
    std::copy_n(&reading.bytes[reading.given], count, &lanes[offset]);
    for (unsigned i = 0; i < kBeat / 4; ++i) {
      std::memcpy(&dut_->answer_data_i[i], &lanes[4 * i], 4);
    }
    reading.given += count;
    dut_->answer_valid_i = static_cast<std::uint8_t>(1U << reading.client);
    dut_->answer_offset_i = static_cast<std::uint8_t>(offset);
    dut_->answer_count_i = static_cast<std::uint8_t>(count);
    dut_->answer_last_i = reading.given == size;
    if (reading.given == size) reads_.pop_front();
  }

  // Visible first, acknowledged then.
  void finish_write() {
    dut_->write_done_i = 0;
    if (writes_.empty() || now_ < writes_.front().due) return;
    Writing const& writing = writes_.front();
    bool const fits = memory_.write(writing.address, {writing.bytes.data(), writing.size});
    broken_ = broken_ || !fits;
    dut_->write_done_i = 1;
    writes_.pop_front();
  }

  // What the block hands out in this cycle.
  void accept() {
    if (dut_->completion_valid_i != 0 && dut_->completion_ready_o != 0) waiting_.pop_front();
    for (unsigned client = 0; client < 2; ++client) {
      if ((dut_->read_valid_o >> client & 1) == 0) continue;
      std::uint32_t const size = dut_->read_len_o[client];
      assert(size <= sizeof(Reading::bytes));
      reads_.push_back(
          {memory_.ask(dut_->read_addr_o[client], size), client, now_ + kLatency, 0, {}});
    }
    if (dut_->write_valid_o != 0) {
      assert(dut_->write_beat_valid_o != 0 && dut_->write_beat_last_o != 0);
      assert(dut_->write_len_o <= kBeat);
      Writing& writing = writes_.emplace_back();
      writing.address = dut_->write_addr_o;
      writing.size = dut_->write_len_o;
      writing.due = now_ + kLatency;
      std::memcpy(writing.bytes.data(), dut_->write_data_o.data(), kBeat);
    }
    if (dut_->element_take_i != 0) take_element();
  }

  void take_element() {
    open_.push_back({dut_->element_addr_o, dut_->element_len_o, dut_->element_write_o != 0});
    if (dut_->element_last_o == 0) return;
    found_.push_back({dut_->element_id_o, dut_->element_slots_o});
    new_.push_back(std::move(open_));
    open_.clear();
  }

  SharedMemory& memory_;
  std::unique_ptr<Vring_under_test> dut_ = std::make_unique<Vring_under_test>();
  std::uint64_t now_ = 0;
  std::deque<Reading> reads_;
  std::deque<Writing> writes_;
  std::deque<GivenBack> waiting_;
  bool notified_ = false;
  bool broken_ = false;
  bool interrupted_ = false;
  std::vector<Element> open_;  // of the buffer at work
  std::vector<std::vector<Element>> new_;
  std::vector<Found> found_;
};

}  // namespace

std::unique_ptr<DeviceUnderTest> rtl_device(SharedMemory& memory) {
  return std::make_unique<RtlDevice>(memory);
}

}  // namespace ringside::conformance
