#include "testbench/lockstep/control_follower.hpp"

#include <algorithm>

#include "testbench/lockstep/burst.hpp"

namespace ringside::testbench::lockstep {

namespace {

constexpr std::uint64_t kChunkBytes = 64;

}  // namespace

void ControlFollower::start() {
  commands_.clear();
  current_ = 0;
  read_.reset();
  unsettled_ = false;
  data_errors_ = 0;
}

void ControlFollower::take(TimePoint at, std::deque<Element>& elements) {
  for (; !elements.empty(); elements.pop_front()) {
    Element const& element = elements.front();
    if (commands_.empty() || commands_.back().complete) commands_.emplace_back();
    Command& command = commands_.back();
    command.buffer.add(element.address, element.length, element.writable);
    if (!element.last) continue;
    command.complete = true;
    command.id = element.id;
    command.slots = element.slots;
    judge_.note(Side::Reference, at, Topic::Control, "knows a command of bytes", 0,
                command.buffer.command_bytes());
  }
  advance(at);
}

void ControlFollower::read_begun(TimePoint at, std::uint64_t address, std::uint32_t size,
                                 std::uint32_t tag) {
  judge_.note(Side::Rtl, at, Topic::Control, "reads command bytes at", address, size);
  std::string const what =
      "a read of command bytes at " + hex(address) + ", " + std::to_string(size) + "; reference: ";
  bool const any = current_ < commands_.size() && !read_ &&
                   commands_[current_].part < commands_[current_].buffer.command().size();
  if (!any) {
    judge_.differ(at, Topic::Control, what + "no command has any to read");
    return;
  }
  Command& command = commands_[current_];
  auto const& part = command.buffer.command()[command.part];
  std::uint64_t const next = part.address + command.offset;
  auto const bytes = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(part.length - command.offset, kChunkBytes - next % kChunkBytes));
  if (address != next || size != burst_size(next, bytes)) {
    judge_.differ(at, Topic::Control,
                  what + hex(next) + ", " + std::to_string(burst_size(next, bytes)));
    return;
  }
  read_ = Read{tag, command.bytes.size(), bytes};
  command.bytes.resize(command.bytes.size() + bytes);
  command.offset += bytes;
  if (command.offset == part.length) {
    ++command.part;
    command.offset = 0;
  }
}

void ControlFollower::read_beat(TimePoint at, std::uint32_t tag, Bytes bytes, bool ok, bool last) {
  if (!read_ || read_->tag != tag) return;
  Command& command = commands_[current_];
  std::size_t const count = std::min<std::size_t>(bytes.size(), read_->left);
  std::copy_n(bytes.begin(), count,
              command.bytes.begin() + static_cast<std::ptrdiff_t>(read_->offset));
  read_->offset += count;
  read_->left -= static_cast<std::uint32_t>(count);
  command.refused = command.refused || !ok;
  if (!last) return;
  read_.reset();
  advance(at);
}

// Bytes of the answer in the next burst: 0 if there is none.
std::uint32_t ControlFollower::next_write() const {
  if (current_ == commands_.size()) return 0;
  Command const& command = commands_[current_];
  if (!command.decided || command.done == command.answer.size()) return 0;
  auto const& place = command.buffer.room()[command.place];
  std::uint64_t const address = place.address + command.place_offset;
  std::uint64_t const room = std::min<std::uint64_t>(place.length - command.place_offset,
                                                     kBurstBytes - address % kBurstBytes);
  return static_cast<std::uint32_t>(std::min(room, command.answer.size() - command.done));
}

bool ControlFollower::claims(std::uint64_t address, std::size_t size) const {
  std::uint32_t const next = next_write();
  if (next == 0 || next != size) return false;
  Command const& command = commands_[current_];
  return address == command.buffer.room()[command.place].address + command.place_offset;
}

void ControlFollower::setting_written() {
  if (unsettled_) commands_[current_].settings_unsure = true;
}

std::string ControlFollower::written(TimePoint at, Bytes bytes) {
  Command& command = commands_[current_];
  auto const& place = command.buffer.room()[command.place];
  judge_.note(Side::Rtl, at, Topic::Control, "answers at", place.address, bytes.size());
  // The ack comes last.
  if (command.settings_unsure) {
    std::copy_n(bytes.begin(), std::min(bytes.size(), command.answer.size() - 1 - command.done),
                command.answer.begin() + static_cast<std::ptrdiff_t>(command.done));
  }
  auto const expected = Bytes(command.answer).subspan(command.done, bytes.size());
  command.done += bytes.size();
  command.place_offset += static_cast<std::uint32_t>(bytes.size());
  if (command.place_offset == place.length) {
    ++command.place;
    command.place_offset = 0;
  }
  ++command.answers_due;
  unsettled_ = false;
  if (std::equal(bytes.begin(), bytes.end(), expected.begin())) return {};
  return "an answer " + hex_bytes(bytes.data(), bytes.size()) +
         "; reference: " + hex_bytes(expected.data(), expected.size());
}

void ControlFollower::write_answered(TimePoint at, bool ok) {
  if (current_ == commands_.size() || commands_[current_].answers_due == 0) return;
  Command& command = commands_[current_];
  --command.answers_due;
  command.write_refused = command.write_refused || !ok;
  advance(at);
}

void ControlFollower::advance(TimePoint at) {
  for (; current_ < commands_.size(); ++current_) {
    Command& command = commands_[current_];
    if (!command.decided) {
      if (!command.read_to_end() || read_) return;
      command.decided = true;
      command.answer = model::carry_out(command.buffer, command.bytes, !command.refused, target_);
      unsettled_ = !command.answer.empty();
      judge_.note(Side::Reference, at, Topic::Control, "answers in bytes", 0,
                  command.answer.size());
    }
    if (!command.finished()) return;
    if (command.refused || command.write_refused) ++data_errors_;
  }
}

std::optional<model::Used> ControlFollower::next_used() const {
  if (commands_.empty() || !commands_.front().finished()) return std::nullopt;
  Command const& command = commands_.front();
  return model::Used{
      .id = command.id,
      .slots = command.slots,
      .length = command.write_refused ? 0 : static_cast<std::uint32_t>(command.answer.size())};
}

void ControlFollower::take_used() {
  commands_.pop_front();
  --current_;
}

}  // namespace ringside::testbench::lockstep
