// What time alone brings: owed acknowledgements, the end of waiting, ICMP's second-hand news.
#include <algorithm>
#include <array>

#include "stack/transport/tcp/connection.hpp"
#include "stack/transport/tcp/layer.hpp"

namespace ringside::stack {
namespace {

constexpr std::uint32_t kIpAndTcpHeader = 40;
// No router has so small a link today; who says so wants to make us slow.
constexpr std::uint16_t kLeastPathMtu = 552;
// Guesses for routers that do not tell the size (RFC 1191 7.1).
constexpr std::array<std::uint16_t, 8> kPlateaus{65'535, 32'000, 17'914, 8'166,
                                                 4'352,  2'002,  1'492,  1'006};

std::uint16_t plateau_below(std::uint32_t mtu) {
  for (std::uint16_t const plateau : kPlateaus) {
    if (plateau < mtu) return plateau;
  }
  return kLeastPathMtu;
}

TcpError soft_error_of(IcmpProblem problem) {
  return problem == IcmpProblem::NetUnreachable ? TcpError::NetworkUnreachable
                                                : TcpError::HostUnreachable;
}

}  // namespace

void TcpConnection::on_delayed_ack() {
  if (ack_pending_) send_ack();
}

void TcpConnection::on_close_timer() {
  if (wants_story()) tell(std::string(to_string(state_)) + " is over");
  end(std::nullopt);
  deliver_events();
}

void TcpConnection::on_room() {
  if (!std::exchange(want_write_, false)) return;
  events_.writable = true;
  deliver_events();
}

void TcpConnection::give_up() {
  if (wants_story()) tell("gave up: nothing was acknowledged for too long");
  end(soft_error_.value_or(TcpError::TimedOut));
  deliver_events();
}

void TcpConnection::on_keep_alive() {
  TcpSettings const& settings = layer_.settings();
  Duration const silent = layer_.executor().now() - last_heard_;
  if (silent < settings.keep_alive_idle) {
    keep_alive_.start(settings.keep_alive_idle - silent);
    return;
  }
  if (unanswered_probes_ >= settings.keep_alive_probes) {
    send_reset();
    give_up();
    return;
  }
  keep_alive_.start(settings.keep_alive_interval);
  // With data out the retransmission timer already asks whether the peer is there.
  if (!sender_.nothing_in_flight()) return;
  ++unanswered_probes_;
  (void)emit({}, sender_.highest() - 1, kTcpAck, false);
}

void TcpConnection::on_problem(IcmpProblem problem, Sequence quoted, std::uint16_t next_hop_mtu) {
  // Anybody can write ICMP; only who saw the segment knows its number (RFC 5927 4.1).
  if (quoted < sender_.unacknowledged() || quoted >= sender_.highest()) return;
  bool const opening = state_ == TcpState::SynSent;
  switch (problem) {
    case IcmpProblem::FragmentationNeeded: {
      // The network layer remembers it for later connections too.
      layer_.network().path_mtu_is(remote_.address, next_hop_mtu);
      std::uint32_t const current = sender_.mss() + kIpAndTcpHeader;
      std::uint16_t const told = next_hop_mtu != 0 ? next_hop_mtu : plateau_below(current);
      std::uint16_t const mtu =
          std::min(std::max(told, kLeastPathMtu), layer_.network().mtu_towards(remote_.address));
      if (!opening) sender_.shrink_mss(std::max(mtu, kLeastPathMtu) - kIpAndTcpHeader);
      break;
    }
    case IcmpProblem::ProtocolUnreachable:
    case IcmpProblem::PortUnreachable:
      // For an established connection a hint like the others (RFC 5461).
      if (opening) end(TcpError::ConnectionRefused);
      break;
    case IcmpProblem::SilentNeighbour:
      // No hint from afar but our own knowledge: more SYNs would only ask the silent again.
      if (opening) {
        if (wants_story()) tell("gave up: no neighbour leads there");
        end(TcpError::HostUnreachable);
      } else {
        soft_error_ = TcpError::HostUnreachable;
      }
      break;
    default:
      soft_error_ = soft_error_of(problem);
  }
  deliver_events();
}

}  // namespace ringside::stack
