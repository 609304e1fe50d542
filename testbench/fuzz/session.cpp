// How sessions begin and end, and what they have met.
#include <algorithm>
#include <array>
#include <string_view>

#include "testbench/check/narrator.hpp"
#include "testbench/fuzz/failure.hpp"
#include "testbench/fuzz/rig.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::uint64_t kAlwaysNegotiated = layout::kFeatureVersion1 | layout::kFeatureRingPacked |
                                            layout::kFeatureMac | layout::kFeatureStatus |
                                            layout::kFeatureMtu | layout::kFeatureAccessPlatform |
                                            layout::kFeatureOrderPlatform;

}  // namespace

std::uint64_t Rig::features_of(Action const& start) {
  struct Choice {
    start::Place place;
    std::uint64_t features;
  };
  constexpr std::array kChoices{
      Choice{start::Indirect, layout::kFeatureIndirectDesc},
      Choice{start::EventIdx, layout::kFeatureEventIdx},
      Choice{start::Mergeable, layout::kFeatureMrgRxbuf},
      Choice{start::Csum, layout::kFeatureCsum},
      Choice{start::GuestCsum, layout::kFeatureGuestCsum},
      Choice{start::Segments,
             layout::kFeatureHostTso4 | layout::kFeatureHostTso6 | layout::kFeatureHostEcn},
      Choice{start::Control, layout::kFeatureCtrlVq},
      Choice{start::CtrlRx, layout::kFeatureCtrlRx | layout::kFeatureCtrlRxExtra},
      Choice{start::CtrlVlan, layout::kFeatureCtrlVlan},
      Choice{start::CtrlMac, layout::kFeatureCtrlMacAddr},
      Choice{start::Announce, layout::kFeatureGuestAnnounce},
      Choice{start::Mq, layout::kFeatureMq},
      Choice{start::Rss, layout::kFeatureRss},
      Choice{start::Coal, layout::kFeatureNotfCoal},
      Choice{start::VqCoal, layout::kFeatureVqNotfCoal},
      Choice{start::Offloads, layout::kFeatureCtrlGuestOffloads},
      Choice{start::HashReport, layout::kFeatureHashReport},
  };
  std::uint64_t features = kAlwaysNegotiated;
  for (auto const& [place, chosen] : kChoices) {
    if (start[place] != 0) features |= chosen;
  }
  // Without the queue there is nothing that is told over it.
  bool const control = (features & layout::kFeatureCtrlVq) != 0;
  return control ? features
                 : features & ~(layout::kFeaturesOfControl | layout::kFeatureCtrlGuestOffloads);
}

void Rig::begin(Action const& start) {
  auto const size = [&](std::size_t place) { return static_cast<std::uint16_t>(start[place]); };
  auto const vector = [&](std::size_t place, std::uint16_t pair) {
    std::int64_t const number = start[place];
    if (number >= kNamedVectors) return layout::kNoVector;
    return static_cast<std::uint16_t>(number == 0 ? 0 : number + 2 * pair);
  };
  std::uint64_t const features = features_of(start);
  bool const all_pairs = (features & layout::kFeaturesOfPairs) != 0;
  pairs_ = all_pairs ? size(start::Pairs) : std::uint16_t{1};
  host.enable_pci();
  control_ = {.msix_enable = true, .msix_mask = false, .bus_master = true};
  host.negotiate(features);
  host.write(common("config_msix_vector"), 2, 0);
  for (auto& ring : host.rings) ring.reset();
  for (std::uint16_t pair = 0; pair < pairs_; ++pair) {
    std::uint16_t const rx = layout::receive_queue(pair);
    std::uint16_t const tx = layout::transmit_queue(pair);
    host.enable_queue(rx, size(start::RxSize), vector(start::RxVector, pair));
    host.enable_queue(tx, size(start::TxSize), vector(start::TxVector, pair));
    queues[rx].begin(size(start::RxSize), start[start::Indirect] != 0);
    queues[tx].begin(size(start::TxSize), start[start::Indirect] != 0);
  }
  if ((features & layout::kFeatureCtrlVq) != 0) {
    host.enable_queue(layout::kControlQueue, kControlRing);
    control_user.begin(kControlRing);
  }
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
  auto const at_work = [](QueueUser const& queue) { return queue.outstanding() != 0; };
  if (any_queue(at_work)) bins.hit("reset_at_work");
  if (control_user.outstanding() != 0) bins.hit("reset_at_command");
  broken_off_ = broken_off_ || any_queue([&](QueueUser const& queue) {
                  return !queue.receives() && at_work(queue);
                });
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
  control_user.end();
  merged_ = {};
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
  for (QueueUser const& queue : queues) {
    if (!queue.wrapped()) continue;
    if (queue.receives()) {
      bins.hit("rx_wrapped");
    } else {
      bins.hit("tx_wrapped");
    }
  }
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
  if (grew("rx_filtered")) bins.hit("rx_filtered");
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
