// What ICMP, and our own knowledge of neighbours, does to connections: hints, and what is certain.
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

// `sequence` relative to the host's SYN.
void report(ScriptedPeer& peer, IcmpProblem problem, std::uint32_t sequence) {
  std::vector<std::uint8_t> quoted(8);
  store_be<std::uint16_t>(&quoted[0], peer.endpoint.local().port);
  store_be<std::uint16_t>(&quoted[2], ScriptedPeer::kPeerPort);
  store_be<std::uint32_t>(&quoted[4], peer.first_syn.header.sequence + sequence);
  peer.host.tcp.problem(problem, kClientAddress, kServerAddress, quoted, 0);
}

TEST(TcpIcmp, PortUnreachableRefusesAnAttempt) {
  ScriptedPeer peer;
  peer.start_active();
  report(peer, IcmpProblem::PortUnreachable, 1);
  EXPECT_EQ(peer.endpoint.state(), TcpState::SynSent) << "quotes what was never sent";
  report(peer, IcmpProblem::PortUnreachable, 0);
  EXPECT_EQ(peer.events.error, TcpError::ConnectionRefused);
}

TEST(TcpIcmp, M56_HostUnreachableIsOnlyRemembered) {
  ScriptedPeer peer;
  peer.start_active();
  report(peer, IcmpProblem::HostUnreachable, 0);
  EXPECT_EQ(peer.endpoint.state(), TcpState::SynSent);
  peer.pass(300s);
  EXPECT_EQ(peer.events.error, TcpError::HostUnreachable) << "the reason once it gives up";
}

TEST(TcpIcmp, ANeighbourThatDoesNotAnswerEndsAnAttempt) {
  ScriptedPeer peer;
  peer.start_active();
  report(peer, IcmpProblem::SilentNeighbour, 0);
  EXPECT_EQ(peer.events.error, TcpError::HostUnreachable);
}

TEST(TcpIcmp, NothingEndsAConnectionButSilence) {
  for (IcmpProblem const problem :
       {IcmpProblem::SilentNeighbour, IcmpProblem::HostUnreachable, IcmpProblem::NetUnreachable,
        IcmpProblem::PortUnreachable, IcmpProblem::ProtocolUnreachable, IcmpProblem::TimeExceeded,
        IcmpProblem::ParameterProblem}) {
    ScriptedPeer peer;
    peer.connect_active();
    ASSERT_TRUE(peer.endpoint.send(std::vector<std::uint8_t>(100)));
    report(peer, problem, 1);
    EXPECT_FALSE(peer.events.error);
    EXPECT_EQ(peer.endpoint.state(), TcpState::Established);
  }
}

TEST(TcpIcmp, AConnectionThatSilenceEndsTellsWhatItHeard) {
  ScriptedPeer peer;
  peer.connect_active();
  ASSERT_TRUE(peer.endpoint.send(std::vector<std::uint8_t>(100)));
  report(peer, IcmpProblem::SilentNeighbour, 1);
  peer.pass(2000s);
  EXPECT_EQ(peer.events.error, TcpError::HostUnreachable);
}

}  // namespace
}  // namespace ringside::stack
