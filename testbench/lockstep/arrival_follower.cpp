#include "testbench/lockstep/arrival_follower.hpp"

#include <utility>

#include "model/device/receive_port.hpp"

namespace ringside::testbench::lockstep {

std::optional<Arrival> ArrivalFollower::received(FramePiece const& piece) {
  model::MacReceiver::Outcome outcome = mac_.receive(piece);
  if (outcome.broken) count_frame(piece.start, *outcome.broken);
  if (!outcome.ended) return std::nullopt;
  TimePoint const end = piece.start + kByteTime * static_cast<std::int64_t>(piece.bytes.size());
  count_frame(end, *outcome.ended);
  if (model::defect(*outcome.ended)) return std::nullopt;
  auto& bytes = outcome.ended->bytes;
  bytes.resize(bytes.size() - model::FrameCheckSequence::kBytes);
  judge_.note(Side::Reference, end, Topic::Receive, "has received a frame of bytes", 0,
              bytes.size());
  return Arrival{end, std::move(bytes)};
}

void ArrivalFollower::count_frame(TimePoint end, model::ReceivedFrame const& frame) {
  if (auto const counter = model::defect(frame)) {
    counters_.add(*counter, end);
    return;
  }
  counters_.add("rx_frames", end);
  counters_.add("rx_octets", end, frame.length);
}

}  // namespace ringside::testbench::lockstep
