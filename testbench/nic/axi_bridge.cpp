#include "testbench/nic/axi_bridge.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace ringside::testbench {

void AxiBridge::drive(Cycle cycle) {
  if (pins_.m_axi_arvalid_o) accept_read_address(cycle);
  if (!arrivals_.empty()) take_arrivals(cycle);
  if (beats_wait_ || beat_shown_) send_read_data(cycle);
  if (pins_.m_axi_awvalid_o | pins_.m_axi_wvalid_o) {
    bool const ready = link_.ready(time_of(cycle));
    accept_write_address(ready);
    accept_write_data(cycle, ready);
  }
  if (!responses_.empty() || response_shown_) send_write_response(cycle);
}

Cycle AxiBridge::next(Cycle cycle) const {
  if (!writes_.empty() || beat_shown_ || response_shown_) return cycle;
  for (auto const& tags : order_) {
    if (!tags.empty() && beat_ready(tags.front())) return cycle;
  }
  Cycle next = kNoCycle;
  if (!arrivals_.empty()) next = std::min(next, arrivals_.front().cycle);
  if (!responses_.empty()) next = std::min(next, responses_.front().cycle);
  return next;
}

void AxiBridge::begin_read(Cycle cycle) {
  std::uint32_t const tag = free_tags_.front();
  free_tags_.pop_front();
  std::uint64_t const address = pins_.m_axi_araddr_o;
  Read& read = reads_[tag];
  read.lead = address % kBeatBytes;
  read.beats = pins_.m_axi_arlen_o + 1U;
  read.size = static_cast<std::uint32_t>(read.beats * kBeatBytes) - read.lead;
  read.received = 0;
  read.sent = 0;
  read.response = kOkay;
  read.busy = true;
  assert(read.size + read.lead <= 256 && (address & 255) + read.size <= 256);
  order_[pins_.m_axi_arid_o].push_back(tag);
  if (observer_ != nullptr) {
    observer_->read_begun(time_of(cycle), pins_.m_axi_arid_o, address, read.size, tag);
  }
  if (error_ && error_(false, address)) {
    read.response = kSlaveError;
    read.received = read.size;
    beats_wait_ = true;
    return;
  }
  link_.read(time_of(cycle), address, read.size, tag);
}

void AxiBridge::completion(TimePoint at, PcieDevice::Completion const& completion) {
  Read& read = reads_[completion.tag];
  assert(read.busy);
  if (completion.ok) {
    std::memcpy(read.data.data() + read.lead + completion.offset, completion.bytes.data(),
                completion.bytes.size());
  }
  arrivals_.push_back({cycle_from(at), completion.tag,
                       static_cast<std::uint32_t>(completion.bytes.size()), completion.ok});
}

void AxiBridge::take_arrivals(Cycle cycle) {
  while (!arrivals_.empty() && arrivals_.front().cycle <= cycle) {
    Arrival const& arrival = arrivals_.front();
    Read& read = reads_[arrival.tag];
    read.received += arrival.bytes;
    if (!arrival.ok) {
      read.response = kSlaveError;
      read.received = read.size;
    }
    arrivals_.pop_front();
    beats_wait_ = true;
  }
}

bool AxiBridge::beat_ready(std::uint32_t tag) const {
  Read const& read = reads_[tag];
  return read.received + read.lead >= (read.sent + 1) * kBeatBytes;
}

// One beat a cycle: the NIC never refuses a beat that it asked for. IDs take turns beat by beat.
void AxiBridge::send_read_data(Cycle cycle) {
  assert(pins_.m_axi_rready_o);
  beat_shown_ = false;
  for (unsigned i = 0; i < kIds; ++i) {
    unsigned const id = (turn_ + i) % kIds;
    if (order_[id].empty() || !beat_ready(order_[id].front())) continue;
    std::uint32_t const tag = order_[id].front();
    pins_.m_axi_rid_i = static_cast<std::uint8_t>(id);
    drive_beat(cycle, tag);
    if (reads_[tag].sent == reads_[tag].beats) {
      reads_[tag].busy = false;
      order_[id].pop_front();
      free_tags_.push_back(tag);
    }
    turn_ = id + 1;
    beat_shown_ = true;
    break;
  }
  pins_.m_axi_rvalid_i = beat_shown_;
  beats_wait_ = beat_shown_;
}

void AxiBridge::drive_beat(Cycle cycle, std::uint32_t tag) {
  Read& read = reads_[tag];
  std::uint8_t const* const beat = read.data.data() + read.sent * kBeatBytes;
  std::memcpy(&pins_.m_axi_rdata_i, beat, kBeatBytes);
  if (observer_ != nullptr) {
    std::size_t const lead = read.sent == 0 ? read.lead : 0;
    observer_->read_beat(time_of(cycle), tag, {beat + lead, kBeatBytes - lead},
                         read.response == kOkay, read.sent + 1 == read.beats);
  }
  ++read.sent;
  pins_.m_axi_rresp_i = read.response;
  pins_.m_axi_rlast_i = read.sent == read.beats;
}

void AxiBridge::begin_write() {
  writes_.push_back({pins_.m_axi_awaddr_o, pins_.m_axi_awlen_o + 1U});
}

// The strobes of a burst name one run of bytes.
void AxiBridge::take_write_data(Cycle cycle) {
  auto const strobes = static_cast<std::uint32_t>(pins_.m_axi_wstrb_o);
  if (strobes != 0) {
    auto const lane = static_cast<std::uint32_t>(std::countr_zero(strobes));
    auto const count = static_cast<std::uint32_t>(std::popcount(strobes));
    assert(strobes >> lane == (1U << count) - 1);
    std::uint64_t const beat =
        (writes_.front().address & ~std::uint64_t{kBeatBytes - 1}) + data_beats_ * kBeatBytes;
    if (data_bytes_ == 0) first_byte_ = beat + lane;
    assert(first_byte_ + data_bytes_ == beat + lane && data_bytes_ + count <= data_.size());
    std::memcpy(data_.data() + data_bytes_,
                reinterpret_cast<std::uint8_t const*>(&pins_.m_axi_wdata_o) + lane, count);
    data_bytes_ += count;
  }
  ++data_beats_;
  if (pins_.m_axi_wlast_o) finish_write(cycle);
}

void AxiBridge::finish_write(Cycle cycle) {
  assert(data_beats_ == writes_.front().beats);
  std::uint8_t response = kOkay;
  if (error_ && error_(true, first_byte_)) {
    response = kSlaveError;
  } else if (data_bytes_ != 0) {
    link_.write(time_of(cycle), first_byte_, {data_.data(), data_bytes_});
  }
  if (observer_ != nullptr) {
    observer_->written(time_of(cycle), first_byte_, {data_.data(), data_bytes_});
  }
  responses_.push_back({cycle + kWriteResponse, response});
  writes_.pop_front();
  data_bytes_ = 0;
  data_beats_ = 0;
}

void AxiBridge::send_write_response(Cycle cycle) {
  assert(pins_.m_axi_bready_o);
  response_shown_ = !responses_.empty() && responses_.front().cycle <= cycle;
  pins_.m_axi_bvalid_i = response_shown_;
  if (!response_shown_) return;
  pins_.m_axi_bresp_i = responses_.front().code;
  if (observer_ != nullptr) {
    observer_->write_answered(time_of(cycle), responses_.front().code == kOkay);
  }
  responses_.pop_front();
}

}  // namespace ringside::testbench
