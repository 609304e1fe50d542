// What a random run is made of: a link, and actions one after the other. All of it is whole numbers
// within limits, from one table, so that drawing, files and shrinking know every parameter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interface/layout/control.hpp"
#include "interface/layout/limits.hpp"

namespace ringside::testbench::fuzz {

struct Parameter {
  std::string_view name;
  std::int64_t least;
  std::int64_t most;
  std::int64_t simplest;  // also what a file means that does not say it
  std::string_view meaning;
  std::span<std::string_view const> names{};  // if given: a word for each value from 0 on
};

enum class Kind : std::uint8_t {
  Link,  // once a run, and not among the actions
  Start,
  Send,
  Post,
  Arrive,
  Wait,
  Events,
  Moderate,
  Mask,
  Master,
  Refuse,
  Spoil,
  Scribble,
  Notify,
  Poke,
  Line,
  Control,
  Mac,
  Command,
};
inline constexpr std::size_t kKinds = 19;

// --- The parameters of each kind, by place.

namespace link {
enum Place : std::size_t {
  Preset,
  Slow,
  Credits,
  CreditBytes,
  Late,
  Split,
  Held,
  Poisoned,
  Missing,
  LateBy,
  Count
};
}
namespace start {
enum Place : std::size_t {
  RxSize,
  TxSize,
  Indirect,
  EventIdx,
  Mergeable,
  Csum,
  GuestCsum,
  Segments,
  HashReport,
  RxVector,
  TxVector,
  Abrupt,
  Hasty,
  Pairs,
  Control,
  CtrlRx,
  CtrlVlan,
  CtrlMac,
  Announce,
  Mq,
  Rss,
  Coal,
  VqCoal,
  Offloads,
  Count
};
}
// What a frame's destination address is.
namespace to {
enum To : std::int64_t { Whatever, Station, Other, All, Group };
}
// Of buffers for either queue.
namespace offer {
enum Place : std::size_t {
  Bytes,
  Count_,
  Pieces,
  Align,
  Indirect,
  Odd,
  Order,
  Torn,
  Silent,
  Type,
  Header_,
  To,
  Pair,
  Count
};
enum Odd : std::int64_t { Nothing, EmptyElement, WrongDirection };
enum Order : std::int64_t { AtOnce, HeadLast, TailLast };
enum Type : std::int64_t { Plain, Vlan, Control, Udp };
enum Header : std::int64_t { Zero, Random, Checksum, Segments };
}  // namespace offer
namespace arrive {
enum Place : std::size_t { Bytes, Count_, Gap, Fault, Type, To, Count };
enum Fault : std::int64_t { None, Fcs, Error, Sfd, Lane, NoEnd };
}  // namespace arrive
namespace wait {
enum Place : std::size_t { Ns, Count };
}
namespace events {
enum Place : std::size_t { Queue, Flags, Offset, Count };
}
namespace moderate {
enum Place : std::size_t { Queue, Packets, Usecs, Count };
}
// Vectors by name: of the configuration, the receive and the transmit queue; behind them stands
// none of them.
inline constexpr std::int64_t kNamedVectors = 3;
namespace mask {
enum Place : std::size_t { Vector, On, Count };
}
namespace master {
enum Place : std::size_t { On, Count };
}
namespace refuse {
enum Place : std::size_t { After, Reads, Count };
}
namespace spoil {
enum Place : std::size_t { Queue, Table, Element, Field, Value, Count };
enum Field : std::int64_t { Flag, Length, Address, Id, Lap };
}  // namespace spoil
namespace scribble {
enum Place : std::size_t { Queue, Slot, Field, Value, Count };
}
namespace notify {
enum Place : std::size_t { Queue, Times, Count };
}
namespace poke {
enum Place : std::size_t { What, Value, Count };
enum What : std::int64_t {
  ReadAnywhere,
  DisableQueue,
  NoSize,
  HugeSize,
  MoveRing,
  FeaturesAgain,
  ReadOnly,
  NotifyWrongData,
  NotifyByte,
  NotifyNowhere,
  NoSuchQueue,
};
}  // namespace poke
// What stands between frames.
namespace line {
enum Place : std::size_t { Signal, Sets, Times, Silence, Cut, Count };
enum Signal : std::int64_t { Local, Remote, Both };
}  // namespace line
// MAC control frames.
namespace control {
enum Place : std::size_t { Opcode, Quanta, Step, Classes, To, Bytes, Count_, Gap, Fault, Count };
enum Opcode : std::int64_t { Pause, ClassPause, Unknown };
enum To : std::int64_t { ControlGroup, Station, Other, All };
}  // namespace control
namespace mac {
enum Place : std::size_t {
  ObeyPause,
  SendPause,
  ObeyClasses,
  SendClasses,
  Stops,
  Sends,
  Quanta,
  High,
  Low,
  Count
};
}

// Of the control queue.
namespace command {
enum Place : std::size_t { What, Value, More, Cut, Pieces, Room, Rooms, Layout, Count };
// What: a command by its place in layout::kControlCommands, or one that there is not.
inline constexpr std::int64_t kUnknown = layout::kControlCommands.size();
enum Layout : std::int64_t { InOrder, AnswerFirst, AnswerBetween, StrayBehind };
}  // namespace command

// Name and parameters of a kind.
struct KindOfAction {
  std::string_view name;
  std::string_view meaning;
  std::span<Parameter const> parameters;
};
KindOfAction const& describe(Kind kind);
std::optional<Kind> find_kind(std::string_view name);

inline constexpr std::size_t kMostParameters = 24;

struct Action {
  Kind kind = Kind::Wait;
  std::array<std::int64_t, kMostParameters> values{};

  std::int64_t operator[](std::size_t place) const { return values[place]; }
  std::int64_t& operator[](std::size_t place) { return values[place]; }
  bool operator==(Action const&) const = default;
};

// Every parameter at its simplest.
Action simplest(Kind kind);

struct Case {
  std::uint64_t seed = 0;  // of what is not an action: latencies, contents
  Action link = simplest(Kind::Link);
  std::vector<Action> actions;

  bool operator==(Case const&) const = default;
};

// One line: "send, bytes 1514, pieces 3".
std::string to_text(Action const& action);

}  // namespace ringside::testbench::fuzz
