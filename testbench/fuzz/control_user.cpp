#include "testbench/fuzz/control_user.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "testbench/fuzz/command.hpp"
#include "testbench/fuzz/failure.hpp"

namespace ringside::testbench::fuzz {

namespace {

constexpr std::uint8_t kUntouched = 0xC5;
constexpr std::size_t kBehind = 16;  // an element that is written too far is noticed
constexpr std::size_t kStrayBytes = 4;
constexpr std::size_t kCoalescingAnswer = sizeof(layout::Coalescing) + 1;

}  // namespace

void ControlUser::begin(std::uint16_t size) {
  size_ = size;
  free_ = size;
  distrusted_ = false;
}

void ControlUser::end() {
  for (auto const& [id, command] : commands_) unmap(command);
  commands_.clear();
  size_ = 0;
}

void ControlUser::unmap(Command const& command) {
  for (Block const& block : command.blocks) {
    host_.memory.unmap(block.address, block.bytes.size());
  }
}

// An element of its own, somewhere in memory.
Descriptor ControlUser::add(Command& command, std::size_t size, std::uint16_t direction) {
  Block const& block = command.blocks.emplace_back(host_.allocate(size + kBehind));
  std::fill(block.bytes.begin(), block.bytes.end(), kUntouched);
  return {block.address, static_cast<std::uint32_t>(size), direction};
}

bool ControlUser::offer(Action const& action) {
  std::vector<std::uint8_t> const bytes = command_bytes(action);
  Command command;
  command.room = static_cast<std::size_t>(action[command::Room]);
  command.asks = bytes.size() >= 2 &&
                 load_be<std::uint16_t>(bytes.data()) == layout::control_command("coal_vq_get");
  auto const parts = [](std::size_t size, std::int64_t most) {
    std::size_t const count = std::min(size, static_cast<std::size_t>(most));
    std::vector<std::size_t> sizes;
    for (std::size_t i = 0; i < count; ++i) {
      sizes.push_back(size * (i + 1) / count - size * i / count);
    }
    return sizes;
  };
  auto const pieces = parts(bytes.size(), action[command::Pieces]);
  auto const rooms = parts(command.room, action[command::Rooms]);
  bool const stray = action[command::Layout] == command::StrayBehind;
  command.slots = static_cast<unsigned>(pieces.size() + rooms.size() + (stray ? 1 : 0));
  if (command.slots == 0 || command.slots > free_) return false;

  std::vector<Descriptor> chain;
  auto at = bytes.begin();
  for (std::size_t const size : pieces) {
    chain.push_back(add(command, size, 0));
    std::copy_n(at, size, command.blocks.back().bytes.begin());
    at += static_cast<std::ptrdiff_t>(size);
  }
  std::int64_t const order = action[command::Layout];
  std::size_t place = chain.size();
  if (order == command::AnswerFirst) place = 0;
  if (order == command::AnswerBetween) place = std::min<std::size_t>(1, place);
  if (stray) chain.push_back(add(command, kStrayBytes, 0));
  command.malformed = is_malformed(action) || (place != chain.size() && !rooms.empty());
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    Descriptor const element = add(command, rooms[i], layout::kDescriptorWrite);
    chain.insert(chain.begin() + static_cast<std::ptrdiff_t>(place + i), element);
    command.answer.push_back(command.blocks.back().bytes);
  }
  do {
    last_id_ = static_cast<std::uint16_t>((last_id_ + 1) % size_);
  } while (commands_.contains(last_id_));
  host_.control().offer(std::move(chain), last_id_);
  free_ -= command.slots;
  commands_.emplace(last_id_, std::move(command));
  return true;
}

void ControlUser::look(bool sure) {
  while (!distrusted_ && !commands_.empty()) {
    std::optional<Used> used;
    try {
      used = host_.control().take();
    } catch (std::out_of_range const&) {
      throw Failure("used", "an identifier that no command has comes back on the control queue");
    }
    if (!used) return;
    auto const found = commands_.find(used->id);
    if (found == commands_.end()) {
      throw Failure("used", "command " + std::to_string(used->id) + " comes back twice");
    }
    check(found->second, used->len, sure);
    free_ += found->second.slots;
    unmap(found->second);
    commands_.erase(found);
  }
}

// One byte, or those of a queue's moderation and one; none if there is no room or memory fails.
void ControlUser::check(Command const& command, std::uint32_t len, bool sure) const {
  std::vector<std::uint8_t> answer;
  for (MutableBytes const block : command.answer) {
    answer.insert(answer.end(), block.begin(), block.end() - kBehind);
    if (!std::all_of(block.end() - kBehind, block.end(),
                     [](std::uint8_t byte) { return byte == kUntouched; })) {
      throw Failure("memory", "an answer is written beyond its element");
    }
  }
  bool const none = command.room == 0 || !sure;
  bool const right = len == 1 || (len == kCoalescingAnswer && command.asks) || (len == 0 && none);
  if (!right || len > command.room) {
    throw Failure("answer", "a command is answered by " + std::to_string(len) +
                                " bytes, in room for " + std::to_string(command.room));
  }
  if (len == 0) return;
  std::uint8_t const ack = answer[len - 1];
  if (ack != layout::kControlOk && ack != layout::kControlErr) {
    throw Failure("answer", "a command is acknowledged by " + std::to_string(ack));
  }
  if (command.malformed && ack == layout::kControlOk) {
    throw Failure("answer", "a command that is malformed is carried out");
  }
}

}  // namespace ringside::testbench::fuzz
