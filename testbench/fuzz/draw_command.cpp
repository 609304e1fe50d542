#include "testbench/fuzz/draw_command.hpp"

#include <algorithm>

#include "interface/layout/virtio.hpp"

namespace ringside::testbench::fuzz {

namespace {

std::int64_t place_of(std::string_view name) {
  auto const found = std::ranges::find(layout::kControlCommands, name, &layout::Constant::name);
  return found - layout::kControlCommands.begin();
}

// Values of which some mean something.
std::int64_t draw_value(Dice& dice, std::int64_t what) {
  if (what < place_of("mac_table_set")) return dice.chance(0.95) ? dice.below(2) : dice.below(256);
  if (what == place_of("vlan_add") || what == place_of("vlan_del")) {
    return dice.chance(0.9) ? dice.below(8) : dice.below(65536);
  }
  if (what == place_of("mq_pairs_set")) {
    return dice.chance(0.9) ? dice.between(1, layout::kMaxQueuePairs) : dice.below(65536);
  }
  if (what == place_of("guest_offloads_set") && dice.chance(0.9)) {
    return dice.chance(0.5) ? static_cast<std::int64_t>(layout::kGuestOffloads) : 0;
  }
  return dice.chance(0.5) ? dice.skewed(0, 65535) : dice.below(65536);
}

}  // namespace

void draw_control_features(Dice& dice, Action& start) {
  if (!dice.chance(0.6)) return;
  start[start::Control] = 1;
  for (auto place : {start::CtrlRx, start::CtrlVlan, start::CtrlMac, start::Announce, start::Mq,
                     start::Rss, start::Coal, start::VqCoal, start::Offloads}) {
    start[place] = dice.often(0.6);
  }
  bool const several = start[start::Mq] != 0 || start[start::Rss] != 0;
  if (several) start[start::Pairs] = dice.between(1, layout::kMaxQueuePairs);
}

Action announcement_seen() {
  Action action = simplest(Kind::Command);
  action[command::What] = place_of("announce_ack");
  return action;
}

Action draw_command(Dice& dice, bool odd) {
  Action action = simplest(Kind::Command);
  std::int64_t what = dice.below(odd ? command::kUnknown + 1 : command::kUnknown);
  if (dice.chance(0.1)) what = place_of("vlan_add") + dice.below(2);
  action[command::What] = what;
  action[command::Value] = draw_value(dice, what);
  action[command::More] = dice.chance(0.5) ? dice.skewed(0, 65535) : dice.below(65536);
  if (dice.chance(0.4)) action[command::Pieces] = dice.skewed(1, 16);
  if (what == place_of("coal_vq_get") || dice.chance(0.1)) action[command::Room] = 9;
  if (dice.chance(0.1)) action[command::Room] = dice.below(13);
  if (odd && dice.chance(0.1)) action[command::Room] = 0;
  if (dice.chance(0.3)) action[command::Rooms] = dice.between(1, 9);
  if (odd && dice.chance(0.15)) action[command::Cut] = dice.between(-4, 8);
  if (odd && dice.chance(0.2)) action[command::Layout] = dice.between(1, command::StrayBehind);
  return action;
}

}  // namespace ringside::testbench::fuzz
