#include "tests/rtl/datapath/engines_bench.hpp"

#include <algorithm>

namespace ringside::testbench {

void EnginesBench::cycle() {
  ++host.cycle;
  drive();
  model.clk_i = 0;
  model.eval();
  sample();
  // An answer or a response at the pins wakes the DMA engines by itself.
  if (skip && model.quiescent_o && !model.rvalid_i && !model.bvalid_i) {
    ++skipped_cycles;
    return;
  }
  model.clk_i = 1;
  model.eval();
}

// The old session ends as rtl/README.md has it: everything stops, and the queues are set up anew.
void EnginesBench::flush() {
  model.live_i = 0;
  model.flush_i = 1;
  tx_queue.clear();
  rx_queue.clear();
  used_requests_ = used_beats_ = 0;
  unsigned left = 5000;
  do cycle();
  while (!model.drained_o && --left > 0);
  EXPECT_GT(left, 0u) << "not drained";
  EXPECT_TRUE(host.idle()) << "drained with bursts in flight";
  model.flush_i = 0;
  while (!rx_frames.empty() && --left > 0) cycle();  // not live: all are dropped
  model.live_i = 1;
  tx_used.clear();
  rx_used.clear();
  sent.clear();
  checksums.clear();
  counts = {};
}

void EnginesBench::drive() {
  host.drive_read();
  host.drive_write();
  model.tx_beat_ready_i = !random.chance(pause);
  model.tx_completion_ready_i = !random.chance(pause);
  model.rx_completion_ready_i = !random.chance(pause);
  model.tx_element_valid_i = tx_queue.valid();
  if (tx_queue.valid()) put(tx_queue.next(), model.tx_element_i);
  model.rx_element_valid_i = rx_queue.valid();
  if (rx_queue.valid()) put(rx_queue.next(), model.rx_element_i);
  model.rx_element_empty_i = rx_queue.empty();
  model.rx_element_full_i = rx_queue.full();
  drive_frame();
  drive_used();
}

void EnginesBench::drive_frame() {
  model.rx_length_valid_i = !rx_frames.empty();
  if (rx_frames.empty()) {
    rx_offered_ = false;
  } else {
    Bytes const& frame = rx_frames.front();
    model.rx_length_i = static_cast<SData>(frame.size());
    if (!rx_offered_ && !random.chance(pause)) {
      rx_offered_ = true;
      DmaBeat beat;
      beat.count = static_cast<unsigned>(std::min<std::size_t>(16, frame.size() - rx_given_));
      beat.last = rx_given_ + beat.count == frame.size();
      std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(rx_given_), beat.count,
                  beat.data.begin());
      put(beat, model.rx_frame_i);
    }
  }
  model.rx_frame_valid_i = rx_offered_;
}

void EnginesBench::drive_used() {
  model.used_request_valid_i = used_requests_ > 0;
  if (used_requests_ > 0) put(DmaRequest{used_addr_, 8}, model.used_request_i);
  model.used_beat_valid_i = used_beats_ > 0;
  if (used_beats_ > 0) put(DmaBeat{{1, 2, 3, 4, 5, 6, 7, 8}, 8, true}, model.used_beat_i);
}

void EnginesBench::sample() {
  host.sample_read();
  host.sample_write();
  sample_transmit();
  sample_receive();
  if (model.used_request_valid_i && model.used_request_ready_o) {
    --used_requests_;
    used_addr_ = 0xE00000008 + (used_addr_ + 16) % 4096;
  }
  if (model.used_beat_valid_i && model.used_beat_ready_o) --used_beats_;
}

void EnginesBench::sample_transmit() {
  tx_queue.step(model.tx_element_take_o, model.tx_element_commit_o, model.tx_element_rewind_o);
  DmaBeat const beat = dma_beat_of(model.tx_beat_o);
  if (tx_stalled_ && !model.tx_abort_o) {
    EXPECT_TRUE(model.tx_beat_valid_o);
    EXPECT_EQ(beat.data, tx_held_.data);
  }
  tx_stalled_ = model.tx_beat_valid_o && !model.tx_beat_ready_i;
  tx_held_ = beat;
  if (model.tx_abort_o) {
    partial_.clear();
    tx_stalled_ = false;
  } else if (model.tx_beat_valid_o && model.tx_beat_ready_i) {
    std::uint64_t const order = model.tx_checksum_o;
    ChecksumOrder const checksum{(order >> 32 & 1) != 0, static_cast<std::uint16_t>(order >> 16),
                                 static_cast<std::uint16_t>(order)};
    if (partial_.empty()) tx_checksum_ = checksum;
    EXPECT_EQ(checksum, tx_checksum_) << "the same with all beats";
    EXPECT_TRUE(beat.last ? beat.count >= 1 && beat.count <= 16 : beat.count == 16);
    partial_.insert(partial_.end(), beat.data.begin(), beat.data.begin() + beat.count);
    if (beat.last && !model.tx_drop_o) {
      sent.push_back(partial_);
      checksums.push_back(checksum);
    }
    if (beat.last) partial_.clear();
  }
  if (model.tx_completion_valid_o && model.tx_completion_ready_i) {
    tx_used.push_back(completion_of(model.tx_completion_o));
    used_requests_ += used_writes;
    used_beats_ += used_writes;
  }
  counts.tx_packets += model.tx_packet_o;
  counts.tx_malformed += model.tx_malformed_o;
  counts.tx_errors += model.tx_error_o;
}

void EnginesBench::sample_receive() {
  rx_queue.step(model.rx_element_take_o, model.rx_element_commit_o, model.rx_element_rewind_o);
  if (model.rx_drop_o) {
    ASSERT_FALSE(rx_frames.empty());
    EXPECT_EQ(rx_given_, 0u) << "dropped after its first beat";
    EXPECT_FALSE(model.rx_frame_ready_o);
    rx_frames.pop_front();
    rx_offered_ = false;
  } else if (model.rx_frame_valid_i && model.rx_frame_ready_o) {
    rx_offered_ = false;
    rx_given_ += 16;
    if (rx_given_ >= rx_frames.front().size()) {
      rx_frames.pop_front();
      rx_given_ = 0;
    }
  }
  if (model.rx_completion_valid_o && model.rx_completion_ready_i) {
    rx_used.push_back(completion_of(model.rx_completion_o));
    used_requests_ += used_writes;
    used_beats_ += used_writes;
  }
  counts.rx_packets += model.rx_packet_o;
  counts.rx_no_buffer += model.rx_no_buffer_o;
  counts.rx_skipped += model.rx_skipped_o;
  counts.rx_errors += model.rx_error_o;
}

}  // namespace ringside::testbench
