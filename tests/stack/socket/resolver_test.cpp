#include "stack/socket/resolver.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "stack/header/dns_message.hpp"
#include "stack/socket/udp_socket.hpp"
#include "tests/stack/socket/socket_hosts.hpp"

namespace ringside::stack {
namespace {

namespace codes = boost::asio::error;

constexpr Ipv4Address kAnswer = Ipv4Address::of(10, 9, 0, 80);

// The right host answers questions by whatever a test says.
struct NameHosts : SocketHosts {
  NameHosts() {
    EXPECT_TRUE(server.bind({{}, 53}));
    server.on_readable([this] { serve(); });
  }
  void serve() {
    std::uint8_t buffer[512];
    while (auto const got = server.receive_from(MutableBytes(buffer))) {
      ++questions;
      auto const query = decode_dns(Bytes(buffer).first(got->size));
      ASSERT_TRUE(query);
      DnsMessage reply = DnsMessage::reply_to(*query);
      if (!respond || !respond(reply)) continue;
      auto const bytes = encode_dns(reply, 512);
      ASSERT_TRUE(server.send_to(Bytes(*bytes), got->from));
    }
  }
  void ask(std::string name, Duration duration = std::chrono::seconds{1}) {
    outcome.reset();
    addresses.clear();
    run(
        [&] {
          resolver.async_resolve(std::move(name), [this](error_code error, AddressList found) {
            outcome = error;
            addresses = std::move(found);
          });
        },
        duration);
  }
  static void add_address(DnsMessage& reply, std::uint32_t ttl_s = 300) {
    reply.answers.push_back({reply.questions[0].name, DnsType::A, DnsClass::In, ttl_s, kAnswer});
  }

  UdpEndpoint server{right_udp};
  std::function<bool(DnsMessage&)> respond;  // false: say nothing
  int questions = 0;
  Resolver resolver{left_context, left_udp, left_story, Random(1), kRight};
  std::optional<error_code> outcome;
  AddressList addresses;
};

TEST(Resolver, FindsAnAddress) {
  NameHosts hosts;
  hosts.respond = [](DnsMessage& reply) {
    NameHosts::add_address(reply);
    return true;
  };
  hosts.ask("www.example.test");
  EXPECT_EQ(hosts.outcome, error_code());
  EXPECT_EQ(hosts.addresses, AddressList{kAnswer});
}

TEST(Resolver, D10_AnswersFromItsCacheUntilTheTimeToLiveIsOver) {
  NameHosts hosts;
  hosts.respond = [](DnsMessage& reply) {
    NameHosts::add_address(reply, 10);
    return true;
  };
  hosts.ask("www.example.test");
  hosts.ask("WWW.EXAMPLE.TEST");
  EXPECT_EQ(hosts.questions, 1);
  EXPECT_EQ(hosts.resolver.cache_hits(), 1u);
  hosts.executor.run_for(std::chrono::seconds{10});
  hosts.ask("www.example.test");
  EXPECT_EQ(hosts.questions, 2);
}

TEST(Resolver, D10_DoesNotCacheATimeToLiveOfZero) {
  NameHosts hosts;
  hosts.respond = [](DnsMessage& reply) {
    NameHosts::add_address(reply, 0);
    return true;
  };
  hosts.ask("www.example.test");
  hosts.ask("www.example.test");
  EXPECT_EQ(hosts.questions, 2);
}

TEST(Resolver, D09_FollowsAliasesButNotInACircle) {
  NameHosts hosts;
  DnsName const real = *DnsName::parse("real.example.test");
  hosts.respond = [&](DnsMessage& reply) {
    DnsName const asked = reply.questions[0].name;
    reply.answers.push_back({asked, DnsType::Cname, DnsClass::In, 60, real});
    if (asked == *DnsName::parse("circle.example.test")) {
      reply.answers.push_back({real, DnsType::Cname, DnsClass::In, 60, asked});
    } else {
      reply.answers.push_back({real, DnsType::A, DnsClass::In, 60, kAnswer});
    }
    return true;
  };
  hosts.ask("alias.example.test");
  EXPECT_EQ(hosts.addresses, AddressList{kAnswer});
  hosts.ask("circle.example.test");
  EXPECT_EQ(hosts.outcome, error_code(codes::no_data));
}

TEST(Resolver, D11_TellsNoSuchNameFromNoAddress) {
  NameHosts hosts;
  hosts.respond = [](DnsMessage& reply) {
    reply.header.rcode = DnsRcode::NameError;
    return true;
  };
  hosts.ask("no.example.test");
  EXPECT_EQ(hosts.outcome, error_code(codes::host_not_found));
  hosts.respond = [](DnsMessage&) { return true; };
  hosts.ask("empty.example.test");
  EXPECT_EQ(hosts.outcome, error_code(codes::no_data));
}

TEST(Resolver, D12_AsksAgainWithBackoffAndGivesUp) {
  NameHosts hosts;
  hosts.ask("www.example.test", std::chrono::seconds{6});
  EXPECT_EQ(hosts.questions, 3);
  EXPECT_FALSE(hosts.outcome);
  hosts.executor.run_for(std::chrono::seconds{2});
  EXPECT_EQ(hosts.outcome, error_code(codes::host_not_found_try_again));
  EXPECT_TRUE(hosts.executor.idle());
}

TEST(Resolver, D06_IgnoresAnAnswerToAnotherQuestion) {
  NameHosts hosts;
  hosts.respond = [](DnsMessage& reply) {
    NameHosts::add_address(reply);
    reply.header.id ^= 1;
    return true;
  };
  hosts.ask("www.example.test", std::chrono::seconds{10});
  EXPECT_EQ(hosts.resolver.ignored(), 3u);
  EXPECT_EQ(hosts.outcome, error_code(codes::host_not_found_try_again));
}

TEST(Resolver, RefusesWhatIsNoName) {
  NameHosts hosts;
  hosts.ask("");
  EXPECT_EQ(hosts.outcome, error_code(codes::invalid_argument));
  hosts.ask("a..b");
  EXPECT_EQ(hosts.outcome, error_code(codes::invalid_argument));
  EXPECT_EQ(hosts.questions, 0);
}

TEST(UdpSocket, CarriesDatagramsAndSaysWhenOneWasCut) {
  SocketHosts hosts;
  UdpSocket left(hosts.left_context, hosts.left_udp);
  UdpSocket right(hosts.right_context, hosts.right_udp);
  error_code error;
  right.bind({{}, 7}, error);
  ASSERT_FALSE(error);
  char buffer[4];
  Endpoint from;
  std::optional<error_code> outcome;
  std::size_t size = 0;
  auto const take = [&](error_code failed, std::size_t count) {
    outcome = failed;
    size = count;
  };
  hosts.run([&] { right.async_receive_from(boost::asio::buffer(buffer), from, take); });
  EXPECT_FALSE(outcome);
  hosts.run([&] {
    left.async_send_to(boost::asio::buffer("abc", 3), {SocketHosts::kRight, 7},
                       [](error_code failed, std::size_t count) {
                         EXPECT_FALSE(failed);
                         EXPECT_EQ(count, 3u);
                       });
  });
  EXPECT_EQ(outcome, error_code());
  EXPECT_EQ(size, 3u);
  EXPECT_EQ(from.address, SocketHosts::kLeft);
  hosts.run([&] {
    left.async_send_to(boost::asio::buffer("abcdef", 6), {SocketHosts::kRight, 7},
                       [](error_code, std::size_t) {});
    right.async_receive_from(boost::asio::buffer(buffer), from, take);
  });
  EXPECT_EQ(outcome, error_code(codes::message_size));
  EXPECT_EQ(size, 4u);
}

TEST(UdpSocket, CloseAbortsTheReceiveThatWaits) {
  SocketHosts hosts;
  UdpSocket socket(hosts.left_context, hosts.left_udp);
  char buffer[4];
  Endpoint from;
  std::optional<error_code> outcome;
  hosts.run([&] {
    socket.async_receive_from(boost::asio::buffer(buffer), from,
                              [&](error_code error, std::size_t) { outcome = error; });
  });
  hosts.run([&] { socket.close(); });
  EXPECT_EQ(outcome, error_code(codes::operation_aborted));
}

}  // namespace
}  // namespace ringside::stack
