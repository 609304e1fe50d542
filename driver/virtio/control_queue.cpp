#include "driver/virtio/control_queue.hpp"

#include <algorithm>
#include <array>

#include "interface/layout/control.hpp"

namespace ringside::driver {

namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::uint16_t kElements = 2;  // the command and the answer
constexpr std::uint16_t kDescriptors = kElements * ControlQueue::kCommands;
constexpr std::uint8_t kNoAck = 0xFF;  // neither of the two

}  // namespace

ControlQueue::ControlQueue(HostServices const& host, std::function<void(char const*)> broken)
    : host_(host),
      broken_(std::move(broken)),
      ring_(host.memory, kDescriptors, kElements),
      memory_(host.memory.allocate(std::size_t{kCommands} * kPlaceBytes, kAlignment)),
      waiting_(kDescriptors),
      poll_(host.executor, Context::Softirq, [this] { poll(); }) {}

Result<Done, DmaError> ControlQueue::start(std::uint16_t queue, RingOptions options) {
  if (memory_.empty()) return DmaError::OutOfSpace;
  queue_ = queue;
  auto mapping = DmaMapping::create(host_.memory, memory_, DmaDirection::Both);
  if (!mapping) return mapping.error();
  mapping_ = std::move(*mapping);
  options.size = std::min(options.size, kDescriptors);
  if (auto started = ring_.start(options); !started) return started;
  ring_.disable_interrupts();
  free_places_.clear();
  for (std::uint32_t i = 0; i < kCommands; ++i) free_places_.push_back(i);
  return Done{};
}

void ControlQueue::leave_live() {
  live_ = false;
  poll_.cancel();
  for (Waiting& waiting : waiting_) {
    if (waiting.handler) end(waiting, ControlError::Lost);
  }
}

void ControlQueue::release() {
  leave_live();
  ring_.stop();
  mapping_.release();
}

Result<Done, ControlError> ControlQueue::send(std::uint16_t command,
                                              std::span<std::uint8_t const> data,
                                              std::uint32_t answer_bytes, ControlHandler handler) {
  assert(handler);
  if (!live_) return ControlError::Unavailable;
  std::size_t const size = layout::kControlHeadBytes + data.size();
  if (size > kCommandBytes || answer_bytes > kMostAnswerBytes) return ControlError::TooLong;
  if (free_places_.empty()) return ControlError::Busy;
  std::uint32_t const index = free_places_.back();
  MutableBytes const bytes = place(index);
  store_be<std::uint16_t>(bytes.data(), command);
  std::copy(data.begin(), data.end(), bytes.begin() + layout::kControlHeadBytes);
  std::fill(bytes.begin() + kCommandBytes, bytes.end(), kNoAck);
  std::uint64_t const address = mapping_.address() + std::uint64_t{index} * kPlaceBytes;
  std::array const elements{
      RingElement{address, static_cast<std::uint32_t>(size), false},
      RingElement{address + kCommandBytes, answer_bytes + 1, true},
  };
  auto const id = ring_.add(elements);
  if (!id) return id.error() == AddError::Full ? ControlError::Busy : ControlError::Unavailable;
  free_places_.pop_back();
  waiting_[*id] = {std::move(handler), index, answer_bytes, host_.executor.now()};
  if (ring_.notification_due()) host_.transport.notify(queue_);
  poll_.schedule(kPollInterval);
  return Done{};
}

void ControlQueue::poll() {
  if (!live_) return;
  while (auto const used = ring_.take_used()) finish(*used);
  if (ring_.broken()) {
    broken_("the control ring is broken");
  } else if (overdue()) {
    broken_("a control command is not answered");
  } else if (ring_.outstanding() > 0) {
    poll_.schedule(kPollInterval);
  }
}

// The length and the ack are the device's claims. What it does not say it has written counts as
// not written, and no more is looked at than was made writable.
void ControlQueue::finish(UsedBuffer const& used) {
  Waiting waiting = std::move(waiting_[used.id]);
  waiting_[used.id] = {};
  free_places_.push_back(waiting.place);
  MutableBytes const answer = place(waiting.place).subspan(kCommandBytes);
  bool const ok =
      used.length >= waiting.answer_bytes + 1 && answer[waiting.answer_bytes] == layout::kControlOk;
  if (!ok) return end(waiting, ControlError::Refused);
  end(waiting, ControlAnswer(answer.begin(),
                             answer.begin() + static_cast<std::ptrdiff_t>(waiting.answer_bytes)));
}

// Handlers never run inside a call of their owner's, nor of ours: they may end us.
void ControlQueue::end(Waiting& waiting, ControlOutcome outcome) {
  host_.executor.post(Context::Softirq,
                      [handler = std::move(waiting.handler),
                       outcome = std::move(outcome)]() mutable { handler(std::move(outcome)); });
  waiting = {};
}

bool ControlQueue::overdue() const {
  TimePoint const now = host_.executor.now();
  return std::any_of(waiting_.begin(), waiting_.end(), [&](Waiting const& waiting) {
    return waiting.handler && now - waiting.since >= kTimeout;
  });
}

}  // namespace ringside::driver
