// What TCP tells those who watch: few short lines, in the words of the specification.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stack/transport/tcp/scripted_peer.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(TcpStory, TellsAnActiveConnectionFromSynToFin) {
  ScriptedPeer peer;
  peer.host.story.listening = true;
  peer.connect_active();
  peer.deliver({.flags = kTcpFin | kTcpAck});
  ASSERT_TRUE(peer.endpoint.shutdown_send());
  EXPECT_THAT(peer.host.story.lines,
              ElementsAre("10.0.0.2:4321 SYN sent, MSS 1460, window scale 8",
                          "10.0.0.2:4321 SYN/ACK received",
                          "10.0.0.2:4321 established, MSS 1000, window 65535",
                          "10.0.0.2:4321 FIN received: the peer has sent all it had",
                          "10.0.0.2:4321 FIN sent"));
}

TEST(TcpStory, TellsWhyItRetransmits) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.host.story.listening = true;
  ASSERT_TRUE(peer.endpoint.send(zeros(10'000)));
  for (int i = 0; i < 3; ++i) peer.deliver({.ack = 1});
  peer.deliver({.ack = 2001});
  peer.pass(1s);
  ASSERT_GE(peer.host.story.lines.size(), 3u);
  EXPECT_THAT(peer.host.story.lines[0], HasSubstr("retransmits byte 0: three duplicate ACKs"));
  EXPECT_THAT(peer.host.story.lines[1], HasSubstr("retransmits byte 2000: partial ACK"));
  EXPECT_THAT(peer.host.story.lines[2], HasSubstr("retransmits byte 2000: timeout"));
}

TEST(TcpStory, TellsOfClosedWindowsAndResets) {
  ScriptedPeer peer;
  peer.connect_active();
  peer.host.story.listening = true;
  peer.deliver({.window = 0});
  ASSERT_TRUE(peer.endpoint.send(zeros(10)));
  peer.pass(300ms);
  peer.deliver({.flags = kTcpRst});
  peer.deliver({.flags = kTcpAck});
  EXPECT_THAT(peer.host.story.lines,
              ElementsAre(HasSubstr("keeps its window closed: probing"), HasSubstr("RST received"),
                          HasSubstr("where no connection is: RST sent")));
}

TEST(TcpStory, SaysNothingThatNobodyReads) {
  ScriptedPeer peer;
  peer.connect_active();
  EXPECT_TRUE(peer.host.story.lines.empty());
}

}  // namespace
}  // namespace ringside::stack
