#include "stack/transport/udp_endpoint.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "stack/transport/udp_layer.hpp"
#include "tests/stack/two_hosts.hpp"

namespace ringside::stack {
namespace {

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

class UdpTest : public ::testing::Test, protected TwoHosts {
 protected:
  UdpTest() {
    left.ipv4().register_protocol(kProtocolUdp, left_udp);
    right.ipv4().register_protocol(kProtocolUdp, right_udp);
    left.arp().neighbours().set_permanent(kRight, kRightMac);
    right.arp().neighbours().set_permanent(kLeft, kLeftMac);
  }
  // The text of the next datagram, or "error N".
  static std::string receive(UdpEndpoint& endpoint) {
    std::array<std::uint8_t, 2048> into;
    auto const received = endpoint.receive_from(into);
    if (!received) return "error " + std::to_string(static_cast<int>(received.error()));
    last = *received;
    return std::string(into.begin(), into.begin() + static_cast<std::ptrdiff_t>(received->size));
  }
  static inline UdpReceived last;

  UdpLayer left_udp{left.ipv4(), executor, left_story, random.stream("left udp")};
  UdpLayer right_udp{right.ipv4(), executor, right_story, random.stream("right udp")};
  UdpEndpoint client{left_udp};
  UdpEndpoint server{right_udp};
};

TEST_F(UdpTest, CarriesADatagramAndItsAnswer) {
  int readable = 0;
  server.on_readable([&] { ++readable; });
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  EXPECT_EQ(client.send_to(bytes_of("question"), {kRight, 53}).value(), 8u);
  executor.run_until_idle();
  EXPECT_EQ(readable, 1);
  EXPECT_EQ(server.available(), 8u);
  EXPECT_EQ(receive(server), "question");
  EXPECT_EQ(last.from, (Endpoint{kLeft, client.local().port}));
  EXPECT_EQ(last.to, kRight);
  EXPECT_EQ(last.time_to_live, 64);
  EXPECT_FALSE(last.truncated);
  EXPECT_TRUE(server.send_to(bytes_of("answer"), last.from).has_value());
  executor.run_until_idle();
  EXPECT_EQ(receive(client), "answer");
  EXPECT_EQ(client.receive_from(MutableBytes{}).error(), UdpError::WouldBlock);
  EXPECT_TRUE(left_story.has(Layer::Udp, "sends 8 bytes, 10.9.0.1:"));
  EXPECT_TRUE(right_story.has(Layer::Udp, "receives 8 bytes"));
}

TEST_F(UdpTest, CopiesOnceEachWayAndChargesForIt) {
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  ASSERT_TRUE(client.send_to(bytes_of("question"), {kRight, 53}).has_value());
  executor.run_until_idle();
  receive(server);
  EXPECT_EQ(left_udp.statistics().copies, 1u);
  EXPECT_EQ(right_udp.statistics().copies, 1u);
  EXPECT_EQ(executor.spent(Work::CopyByte), 16u);
}

TEST_F(UdpTest, GathersAndScatters) {
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  std::array const pieces{bytes_of("ab"), bytes_of(""), bytes_of("cdef")};
  EXPECT_EQ(client.send_to(pieces, {kRight, 53}).value(), 6u);
  executor.run_until_idle();
  std::array<std::uint8_t, 3> first{};
  std::array<std::uint8_t, 5> second{};
  std::array<MutableBytes, 2> const into{MutableBytes(first), MutableBytes(second)};
  EXPECT_EQ(server.receive_from(into)->size, 6u);
  EXPECT_EQ(std::string(first.begin(), first.end()), "abc");
  EXPECT_EQ(std::string(second.begin(), second.begin() + 3), "def");
}

TEST_F(UdpTest, U08_KeepsBoundariesTruncatesAndDeliversEmptyDatagrams) {
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  for (char const* const text : {"first", "", "third"}) {
    ASSERT_TRUE(client.send_to(bytes_of(text), {kRight, 53}).has_value());
  }
  executor.run_until_idle();
  std::array<std::uint8_t, 2> small{};
  auto const received = server.receive_from(small);
  EXPECT_EQ(received->size, 2u);
  EXPECT_TRUE(received->truncated);
  EXPECT_TRUE(server.readable());
  EXPECT_EQ(receive(server), "");
  EXPECT_EQ(receive(server), "third");
  EXPECT_FALSE(server.readable());
}

TEST_F(UdpTest, U03_DropsAWrongChecksumAndCountsIt) {
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  wire.fate = [](unsigned, std::uint64_t, std::vector<std::uint8_t>& frame) {
    frame[43] ^= 0x40;
    return FrameFate{};
  };
  ASSERT_TRUE(client.send_to(bytes_of("question"), {kRight, 53}).has_value());
  executor.run_until_idle();
  EXPECT_FALSE(server.readable());
  EXPECT_EQ(right_udp.statistics().in_checksum_errors, 1u);
  EXPECT_TRUE(datagrams(1).empty()) << "silently";
}

TEST_F(UdpTest, U04_U05_TellsAConnectedSenderThatNobodyListens) {
  ASSERT_TRUE(client.connect({kRight, 53}).has_value());
  int readable = 0;
  client.on_readable([&] { ++readable; });
  ASSERT_TRUE(client.send(bytes_of("anybody?")).has_value());
  executor.run_until_idle();
  EXPECT_EQ(right_udp.statistics().in_no_ports, 1u);
  EXPECT_EQ(readable, 1);
  EXPECT_TRUE(client.readable());
  EXPECT_EQ(client.receive_from(MutableBytes{}).error(), UdpError::Refused);
  EXPECT_EQ(client.receive_from(MutableBytes{}).error(), UdpError::WouldBlock) << "once";
  ASSERT_TRUE(client.send(bytes_of("again")).has_value());
  executor.run_until_idle();
  EXPECT_EQ(client.send(bytes_of("more")).error(), UdpError::Refused);
}

TEST_F(UdpTest, U05_TellsAnUnconnectedSenderOnlyIfItAsks) {
  ASSERT_TRUE(client.send_to(bytes_of("?"), {kRight, 53}).has_value());
  executor.run_until_idle();
  EXPECT_FALSE(client.readable());
  client.options().report_errors = true;
  ASSERT_TRUE(client.send_to(bytes_of("?"), {kRight, 53}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(client.receive_from(MutableBytes{}).error(), UdpError::Refused);
}

TEST_F(UdpTest, TellsAConnectedSenderThatTheHostIsAbsent) {
  ASSERT_TRUE(client.connect({kAbsent, 53}).has_value());
  ASSERT_TRUE(client.send(bytes_of("?")).has_value());
  executor.run_until_idle();
  EXPECT_EQ(client.receive_from(MutableBytes{}).error(), UdpError::HostUnreachable);
}

TEST_F(UdpTest, IgnoresAForgedErrorAboutAPortThatIsNotOpen) {
  std::array<std::uint8_t, 8> quoted{};
  store_be(&quoted[0], std::uint16_t{4711});
  store_be(&quoted[2], std::uint16_t{53});
  left_udp.problem(IcmpProblem::FragmentationNeeded, kLeft, kRight, quoted, 600);
  EXPECT_EQ(left_udp.statistics().problems_unmatched, 1u);
  EXPECT_EQ(left.ipv4().mtu_towards(kRight), 1500);
}

TEST_F(UdpTest, P01_LearnsThePathMtuFromAnErrorAboutItsOwnPort) {
  ASSERT_TRUE(client.connect({kRight, 53}).has_value());
  std::array<std::uint8_t, 8> quoted{};
  store_be(&quoted[0], client.local().port);
  store_be(&quoted[2], std::uint16_t{53});
  left_udp.problem(IcmpProblem::FragmentationNeeded, kLeft, kRight, quoted, 600);
  EXPECT_EQ(client.send(bytes_of("?")).error(), UdpError::MessageTooLong);
  EXPECT_EQ(client.send(bytes_of(std::string(573, 'x'))).error(), UdpError::MessageTooLong);
  EXPECT_TRUE(client.send(bytes_of(std::string(572, 'x'))).has_value());
}

TEST_F(UdpTest, U09_AConnectedEndpointHearsItsPeerOnly) {
  ASSERT_TRUE(server.bind({kRight, 53}).has_value());
  ASSERT_TRUE(server.connect({kLeft, 1000}).has_value());
  UdpEndpoint stranger(left_udp);
  ASSERT_TRUE(client.bind({{}, 1000}).has_value());
  ASSERT_TRUE(stranger.send_to(bytes_of("stranger"), {kRight, 53}).has_value());
  ASSERT_TRUE(client.send_to(bytes_of("friend"), {kRight, 53}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(receive(server), "friend");
  EXPECT_FALSE(server.readable());
  server.disconnect();
  EXPECT_EQ(server.local(), (Endpoint{kRight, 53}));
  ASSERT_TRUE(stranger.send_to(bytes_of("stranger"), {kRight, 53}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(receive(server), "stranger");
}

TEST_F(UdpTest, U09_ABroadcastReachesAllThatTakeAnyAddress) {
  UdpEndpoint bound(right_udp);
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  ASSERT_TRUE(bound.bind({kRight, 54}).has_value());
  Ipv4Address const everybody = Ipv4Address::of(10, 9, 0, 255);
  EXPECT_EQ(client.send_to(bytes_of("?"), {everybody, 53}).error(), UdpError::Forbidden);
  client.options().allow_broadcast = true;
  ASSERT_TRUE(client.send_to(bytes_of("all"), {everybody, 53}).has_value());
  ASSERT_TRUE(client.send_to(bytes_of("all"), {everybody, 54}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(receive(server), "all");
  EXPECT_EQ(last.to, everybody);
  EXPECT_FALSE(bound.readable());
  EXPECT_TRUE(datagrams(1).empty()) << "no error about a broadcast (IC-04)";
}

TEST_F(UdpTest, U10_BoundsItsQueueByTheMemoryItHolds) {
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  server.options().receive_limit_bytes = 10 * 2048 + 100;
  for (std::uint64_t round = 1; round <= 2; ++round) {  // what is received makes room again
    for (int i = 0; i < 15; ++i) {
      ASSERT_TRUE(client.send_to(bytes_of(std::to_string(i)), {kRight, 53}).has_value());
    }
    executor.run_until_idle();
    EXPECT_EQ(server.dropped(), 5 * round);
    EXPECT_EQ(right_udp.statistics().in_queue_full, 5 * round);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(receive(server), std::to_string(i));
    EXPECT_FALSE(server.readable());
  }
  EXPECT_EQ(right_device.pool().available(), right_device.pool().size());
}

TEST_F(UdpTest, QueuesOneDatagramWhileThePoolIsScarceAndNoneWhileItIsShort) {
  ASSERT_TRUE(server.bind({{}, 53}).has_value());
  right_device.pool().reserve = right_device.pool().size() * 3 / 2;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send_to(bytes_of(std::to_string(i)), {kRight, 53}).has_value());
  }
  executor.run_until_idle();
  EXPECT_EQ(server.dropped(), 2u);
  EXPECT_EQ(receive(server), "0");
  right_device.pool().reserve = right_device.pool().size() * 4;
  ASSERT_TRUE(client.send_to(bytes_of("3"), {kRight, 53}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(server.dropped(), 3u);
  EXPECT_FALSE(server.readable());
}

TEST_F(UdpTest, BindsWithinTheRules) {
  EXPECT_EQ(client.bind({kRight, 53}).error(), UdpError::NoAddress);
  ASSERT_TRUE(client.bind({{}, 53}).has_value());
  EXPECT_EQ(client.bind({{}, 54}).error(), UdpError::InvalidArgument);
  UdpEndpoint second(left_udp);
  EXPECT_EQ(second.bind({kLeft, 53}).error(), UdpError::AddressInUse);
  ASSERT_TRUE(second.bind({}).has_value());
  EXPECT_GE(second.local().port, UdpPortTable::kFirstEphemeral);
  client.close();
  UdpEndpoint third(left_udp);
  EXPECT_TRUE(third.bind({kLeft, 53}).has_value());
  EXPECT_EQ(left_udp.ports().size(), 2u);
}

TEST_F(UdpTest, ConnectsWithinTheRules) {
  EXPECT_EQ(client.send(bytes_of("?")).error(), UdpError::NotConnected);
  EXPECT_EQ(client.connect({kRight, 0}).error(), UdpError::InvalidArgument);
  EXPECT_EQ(client.connect({{}, 1}).error(), UdpError::InvalidArgument);
  ASSERT_TRUE(client.connect({kRight, 53}).has_value());
  EXPECT_EQ(client.local().address, kLeft);
  EXPECT_EQ(client.remote(), (Endpoint{kRight, 53}));
  client.disconnect();
  EXPECT_EQ(client.local().address, Ipv4Address{});
  EXPECT_FALSE(client.remote().has_value());
}

TEST_F(UdpTest, U11_RefusesWhatDoesNotFitTheMtu) {
  EXPECT_TRUE(client.send_to(bytes_of(std::string(1472, 'x')), {kRight, 53}).has_value());
  EXPECT_EQ(client.send_to(bytes_of(std::string(1473, 'x')), {kRight, 53}).error(),
            UdpError::MessageTooLong);
  client.options().dont_fragment = false;
  EXPECT_EQ(client.send_to(bytes_of(std::string(65508, 'x')), {kRight, 53}).error(),
            UdpError::MessageTooLong);
  EXPECT_EQ(client.send_to(Bytes{}, {kRight, 0}).error(), UdpError::InvalidArgument);
}

TEST_F(UdpTest, SurvivesAnEmptyPool) {
  std::vector<PacketBuffer> held;
  while (auto packet = left_device.pool().allocate(0)) held.push_back(std::move(packet));
  EXPECT_EQ(client.send_to(bytes_of("?"), {kRight, 53}).error(), UdpError::NoBuffer);
}

TEST_F(UdpTest, FailsAfterClose) {
  client.close();
  EXPECT_EQ(client.bind({}).error(), UdpError::Closed);
  EXPECT_EQ(client.send_to(Bytes{}, {kRight, 53}).error(), UdpError::Closed);
  EXPECT_EQ(client.receive_from(MutableBytes{}).error(), UdpError::Closed);
}

TEST_F(UdpTest, ReachesItselfOverLoopback) {
  UdpEndpoint local(left_udp);
  ASSERT_TRUE(local.bind({{}, 99}).has_value());
  ASSERT_TRUE(client.send_to(bytes_of("me"), {Ipv4Address::of(127, 0, 0, 1), 99}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(receive(local), "me");
  EXPECT_EQ(last.from.address, Ipv4Address::of(127, 0, 0, 1));
  EXPECT_TRUE(wire.log.empty());
}

TEST_F(UdpTest, AHandlerMayAnswerAtOnce) {
  ASSERT_TRUE(server.bind({{}, 7}).has_value());
  server.on_readable([&] {
    std::string const text = receive(server);
    EXPECT_TRUE(server.send_to(bytes_of(text), last.from).has_value());
  });
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(client.send_to(bytes_of(std::to_string(i)), {kRight, 7}).has_value());
  }
  executor.run_until_idle();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(receive(client), std::to_string(i));
}

}  // namespace
}  // namespace ringside::stack
