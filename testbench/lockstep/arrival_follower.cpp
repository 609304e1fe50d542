#include "testbench/lockstep/arrival_follower.hpp"

#include <utility>

#include "model/device/mac_control.hpp"
#include "model/device/receive_port.hpp"

namespace ringside::testbench::lockstep {

std::optional<Arrival> ArrivalFollower::received(FramePiece const& piece) {
  if (piece.starts()) line_.starts(WireStamp::Direction::Received, piece.start);
  model::MacReceiver::Outcome outcome = mac_.receive(piece);
  if (outcome.broken) count_frame(piece.start, *outcome.broken);
  if (!outcome.ended) return std::nullopt;
  TimePoint const end = piece.start + kByteTime * static_cast<std::int64_t>(piece.bytes.size());
  count_frame(end, *outcome.ended);
  if (model::defect(*outcome.ended)) return std::nullopt;
  auto& bytes = outcome.ended->bytes;
  bytes.resize(bytes.size() - model::FrameCheckSequence::kBytes);
  if (auto const control = model::read_mac_control(bytes, station_)) {
    counters_.add(model::counter_of(*control), end);
    line_.ask(*control, end);
    return std::nullopt;
  }
  judge_.note(Side::Reference, end, Topic::Receive, "has received a frame of bytes", 0,
              bytes.size());
  return Arrival{end, std::move(bytes)};
}

void ArrivalFollower::count_frame(TimePoint end, model::ReceivedFrame const& frame) {
  model::count_received(frame, [&](CounterFollower::Counter counter, std::uint64_t amount) {
    counters_.add(counter, end, amount);
  });
}

}  // namespace ringside::testbench::lockstep
