#include "stack/network/ping.hpp"

#include <gtest/gtest.h>

#include "tests/stack/two_hosts.hpp"

namespace ringside::stack {
namespace {

using namespace std::chrono_literals;

class PingTest : public ::testing::Test, protected TwoHosts {
 protected:
  Result<std::uint16_t, NetworkError> ping(EchoRequest const& request) {
    return left.ping().send(request, [this](Result<EchoReply, EchoError> result) {
      results.push_back(std::move(result));
    });
  }
  std::vector<Result<EchoReply, EchoError>> results;
};

TEST_F(PingTest, IC11_ReportsTheRoundTripOfAnEcho) {
  left.arp().neighbours().set_permanent(kRight, kRightMac);
  right.arp().neighbours().set_permanent(kLeft, kLeftMac);
  ASSERT_TRUE(ping({kRight, 100}).has_value());
  EXPECT_TRUE(results.empty());
  executor.run_until_idle();
  ASSERT_EQ(results.size(), 1u);
  ASSERT_TRUE(results[0].has_value());
  EXPECT_EQ(results[0]->from, kRight);
  EXPECT_EQ(results[0]->size, 100);
  EXPECT_EQ(results[0]->sequence, 1);
  EXPECT_EQ(results[0]->time_to_live, 64);
  // Twice the wire: 1 us of delay, and 142 bytes with their preamble, FCS and gap.
  EXPECT_EQ(results[0]->round_trip, 2 * (Duration(1us) + kByteTime * (142 + 24)));
  EXPECT_TRUE(left_story.has(Layer::Icmp, "echo reply 1 from 10.9.0.2"));
  EXPECT_TRUE(right_story.has(Layer::Icmp, "echo request from 10.9.0.1, 100 bytes"));
  EXPECT_TRUE(executor.idle());
}

TEST_F(PingTest, ReachesItself) {
  ASSERT_TRUE(ping({kLeft}).has_value());
  ASSERT_TRUE(ping({Ipv4Address::of(127, 0, 0, 1)}).has_value());
  executor.run_until_idle();
  ASSERT_EQ(results.size(), 2u);
  EXPECT_TRUE(results[0].has_value());
  EXPECT_TRUE(results[1].has_value());
  EXPECT_TRUE(wire.log.empty());
}

TEST_F(PingTest, TimesOutWhenTheReplyIsLostAndIgnoresItWhenItIsLate) {
  wire.fate = [](unsigned from, std::uint64_t, std::vector<std::uint8_t>& frame) {
    bool const reply = from == 1 && frame[12] == 8 && frame[13] == 0;
    return FrameFate{1, reply ? Duration(2s) : Duration(0)};
  };
  ASSERT_TRUE(ping({kRight}).has_value());
  executor.run_for(1s);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].error(), EchoError::TimedOut);
  executor.run_until_idle();
  EXPECT_EQ(results.size(), 1u);
  EXPECT_EQ(left.ping().statistics().unexpected, 1u);
}

TEST_F(PingTest, FailsWhenTheNeighbourDoesNotAnswer) {
  EchoRequest request{kAbsent};
  request.timeout = 10s;
  TimePoint const start = executor.now();
  ASSERT_TRUE(ping(request).has_value());
  executor.run_until_idle();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].error(), EchoError::Unreachable);
  EXPECT_EQ(executor.now() - start, Duration(3s));
}

TEST_F(PingTest, CountsAReplyWithOtherData) {
  wire.fate = [](unsigned from, std::uint64_t, std::vector<std::uint8_t>& frame) {
    bool const reply = from == 1 && frame[12] == 8 && frame[13] == 0;
    if (reply) std::swap(frame[42], frame[44]);  // the checksum does not notice
    return FrameFate{};
  };
  ASSERT_TRUE(ping({kRight}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(left.ping().statistics().damaged, 1u);
  EXPECT_EQ(results.at(0).error(), EchoError::TimedOut);
}

TEST_F(PingTest, BelievesNoReplyFromAnotherHost) {
  wire.fate = [](unsigned from, std::uint64_t, std::vector<std::uint8_t>& frame) {
    bool const reply = from == 1 && frame[12] == 8 && frame[13] == 0;
    if (reply) {
      MutableBytes const header = MutableBytes(frame).subspan(EthernetHeader::kSize);
      Ipv4Header forged = Ipv4View::of(header)->header();
      forged.source = kAbsent;
      forged.emit(header);
    }
    return FrameFate{};
  };
  ASSERT_TRUE(ping({kRight}).has_value());
  executor.run_until_idle();
  EXPECT_EQ(left.ping().statistics().unexpected, 1u);
  EXPECT_EQ(results.at(0).error(), EchoError::TimedOut);
}

TEST_F(PingTest, RefusesWhatDoesNotFitAndTooManyAtOnce) {
  EXPECT_TRUE(ping({kRight, 1472}).has_value());
  EXPECT_EQ(ping({kRight, 1473}).error(), NetworkError::MessageTooLong);
  EXPECT_EQ(ping({kRight, 60000}).error(), NetworkError::MessageTooLong);
  for (std::size_t i = 1; i < Ping::kMaxOutstanding; ++i) ASSERT_TRUE(ping({kRight}).has_value());
  EXPECT_EQ(ping({kRight}).error(), NetworkError::NoBuffer);
  executor.run_until_idle();
  EXPECT_EQ(results.size(), Ping::kMaxOutstanding);
  EXPECT_EQ(left_device.pool().available(), left_device.pool().size());
}

TEST_F(PingTest, ManyAtOnceAreToldApart) {
  left.arp().neighbours().set_permanent(kRight, kRightMac);
  right.arp().neighbours().set_permanent(kLeft, kLeftMac);
  for (std::uint16_t size = 0; size < 50; ++size) ASSERT_TRUE(ping({kRight, size}).has_value());
  executor.run_until_idle();
  ASSERT_EQ(results.size(), 50u);
  for (std::uint16_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(results[i].has_value());
    EXPECT_EQ(results[i]->size, i);
  }
}

}  // namespace
}  // namespace ringside::stack
