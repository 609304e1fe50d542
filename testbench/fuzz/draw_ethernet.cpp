#include "testbench/fuzz/draw_ethernet.hpp"

#include <algorithm>
#include <array>

namespace ringside::testbench::fuzz {

namespace {

// Columns around which a fault ends, or is none yet.
constexpr std::array<std::int64_t, 10> kSilences{1, 2, 63, 64, 65, 120, 126, 127, 128, 129};
// A control frame has 60 bytes: shorter ones are none, longer ones are ignored.
constexpr std::array<std::int64_t, 7> kWrongSizes{59, 61, 64, 68, 76, 124, 1514};
constexpr std::array<std::int64_t, 6> kWatermarks{0, 1, 60, 64, 512, 65535};

// Most are over before the run waits for anything; a few last for as long as there is.
std::int64_t draw_quanta(Dice& dice) {
  if (dice.chance(0.2)) return 0;
  if (dice.chance(0.7)) return dice.skewed(1, 60);
  return dice.chance(0.8) ? dice.skewed(1, 600) : dice.below(65536);
}

std::int64_t draw_classes(Dice& dice) {
  return dice.chance(0.5) ? std::int64_t{1} << dice.below(8) : dice.below(256);
}

std::int64_t draw_watermark(Dice& dice, std::int64_t usual) {
  if (dice.chance(0.2)) return usual;
  return dice.chance(0.3) ? dice.one_of(kWatermarks) : dice.skewed(0, 6000);
}

}  // namespace

std::int64_t draw_destination(Dice& dice) {
  return dice.chance(0.4) ? dice.between(to::Station, to::Group) : to::Whatever;
}

Action draw_line(Dice& dice, bool bad_wire) {
  Action action = simplest(Kind::Line);
  action[line::Signal] = dice.below(3);
  if (dice.chance(0.3)) {
    action[line::Sets] = dice.between(1, 6);
  } else {
    action[line::Sets] = dice.skewed(4, 3000);
  }
  if (dice.chance(0.5)) action[line::Times] = dice.skewed(1, 64);
  if (dice.chance(0.4)) {
    action[line::Silence] = dice.one_of(kSilences);
  } else {
    action[line::Silence] = dice.skewed(1, dice.chance(0.6) ? 128 : 1000);
  }
  if (bad_wire) action[line::Cut] = dice.often(0.3);
  return action;
}

Action draw_control(Dice& dice, bool bad_wire) {
  Action action = simplest(Kind::Control);
  if (dice.chance(0.4)) action[control::Opcode] = control::ClassPause;
  if (dice.chance(0.08)) action[control::Opcode] = control::Unknown;
  action[control::Quanta] = draw_quanta(dice);
  if (dice.chance(0.5)) action[control::Step] = dice.skewed(1, dice.chance(0.9) ? 60 : 65535);
  action[control::Classes] = draw_classes(dice);
  if (dice.chance(0.4)) action[control::To] = dice.between(control::Station, control::All);
  if (dice.chance(0.15)) action[control::Bytes] = dice.one_of(kWrongSizes);
  if (dice.chance(0.2)) action[control::Count_] = dice.skewed(1, 8);
  if (dice.chance(0.4)) action[control::Gap] = dice.skewed(5, 300);
  if (bad_wire && dice.chance(0.2)) action[control::Fault] = dice.between(1, arrive::NoEnd);
  return action;
}

Action draw_flow_control(Dice& dice) {
  Action action = simplest(Kind::Mac);
  action[mac::ObeyPause] = dice.often(0.7);
  action[mac::ObeyClasses] = dice.often(0.6);
  action[mac::SendPause] = dice.often(0.4);
  action[mac::SendClasses] = dice.often(0.25);
  if (dice.chance(0.6)) action[mac::Stops] = draw_classes(dice);
  if (dice.chance(0.5)) action[mac::Sends] = draw_classes(dice);
  action[mac::Quanta] = draw_quanta(dice);
  action[mac::High] = draw_watermark(dice, action[mac::High]);
  action[mac::Low] = draw_watermark(dice, action[mac::Low]);
  return action;
}

}  // namespace ringside::testbench::fuzz
