#include "testbench/fuzz/draw.hpp"

#include <algorithm>
#include <initializer_list>

#include "testbench/fuzz/dice.hpp"
#include "testbench/fuzz/draw_command.hpp"
#include "testbench/fuzz/draw_ethernet.hpp"

namespace ringside::testbench::fuzz {

namespace {

// Where things change: headers, minimum and maximum frames, bursts, pages.
constexpr std::array<std::int64_t, 27> kFrameEdges{
    13,  14,  15,  16,  17,  46,  59,  60,  61,   63,   64,   65,   127, 128,
    129, 243, 244, 245, 255, 256, 511, 512, 1513, 1514, 1517, 1518, 1519};
constexpr std::array<std::int64_t, 19> kBufferEdges{1,  11, 12, 13,  14,  19,   20,   21,   71,  72,
                                                    73, 76, 77, 128, 256, 1526, 1529, 1530, 2048};
constexpr std::array<std::int64_t, 13> kRingSizes{1, 2, 3, 4, 5, 7, 8, 15, 16, 33, 64, 100, 256};

// Half of all runs are rough in some way, so that the checks which need a run in order have some
// too.
struct Temper {
  bool hostile;
  bool bad_wire;
  bool bad_link;
  bool failing_memory;
  bool odd_driver;
  bool faulty_line;
  bool flow_control;
};

class Drawer {
 public:
  explicit Drawer(std::uint64_t seed) : dice_(Random(seed).stream("case")) {
    temper_ = {dice_.chance(0.35), dice_.chance(0.45), dice_.chance(0.45), dice_.chance(0.15),
               dice_.chance(0.4),  dice_.chance(0.3),  dice_.chance(0.45)};
  }

  Case draw(std::uint64_t seed) {
    Case drawn;
    drawn.seed = seed;
    drawn.link = draw_link();
    actions_ = &drawn.actions;
    std::int64_t const sessions = 1 + dice_.below(5);
    for (std::int64_t i = 0; i < sessions; ++i) draw_session();
    return drawn;
  }

 private:
  Action& add(Kind kind) {
    actions_->push_back(simplest(kind));
    return actions_->back();
  }

  Action draw_link() {
    Action action = simplest(Kind::Link);
    action[link::Preset] = dice_.often(0.4);
    if (temper_.bad_link) {
      if (dice_.chance(0.3)) action[link::Slow] = dice_.between(2, 16);
      if (dice_.chance(0.4)) {
        action[link::Credits] = dice_.between(1, 8);
        action[link::CreditBytes] = dice_.between(256, 2048);
      }
      action[link::LateBy] = dice_.between(100, 10000);
      for (auto place : {link::Late, link::Split, link::Held}) {
        if (dice_.chance(0.5)) action[place] = dice_.skewed(10, 800);
      }
    }
    if (temper_.failing_memory) {
      if (dice_.chance(0.6)) action[link::Poisoned] = dice_.between(2, 60);
      if (dice_.chance(0.5)) action[link::Missing] = dice_.between(2, 30);
    }
    return action;
  }

  void draw_session() {
    draw_start();
    for (std::int64_t queue = 0; queue < 2 * pairs_; ++queue) {
      if (dice_.chance(0.5)) draw_moderation(queue);
      if (dice_.chance(0.5)) draw_events(queue);
    }
    if (temper_.flow_control && dice_.chance(0.8)) draw_mac();
    for (std::int64_t pair = 0; pair < pairs_; ++pair) {
      draw_post();
      actions_->back()[offer::Pair] = pair;
    }
    std::int64_t const actions = dice_.skewed(6, 80);
    for (std::int64_t i = 0; i < actions; ++i) draw_action();
  }

  void draw_start() {
    Action& action = add(Kind::Start);
    rx_size_ = action[start::RxSize] =
        dice_.chance(0.7) ? dice_.one_of(kRingSizes) : dice_.between(1, 256);
    action[start::TxSize] = dice_.chance(0.7) ? dice_.one_of(kRingSizes) : dice_.between(1, 256);
    indirect_ = (action[start::Indirect] = dice_.often(0.7)) != 0;
    action[start::EventIdx] = dice_.often(0.7);
    mergeable_ = (action[start::Mergeable] = dice_.often(0.7)) != 0;
    if (dice_.chance(0.3)) action[start::RxVector] = dice_.below(4);
    if (dice_.chance(0.3)) action[start::TxVector] = dice_.below(4);
    csum_ = (action[start::Csum] = dice_.often(0.5)) != 0;
    action[start::GuestCsum] = dice_.often(0.5);
    segments_ = csum_ && (action[start::Segments] = dice_.often(0.6)) != 0;
    action[start::HashReport] = dice_.often(0.3);
    action[start::Abrupt] = dice_.often(0.5);
    action[start::Hasty] = temper_.odd_driver ? dice_.often(0.2) : 0;
    draw_control_features(dice_, action);
    control_ = action[start::Control] != 0;
    pairs_ = action[start::Pairs];
    // A session has buffers of a size of its own, so that many of them merge and many fit.
    usual_buffer_ =
        mergeable_ && dice_.chance(0.5) ? dice_.one_of(kBufferEdges) : 1536 + dice_.below(600);
  }

  void draw_action() {
    struct Choice {
      double weight;
      void (Drawer::*draw)();
    };
    std::array const choices{
        Choice{6, &Drawer::draw_send},
        Choice{5, &Drawer::draw_post},
        Choice{6, &Drawer::draw_arrive},
        Choice{4, &Drawer::draw_wait},
        Choice{1.5, &Drawer::draw_any_events},
        Choice{1, &Drawer::draw_any_moderation},
        Choice{1, &Drawer::draw_mask},
        Choice{0.3, &Drawer::draw_master},
        Choice{0.5, &Drawer::draw_notify},
        Choice{temper_.failing_memory ? 1.0 : 0.0, &Drawer::draw_refuse},
        Choice{temper_.hostile ? 3.0 : 0.0, &Drawer::draw_hostility},
        Choice{temper_.odd_driver ? 2.0 : 0.0, &Drawer::draw_poke},
        Choice{temper_.faulty_line ? 1.5 : 0.0, &Drawer::draw_sets},
        Choice{temper_.flow_control ? 4.0 : 0.2, &Drawer::draw_silence},
        Choice{temper_.flow_control ? 0.8 : 0.0, &Drawer::draw_mac},
        Choice{control_ ? 5.0 : 0.0, &Drawer::draw_said},
    };
    double sum = 0;
    for (Choice const& choice : choices) sum += choice.weight;
    double left = dice_.unit() * sum;
    for (Choice const& choice : choices) {
      left -= choice.weight;
      if (left >= 0) continue;
      (this->*choice.draw)();
      return;
    }
  }

  void draw_shape(Action& action) {
    if (dice_.chance(0.5)) action[offer::Pieces] = dice_.skewed(1, 12);
    if (dice_.chance(0.6)) action[offer::Align] = dice_.below(4096);
    action[offer::Indirect] = indirect_ ? dice_.often(0.4) : 0;
    action[offer::Silent] = dice_.often(0.1);
    if (dice_.chance(0.1)) {
      action[offer::Order] = temper_.hostile ? dice_.between(1, 2) : offer::HeadLast;
      action[offer::Torn] = dice_.between(1, 2000);
    }
    if (temper_.odd_driver && dice_.chance(0.2)) action[offer::Odd] = dice_.between(1, 2);
    action[offer::Pair] = dice_.below(pairs_);
  }

  void draw_send() {
    Action& action = add(Kind::Send);
    draw_shape(action);
    action[offer::Bytes] = dice_.chance(0.5) ? dice_.one_of(kFrameEdges) : dice_.between(14, 1518);
    if (temper_.odd_driver && dice_.chance(0.1)) action[offer::Bytes] = dice_.between(-12, 4096);
    if (dice_.chance(0.5)) action[offer::Count_] = dice_.skewed(1, 40);
    if (dice_.chance(0.1)) action[offer::Type] = offer::Vlan;
    if (temper_.odd_driver && dice_.chance(0.1)) action[offer::Type] = offer::Control;
    if (dice_.chance(0.15)) action[offer::Type] = offer::Udp;
    action[offer::To] = draw_destination(dice_);
    if (csum_ && dice_.chance(0.3)) action[offer::Header_] = offer::Checksum;
    if (temper_.odd_driver && dice_.chance(0.2)) action[offer::Header_] = offer::Random;
    if (dice_.chance(segments_ ? 0.35 : 0.02)) {
      action[offer::Header_] = offer::Segments;
      action[offer::Bytes] = dice_.between(54, 4096);
      action[offer::Count_] = dice_.skewed(1, 8);
    }
  }

  void draw_post() {
    Action& action = add(Kind::Post);
    draw_shape(action);
    action[offer::Bytes] = usual_buffer_;
    if (dice_.chance(mergeable_ ? 0.4 : 0.1)) action[offer::Bytes] = dice_.one_of(kBufferEdges);
    if (temper_.odd_driver && dice_.chance(0.05)) action[offer::Bytes] = dice_.between(0, 20);
    action[offer::Count_] =
        std::min<std::int64_t>(64, dice_.between(1, std::max<std::int64_t>(rx_size_, 2)));
  }

  void draw_arrive() {
    Action& action = add(Kind::Arrive);
    action[arrive::Bytes] = dice_.chance(0.5) ? dice_.one_of(kFrameEdges) : dice_.between(60, 1518);
    if (!temper_.bad_wire) {
      action[arrive::Bytes] = std::clamp<std::int64_t>(action[arrive::Bytes], 60, 1514);
    }
    if (dice_.chance(0.5)) action[arrive::Count_] = dice_.skewed(1, 40);
    if (dice_.chance(0.5)) action[arrive::Gap] = dice_.skewed(5, 1500);
    if (dice_.chance(0.4)) action[arrive::Type] = dice_.chance(0.4) ? offer::Vlan : offer::Udp;
    if (temper_.odd_driver && dice_.chance(0.1)) action[arrive::Type] = offer::Control;
    action[arrive::To] = draw_destination(dice_);
    if (!temper_.bad_wire) return;
    if (dice_.chance(0.5)) action[arrive::Fault] = dice_.between(1, arrive::NoEnd);
    if (dice_.chance(0.1)) action[arrive::Bytes] = dice_.between(1, 4000);
  }

  void draw_wait() { add(Kind::Wait)[wait::Ns] = dice_.skewed(0, 30000); }

  void draw_events(std::int64_t queue) {
    Action& action = add(Kind::Events);
    action[events::Queue] = queue;
    action[events::Flags] = temper_.odd_driver ? dice_.below(4) : dice_.below(3);
    action[events::Offset] =
        dice_.chance(0.8) ? dice_.below(64) | dice_.below(2) << 15 : dice_.below(65536);
  }
  void draw_any_events() { draw_events(dice_.below(2 * pairs_)); }

  void draw_moderation(std::int64_t queue) {
    Action& action = add(Kind::Moderate);
    action[moderate::Queue] = queue;
    action[moderate::Packets] = dice_.chance(0.8) ? dice_.skewed(1, 64) : 0;
    action[moderate::Usecs] = dice_.chance(0.8) ? dice_.skewed(1, 20) : 0;
  }
  void draw_any_moderation() { draw_moderation(dice_.below(2 * pairs_)); }

  void draw_mask() {
    Action& action = add(Kind::Mask);
    action[mask::Vector] = dice_.below(4);
    action[mask::On] = dice_.often(0.5);
  }
  void draw_master() { add(Kind::Master)[master::On] = dice_.often(0.3); }

  void draw_refuse() {
    Action& action = add(Kind::Refuse);
    action[refuse::After] = dice_.skewed(0, 100);
    action[refuse::Reads] = dice_.skewed(1, 20);
  }

  void draw_hostility() {
    bool const scribbles = dice_.chance(0.3);
    Action& action = add(scribbles ? Kind::Scribble : Kind::Spoil);
    std::int64_t const queue = dice_.below(2 * pairs_);
    action[spoil::Queue] = action[scribble::Queue] = queue;
    if (scribbles) {
      action[scribble::Slot] = dice_.below(32);
      action[scribble::Field] = dice_.below(5);
      action[scribble::Value] = dice_.below(16);
    } else {
      action[spoil::Table] = indirect_ ? dice_.often(0.4) : 0;
      action[spoil::Element] = dice_.skewed(0, 8);
      action[spoil::Field] = dice_.below(5);
      action[spoil::Value] = dice_.below(16);
      // Or there would often be nothing that it could strike.
      queue % 2 == 0 ? draw_post() : draw_send();
      actions_->back()[offer::Pair] = queue / 2;
      if (actions_->size() > 1 && action_before_last_spoils_a_table()) {
        actions_->back()[offer::Indirect] = 1;
      }
    }
  }
  bool action_before_last_spoils_a_table() const {
    return (*actions_)[actions_->size() - 2][spoil::Table] != 0;
  }

  void draw_notify() {
    Action& action = add(Kind::Notify);
    action[notify::Queue] = dice_.below(2 * pairs_);
    action[notify::Times] = dice_.skewed(1, 32);
  }

  void draw_poke() {
    Action& action = add(Kind::Poke);
    action[poke::What] = dice_.below(poke::NoSuchQueue + 1);
    action[poke::Value] = dice_.below(65536);
  }

  // Often with something to send that has to wait for its end.
  void draw_sets() {
    actions_->push_back(draw_line(dice_, temper_.bad_wire));
    if (dice_.chance(0.6)) draw_send();
    if (!control_ || dice_.chance(0.5)) return;
    draw_wait();
    actions_->push_back(announcement_seen());
  }
  void draw_silence() {
    Action const first = draw_control(dice_, temper_.bad_wire);
    actions_->push_back(first);
    if (dice_.chance(0.6)) draw_send();
    if (!dice_.chance(0.6)) return;
    // Until it has come to wait.
    if (dice_.chance(0.6)) add(Kind::Wait)[wait::Ns] = dice_.between(500, 4000);
    actions_->push_back(dice_.chance(0.3) ? draw_control(dice_, temper_.bad_wire) : first);
    if (dice_.chance(0.6)) {
      actions_->back()[control::Quanta] = 0;
      actions_->back()[control::Step] = 0;
    }
  }
  // Often with frames that meet what it has set.
  void draw_said() {
    actions_->push_back(draw_command(dice_, temper_.odd_driver));
    if (dice_.chance(0.3)) draw_wait();
    if (dice_.chance(0.3)) draw_arrive();
  }
  void draw_mac() { actions_->push_back(draw_flow_control(dice_)); }

  Dice dice_;
  Temper temper_{};
  std::vector<Action>* actions_ = nullptr;
  std::int64_t rx_size_ = 1;
  std::int64_t usual_buffer_ = 2048;
  bool indirect_ = false;
  bool mergeable_ = false;
  bool csum_ = false;
  bool segments_ = false;
  bool control_ = false;
  std::int64_t pairs_ = 1;
};

}  // namespace

Case draw(std::uint64_t seed) { return Drawer(seed).draw(seed); }

}  // namespace ringside::testbench::fuzz
