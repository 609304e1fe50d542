// Transport checksums that a device takes over, as a host's sockets see it: nothing of it. What
// leaves is the same to the byte, whoever summed it.
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "stack/header/internet_checksum.hpp"
#include "stack/socket/udp_socket.hpp"
#include "tests/stack/socket/socket_hosts.hpp"

namespace ringside::stack {
namespace {

namespace asio = boost::asio;

class ChecksumOffload : public ::testing::Test, protected ConnectedHosts {
 protected:
  ChecksumOffload() { wire.keep_log = true; }

  void set_completes(bool completes) { left_device.completes = right_device.completes = completes; }

  std::string transfer(std::size_t size) {
    std::string sent(size, ' ');
    for (char& byte : sent) byte = static_cast<char>(random.next());
    std::string received(size, ' ');
    run([&] {
      asio::async_write(client, asio::buffer(sent), [](error_code failed, std::size_t) {
        EXPECT_FALSE(failed) << failed.message();
      });
      asio::async_read(server, asio::buffer(received), [](error_code failed, std::size_t) {
        EXPECT_FALSE(failed) << failed.message();
      });
    });
    EXPECT_EQ(received, sent);
    return sent;
  }

  std::string datagram(std::string const& text, Ipv4Address to) {
    UdpSocket from(left_context, left_udp);
    UdpSocket at(to == kLeft ? left_context : right_context, to == kLeft ? left_udp : right_udp);
    error_code error;
    at.bind({{}, 53}, error);
    EXPECT_FALSE(error);
    std::string received(2000, ' ');
    std::size_t size = 0;
    Endpoint source;
    run([&] {
      at.async_receive_from(asio::buffer(received), source,
                            [&](error_code, std::size_t count) { size = count; });
      from.async_send_to(asio::buffer(text), {to, 53}, [](error_code failed, std::size_t) {
        EXPECT_FALSE(failed) << failed.message();
      });
    });
    received.resize(size);
    return received;
  }

  // Every TCP segment and UDP datagram that has been on the wire has its checksum.
  std::size_t right_checksums() const {
    std::size_t found = 0;
    for (unsigned side : {0U, 1U}) {
      for (auto const& bytes : datagrams(side)) {
        auto const view = Ipv4View::of(bytes).value();
        Bytes const segment = view.payload();
        auto const sum = pseudo_header_checksum(view.header().source, view.header().destination,
                                                view.header().protocol,
                                                static_cast<std::uint32_t>(segment.size()))
                             .add(segment)
                             .sum();
        EXPECT_EQ(sum, 0xFFFF);
        ++found;
      }
    }
    return found;
  }
};

TEST_F(ChecksumOffload, LeavesSegmentsToADeviceThatCompletesThem) {
  set_completes(true);
  transfer(50'001);
  EXPECT_GE(left_device.completed, 35U);
  EXPECT_GE(right_device.completed, 1U) << "acknowledgements as well";
  EXPECT_EQ(right_checksums(), left_device.completed + right_device.completed);
}

TEST_F(ChecksumOffload, LeavesDatagramsOfEveryLengthToIt) {
  set_completes(true);
  for (std::size_t size = 0; size < 40; ++size) {
    std::string const text(size, static_cast<char>('a' + size));
    EXPECT_EQ(datagram(text, kRight), text);
  }
  EXPECT_EQ(left_device.completed, 40U);
  EXPECT_EQ(right_checksums(), 40U);
}

TEST_F(ChecksumOffload, SumsByItselfForADeviceThatDoesNot) {
  transfer(50'001);
  EXPECT_EQ(datagram("question", kRight), "question");
  EXPECT_EQ(left_device.completed, 0U);
  EXPECT_GE(right_checksums(), 36U);
}

TEST_F(ChecksumOffload, FollowsADeviceThatChanges) {
  for (bool completes : {true, false, true}) {
    unsigned const before = left_device.completed;
    set_completes(completes);
    transfer(5000);
    EXPECT_EQ(left_device.completed > before, completes);
  }
  EXPECT_GE(right_checksums(), 12U);
}

TEST_F(ChecksumOffload, LeavesNothingUndoneOnTheWayToOurselves) {
  set_completes(true);
  EXPECT_EQ(datagram("to myself", kLeft), "to myself");
  EXPECT_EQ(left_udp.statistics().in_checksum_errors, 0U);
  EXPECT_EQ(left_device.completed, 0U);
}

TEST_F(ChecksumOffload, BelievesADeviceThatHasVerifiedThem) {
  wire.fate = [](unsigned, std::uint64_t, std::vector<std::uint8_t>& frame) {
    std::size_t const checksum = 14 + 20 + (frame[23] == 17 ? 6 : 16);
    frame[checksum] ^= 0x55;
    return FrameFate{};
  };
  EXPECT_EQ(datagram("question", kRight), "") << "a wrong checksum, and nobody says otherwise";
  EXPECT_EQ(right_udp.statistics().in_checksum_errors, 1U);
  left_device.verifies = right_device.verifies = true;
  EXPECT_EQ(datagram("question", kRight), "question");
  transfer(100);
  EXPECT_EQ(right_udp.statistics().in_checksum_errors, 1U);
  EXPECT_EQ(right_tcp.counters().checksum_errors, 0U);
}

}  // namespace
}  // namespace ringside::stack
