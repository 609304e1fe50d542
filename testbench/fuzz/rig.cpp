#include "testbench/fuzz/rig.hpp"

#include <algorithm>

#include "testbench/check/narrator.hpp"
#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/perform.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::uint64_t kAlwaysNegotiated = layout::kFeatureVersion1 | layout::kFeatureRingPacked |
                                            layout::kFeatureMac | layout::kFeatureStatus |
                                            layout::kFeatureMtu | layout::kFeatureAccessPlatform |
                                            layout::kFeatureOrderPlatform;

PcieTiming timing_of(Action const& link) {
  PcieTiming const preset = kPcieTimings.at(static_cast<std::size_t>(link[link::Preset]));
  return starved(slowed(preset, link[link::Slow]), static_cast<std::uint32_t>(link[link::Credits]),
                 static_cast<std::uint32_t>(link[link::CreditBytes]));
}

bool in_order(Action const& link) {
  Action plain = simplest(Kind::Link);
  plain[link::Preset] = link[link::Preset];
  return link == plain;
}

lockstep::Patience patience_for(Action const& link) {
  if (in_order(link)) return {};
  constexpr Duration kLong{2'000'000'000};
  return {kLong, kLong, kLong, kLong, kLong, kLong};
}

// The same for failures that differ in numbers only.
std::string kind_of(std::string const& what) {
  std::string kind;
  for (std::size_t i = what.find(": "); i < what.size() && kind.size() < 40; ++i) {
    if (what[i] >= '0' && what[i] <= '9') break;
    kind += what[i];
  }
  return "difference" + kind;
}

}  // namespace

Rig::Rig(Case const& drawn, MakeNic const& make_nic, Progress& progress)
    : host(make_nic(patience_for(drawn.link)),
           {.timing = timing_of(drawn.link), .seed = drawn.seed}),
      case_(drawn),
      progress_(progress) {
  host.link.make_trouble(trouble());
}

PcieTrouble Rig::trouble() const {
  auto const share = [this](std::size_t place) {
    return static_cast<double>(case_.link[place]) / 1000;
  };
  PcieTrouble trouble;
  trouble.late = share(link::Late);
  trouble.split = share(link::Split);
  trouble.held = share(link::Held);
  trouble.poisoned = share(link::Poisoned);
  trouble.missing = share(link::Missing);
  trouble.late_by = Duration{case_.link[link::LateBy] * 1000};
  return trouble;
}

// --- Time and registers.

void Rig::look_for_trouble() {
  progress_.now_ps = present().time_since_epoch().count();
  if (auto const trouble = host.nic().trouble()) {
    std::size_t const line = trouble->what.find('\n');
    throw Failure(kind_of(trouble->what.substr(0, line)), trouble->what);
  }
  if (auto const& violation = watch.violation()) throw Failure("access", *violation);
}

void Rig::pass(Duration duration) {
  TimePoint const end = present() + duration;
  while (present() < end) {
    host.run(std::min(kSlice, end - present()));
    look_for_trouble();
    look_after_rings();
  }
}

std::uint32_t Rig::read(std::uint32_t offset, unsigned size) {
  progress_.waits_for = "the driver waits for the NIC to answer a read of a register";
  auto const answer = host.try_read(offset, size, kLongest);
  look_for_trouble();
  if (!answer) {
    throw Failure("hang", "the driver waits for the NIC to answer a read of register " +
                              std::to_string(offset) + " since " +
                              format_microseconds(present() - kLongest));
  }
  return *answer;
}

std::uint64_t Rig::counter(std::size_t index) {
  auto const offset = layout::kStatisticsBlock.offset + 8 * static_cast<std::uint32_t>(index);
  std::uint64_t const low = read(offset, 4);
  return low | std::uint64_t{read(offset + 4, 4)} << 32;
}

void Rig::set_control(PciControl control) {
  control_ = control;
  host.link.control(control);
}

void Rig::set_moderation(std::uint16_t queue, std::uint32_t packets, std::uint32_t usecs) {
  std::uint32_t const at = layout::kModerationBlock.offset + queue * layout::kModerationStride;
  host.write(at, 4, packets);
  host.write(at + 4, 4, usecs);
}

void Rig::set_flow_control(Action const& action) {
  using layout::kMacBlock;
  using layout::offset_of;
  auto const value = [&](std::size_t place) { return static_cast<std::uint32_t>(action[place]); };
  bool const sends = action[mac::SendPause] != 0 || action[mac::SendClasses] != 0;
  if (sends) station.expect_flow_control();
  flow_control_ = true;
  std::uint32_t const modes = value(mac::ObeyPause) | value(mac::SendPause) << 1 |
                              value(mac::ObeyClasses) << 2 | value(mac::SendClasses) << 3;
  host.write(offset_of(kMacBlock, "high_watermark"), 4, value(mac::High) | value(mac::Low) << 16);
  host.write(offset_of(kMacBlock, "pause_quanta"), 2, value(mac::Quanta));
  host.write(offset_of(kMacBlock, "flow_control"), 4,
             modes | value(mac::Stops) << 8 | value(mac::Sends) << 16);
}

void Rig::distrust_what_is_written_over() {
  if (!queues[layout::kReceiveQueue].tampered_with_addresses()) return;
  queues[layout::kTransmitQueue].distrust();
  station.lose_sight();
}

// --- Rings.

void Rig::look_after_rings() {
  if (!live_) return;
  while (queues[layout::kTransmitQueue].take()) {
  }
  while (auto taken = queues[layout::kReceiveQueue].take()) take_packet(std::move(*taken));
  station.look();
}

void Rig::take_packet(QueueUser::Taken taken) {
  if (!taken.buffer.untouched_behind(taken.len)) {
    throw Failure("memory", "a receive buffer is written beyond its used length " +
                                std::to_string(taken.len));
  }
  // In the middle of a packet an empty buffer is a part of it like the others.
  if (taken.len == 0 && merged_left_ == 0) {
    bins.hit("rx_unfit");
    return;
  }
  std::vector<std::uint8_t> bytes = taken.buffer.read(taken.len);
  if (merged_left_ == 0) {
    if (bytes.size() < layout::kNetHeaderBytes) {
      throw Failure("delivered", "a packet begins with less than its header");
    }
    merged_left_ = load_le<std::uint16_t>(&bytes[offsetof(layout::NetHeader, num_buffers)]);
    merged_.clear();
    if (merged_left_ == 0) throw Failure("delivered", "a packet in 0 buffers");
    if (merged_left_ > 1) bins.hit("rx_merged");
    if ((bytes[offsetof(layout::NetHeader, flags)] & layout::kDataValid) != 0) {
      bins.hit("rx_data_valid");
    }
  }
  merged_.insert(merged_.end(), bytes.begin(), bytes.end());
  if (--merged_left_ != 0) return;
  merged_.erase(merged_.begin(), merged_.begin() + layout::kNetHeaderBytes);
  ++delivered_;
  station.check_delivered(merged_);
}

// --- Sessions.

void Rig::begin(Action const& start) {
  auto const size = [&](std::size_t place) { return static_cast<std::uint16_t>(start[place]); };
  auto const vector = [&](std::size_t place) {
    std::int64_t const number = start[place];
    return number < layout::kNumVectors ? static_cast<std::uint16_t>(number) : layout::kNoVector;
  };
  std::uint64_t features = kAlwaysNegotiated;
  if (start[start::Indirect] != 0) features |= layout::kFeatureIndirectDesc;
  if (start[start::EventIdx] != 0) features |= layout::kFeatureEventIdx;
  if (start[start::Mergeable] != 0) features |= layout::kFeatureMrgRxbuf;
  if (start[start::Csum] != 0) features |= layout::kFeatureCsum;
  if (start[start::GuestCsum] != 0) features |= layout::kFeatureGuestCsum;
  host.enable_pci();
  control_ = {.msix_enable = true, .msix_mask = false, .bus_master = true};
  host.negotiate(features);
  host.write(common("config_msix_vector"), 2, 0);
  host.enable_queue(layout::kReceiveQueue, size(start::RxSize), vector(start::RxVector));
  host.enable_queue(layout::kTransmitQueue, size(start::TxSize), vector(start::TxVector));
  queues[0].begin(size(start::RxSize), start[start::Indirect] != 0);
  queues[1].begin(size(start::TxSize), start[start::Indirect] != 0);
  watch.begin();
  at_start_ = host.link.statistics();
  host.set_status(kReady);
  if (auto const status = read(common("device_status"), 1); status != kReady) {
    throw Failure("status", "a session begins with status " + std::to_string(status));
  }
  live_ = true;
  flow_control_ = false;
  completes_checksums_ = start[start::Csum] != 0;
  memory_fails_ = trouble().poisoned > 0 || trouble().missing > 0;
  for (std::size_t i = 0; i < counters_.size(); ++i) counters_[i] = counter(i);
}

bool Rig::needs_reset() {
  return (read(common("device_status"), 1) & layout::kStatusNeedsReset) != 0;
}

void Rig::reset() {
  if (!live_) return;
  if (queues[0].outstanding() + queues[1].outstanding() != 0) bins.hit("reset_at_work");
  if (queues[1].outstanding() != 0) broken_off_ = true;
  note_what_happened();
  host.set_status(0);
  live_ = false;
  progress_.waits_for = "the driver waits for the NIC to end its reset";
  TimePoint const limit = present() + kLongest;
  while (read(common("device_status"), 1) != 0) {
    if (present() > limit) {
      throw Failure("hang", "the driver waits for the NIC to end a reset, since " +
                                format_microseconds(limit - kLongest));
    }
  }
  watch.end();
  station.release();
  drain_wire();
  station.settle();
  for (QueueUser& queue : queues) queue.end();
  merged_left_ = 0;
  host.messages.clear();
  sessions.push_back(bins);
  bins = {};
}

// What shows only behind it.
void Rig::note_what_happened() {
  hit_link(bins);
  PcieStatistics const& link = host.link.statistics();
  if (link.poisoned != at_start_.poisoned) bins.hit("read_poisoned");
  if (link.missing != at_start_.missing) bins.hit("read_missing");
  if (watch.refused() != 0) bins.hit("read_refused");
  if (queues[0].wrapped()) bins.hit("rx_wrapped");
  if (queues[1].wrapped()) bins.hit("tx_wrapped");
  for (auto const& message : host.messages) {
    if (message.vector != 0) bins.hit("interrupt");
  }
  auto const grew = [this](std::string_view name) {
    auto const found = std::find_if(layout::kStatistics.begin(), layout::kStatistics.end(),
                                    [&](auto const& each) { return each.name == name; });
    auto const index = static_cast<std::size_t>(found - layout::kStatistics.begin());
    return counter(index) != counters_[index];
  };
  if (grew("tx_dropped_malformed")) bins.hit("tx_dropped");
  if (grew("rx_dropped_no_buffer")) bins.hit("rx_no_buffer");
  if (grew("rx_dropped_overrun")) bins.hit("rx_overrun");
  if (grew("local_faults")) bins.hit("line_local_fault");
  if (grew("remote_faults")) bins.hit("line_remote_fault");
  if (grew("tx_pause_frames")) bins.hit("tx_pause");
  if (grew("tx_pfc_frames")) bins.hit("tx_class_pause");
}

void Rig::hit_link(SessionBins& session) const {
  Action const& link = case_.link;
  if (link[link::Preset] != 0) session.hit("link_x4");
  if (link[link::Slow] > 1) session.hit("link_slow");
  if (link[link::Credits] <= 8) session.hit("link_starved");
  if (link[link::Late] != 0) session.hit("reads_late");
  if (link[link::Split] != 0) session.hit("reads_split");
  if (link[link::Held] != 0) session.hit("reads_overtaken");
}

}  // namespace ringside::testbench::fuzz
