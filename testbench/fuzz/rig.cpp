#include "testbench/fuzz/rig.hpp"

#include <algorithm>

#include "testbench/check/narrator.hpp"
#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/perform.hpp"

namespace ringside::testbench::fuzz {

namespace {

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
  for (std::uint16_t queue = 0; queue < layout::kDataQueues; ++queue) {
    queues.emplace_back(host, queue);
  }
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
  auto const anywhere = [](QueueUser const& queue) {
    return queue.receives() && queue.tampered_with_addresses();
  };
  if (!any_queue(anywhere)) return;
  for (QueueUser& queue : queues) queue.distrust();
  control_user.distrust();
  station.lose_sight();
}

// --- Rings.

void Rig::look_after_rings() {
  if (!live_) return;
  for (std::uint16_t pair = 0; pair < pairs_; ++pair) {
    while (queues[layout::transmit_queue(pair)].take()) {
    }
    std::uint16_t const receives = layout::receive_queue(pair);
    while (auto const taken = queues[receives].take()) take_packet(receives, *taken);
  }
  control_user.look(!memory_fails_);
  station.look();
}

void Rig::take_packet(std::uint16_t queue, QueueUser::Taken const& taken) {
  auto& [merged, left] = merged_.at(layout::pair_of_queue(queue));
  if (!taken.buffer.untouched_behind(taken.len)) {
    throw Failure("memory", "a receive buffer is written beyond its used length " +
                                std::to_string(taken.len));
  }
  // In the middle of a packet an empty buffer is a part of it like the others.
  if (taken.len == 0 && left == 0) {
    bins.hit("rx_unfit");
    return;
  }
  std::vector<std::uint8_t> bytes = taken.buffer.read(taken.len);
  if (left == 0) {
    if (bytes.size() < host.header_bytes()) {
      throw Failure("delivered", "a packet begins with less than its header");
    }
    left = load_le<std::uint16_t>(&bytes[offsetof(layout::NetHeader, num_buffers)]);
    merged.clear();
    if (left == 0) throw Failure("delivered", "a packet in 0 buffers");
    if (left > 1) bins.hit("rx_merged");
    if ((bytes[offsetof(layout::NetHeader, flags)] & layout::kDataValid) != 0) {
      bins.hit("rx_data_valid");
    }
  }
  merged.insert(merged.end(), bytes.begin(), bytes.end());
  if (--left != 0) return;
  merged.erase(merged.begin(), merged.begin() + host.header_bytes());
  ++delivered_;
  station.check_delivered(queue, merged);
}

}  // namespace ringside::testbench::fuzz
