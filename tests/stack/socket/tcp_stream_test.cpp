// The contract of section 22 of the checklist: what Boost.Asio and Beast rely on.
#include "stack/socket/tcp_stream.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/stack/socket/socket_hosts.hpp"

namespace ringside::stack {
namespace {

namespace asio = boost::asio;

static_assert(boost::beast::is_async_stream<TcpStream>::value);
static_assert(asio::is_executor<HostContext::executor_type>::value ||
              asio::execution::is_executor<HostContext::executor_type>::value);

struct Outcome {
  std::optional<error_code> error;
  std::size_t size = 0;
  auto handler() {
    return [this](error_code failed, std::size_t count) {
      EXPECT_FALSE(error.has_value()) << "a handler ran twice";
      error = failed;
      size = count;
    };
  }
};

TEST(TcpStream, X01_CarriesBytesBothWays) {
  ConnectedHosts hosts;
  std::string const request = "how do you do";
  std::string received(request.size(), ' ');
  Outcome wrote;
  Outcome read;
  hosts.run([&] {
    asio::async_write(hosts.client, asio::buffer(request), wrote.handler());
    asio::async_read(hosts.server, asio::buffer(received), read.handler());
  });
  EXPECT_EQ(wrote.error, error_code());
  EXPECT_EQ(read.error, error_code());
  EXPECT_EQ(received, request);
}

TEST(TcpStream, X02_NeverRunsAHandlerInsideTheCall) {
  ConnectedHosts hosts;
  bool inside = false;
  hosts.run([&] {
    inside = true;
    hosts.client.async_write_some(asio::buffer("x", 1),
                                  [&](error_code, std::size_t) { EXPECT_FALSE(inside); });
    hosts.client.async_read_some(asio::mutable_buffer(),
                                 [&](error_code, std::size_t) { EXPECT_FALSE(inside); });
    inside = false;
  });
}

TEST(TcpStream, X03_GivesEofAfterAllDataOfAnOrderlyClose) {
  ConnectedHosts hosts;
  std::string buffer(100, ' ');
  Outcome data;
  Outcome end;
  hosts.run([&] {
    error_code error;
    hosts.client.write_some(asio::buffer("bye", 3), error);
    hosts.client.shutdown(TcpStream::shutdown_send, error);
    EXPECT_FALSE(error);
  });
  hosts.run([&] { hosts.server.async_read_some(asio::buffer(buffer), data.handler()); });
  EXPECT_EQ(data.size, 3u);
  hosts.run([&] { hosts.server.async_read_some(asio::buffer(buffer), end.handler()); });
  EXPECT_EQ(end.error, error_code(asio::error::eof));
  EXPECT_EQ(end.size, 0u);
}

TEST(TcpStream, X03_GivesConnectionResetForARst) {
  ConnectedHosts hosts;
  char byte;
  Outcome read;
  hosts.run([&] { hosts.server.async_read_some(asio::buffer(&byte, 1), read.handler()); });
  EXPECT_FALSE(read.error);
  hosts.run([&] { hosts.client.abort(); });
  EXPECT_EQ(read.error, error_code(asio::error::connection_reset));
}

TEST(TcpStream, X04_CompletesAnEmptyBufferAtOnce) {
  ConnectedHosts hosts;
  Outcome read;
  Outcome wrote;
  hosts.run([&] {
    hosts.server.async_read_some(asio::mutable_buffer(), read.handler());
    hosts.server.async_write_some(asio::const_buffer(), wrote.handler());
  });
  EXPECT_EQ(read.error, error_code());
  EXPECT_EQ(wrote.error, error_code());
  EXPECT_EQ(read.size + wrote.size, 0u);
}

TEST(TcpStream, X04_SendsASequenceOfBuffersAsOneSegment) {
  ConnectedHosts hosts;
  hosts.client.set_no_delay(true);
  std::array<asio::const_buffer, 4> const pieces{asio::buffer("GET ", 4), asio::const_buffer(),
                                                 asio::buffer("/", 1), asio::buffer(" H", 2)};
  std::string received(7, ' ');
  Outcome wrote;
  Outcome read;
  hosts.wire.keep_log = true;
  hosts.run([&] {
    hosts.client.async_write_some(pieces, wrote.handler());
    asio::async_read(hosts.server, asio::buffer(received), read.handler());
  });
  EXPECT_EQ(wrote.size, 7u);
  EXPECT_EQ(received, "GET / H");
  EXPECT_EQ(hosts.wire.log.size(), 2u) << "a segment and its acknowledgment";
}

TEST(TcpStream, X06_CloseAndCancelAbortWhatWaits) {
  ConnectedHosts hosts;
  char byte;
  Outcome cancelled;
  Outcome closed;
  hosts.run([&] { hosts.server.async_read_some(asio::buffer(&byte, 1), cancelled.handler()); });
  hosts.run([&] { hosts.server.cancel(); });
  EXPECT_EQ(cancelled.error, error_code(asio::error::operation_aborted));
  hosts.run([&] { hosts.server.async_read_some(asio::buffer(&byte, 1), closed.handler()); });
  hosts.run([&] { hosts.server.close(); });
  EXPECT_EQ(closed.error, error_code(asio::error::operation_aborted));
}

TEST(TcpStream, X06_DestructionLeavesNoHandlerDangling) {
  ConnectedHosts hosts;
  char byte;
  Outcome read;
  hosts.run([&] {
    TcpStream gone = std::move(hosts.server);
    gone.async_read_some(asio::buffer(&byte, 1), read.handler());
  });
  EXPECT_EQ(read.error, error_code(asio::error::operation_aborted));
}

TEST(TcpStream, X06_AContextThatGoesDestroysWhatWaitsWithoutCallingIt) {
  auto alive = std::make_shared<int>(0);
  std::weak_ptr<int> const watched = alive;
  {
    ConnectedHosts hosts;
    char byte;
    hosts.run([&] {
      hosts.server.async_read_some(
          asio::buffer(&byte, 1),
          [alive = std::move(alive)](error_code, std::size_t) { FAIL() << "was called"; });
    });
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
}

TEST(TcpStream, X07_HonoursTheHandlersCancellationSlot) {
  ConnectedHosts hosts;
  char byte;
  Outcome read;
  asio::cancellation_signal signal;
  hosts.run([&] {
    hosts.server.async_read_some(asio::buffer(&byte, 1),
                                 asio::bind_cancellation_slot(signal.slot(), read.handler()));
  });
  EXPECT_FALSE(read.error);
  hosts.run([&] { signal.emit(asio::cancellation_type::terminal); });
  EXPECT_EQ(read.error, error_code(asio::error::operation_aborted));
}

// Counts what goes through it.
struct CountingExecutor {
  HostContext::executor_type inner;
  int* count;

  template <class F>
  void execute(F&& f) const {
    ++*count;
    inner.execute(std::forward<F>(f));
  }
  HostContext& query(asio::execution::context_t) const noexcept { return inner.context(); }
  static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  CountingExecutor require(asio::execution::blocking_t::never_t) const noexcept { return *this; }
  bool operator==(CountingExecutor const&) const noexcept = default;
};

TEST(TcpStream, X07_RunsTheHandlerOnItsOwnExecutor) {
  ConnectedHosts hosts;
  int count = 0;
  Outcome wrote;
  hosts.run([&] {
    CountingExecutor const executor{hosts.left_context.get_executor(), &count};
    hosts.client.async_write_some(asio::buffer("x", 1),
                                  asio::bind_executor(executor, wrote.handler()));
  });
  EXPECT_EQ(wrote.error, error_code());
  EXPECT_EQ(count, 1);
}

TEST(TcpStream, X08_GoesOnReceivingAfterItsOwnEndOfSending) {
  ConnectedHosts hosts;
  std::string buffer(10, ' ');
  Outcome read;
  hosts.run([&] {
    error_code error;
    hosts.client.shutdown(TcpStream::shutdown_send, error);
  });
  hosts.run([&] {
    error_code error;
    hosts.server.write_some(asio::buffer("late", 4), error);
    EXPECT_FALSE(error);
    hosts.client.async_read_some(asio::buffer(buffer), read.handler());
  });
  EXPECT_EQ(read.size, 4u);
  error_code error;
  hosts.run([&] { hosts.client.write_some(asio::buffer("x", 1), error); });
  EXPECT_EQ(error, error_code(asio::error::broken_pipe));
}

TEST(TcpStream, X10_KeepsAReadAndAWriteWaitingAtOnce) {
  ConnectedHosts hosts;
  std::vector<char> const much(4'000'000, 'm');
  char byte;
  Outcome read;
  Outcome wrote;
  hosts.run([&] {
    hosts.client.async_read_some(asio::buffer(&byte, 1), read.handler());
    asio::async_write(hosts.client, asio::buffer(much), wrote.handler());
  });
  EXPECT_FALSE(read.error) << "nobody has sent anything";
  EXPECT_FALSE(wrote.error) << "nobody reads: the buffers are full";
  std::vector<char> received(much.size());
  Outcome drained;
  hosts.run(
      [&] {
        asio::async_read(hosts.server, asio::buffer(received), drained.handler());
        error_code error;
        hosts.server.write_some(asio::buffer("!", 1), error);
      },
      std::chrono::seconds{20});
  EXPECT_EQ(drained.size, much.size());
  EXPECT_EQ(received, much);
  EXPECT_EQ(wrote.error, error_code());
  EXPECT_EQ(read.size, 1u);
}

TEST(TcpStream, X11_SaysWhyItCanNotConnect) {
  SocketHosts hosts;
  TcpStream refused(hosts.left_context, hosts.left_tcp);
  std::optional<error_code> outcome;
  hosts.run([&] {
    refused.async_connect({SocketHosts::kRight, 9}, [&](error_code error) { outcome = error; });
  });
  EXPECT_EQ(outcome, error_code(asio::error::connection_refused));
}

TEST(TcpStream, X11_NonBlockingCallsSayWouldBlock) {
  ConnectedHosts hosts;
  char byte;
  error_code error;
  hosts.run([&] { EXPECT_EQ(hosts.server.read_some(asio::buffer(&byte, 1), error), 0u); });
  EXPECT_EQ(error, error_code(asio::error::would_block));
}

TEST(TcpStream, RunsCoroutines) {
  ConnectedHosts hosts;
  std::string echoed(5, ' ');
  auto const echo = [&]() -> asio::awaitable<void> {
    std::string buffer(5, ' ');
    co_await asio::async_read(hosts.server, asio::buffer(buffer), asio::use_awaitable);
    co_await asio::async_write(hosts.server, asio::buffer(buffer), asio::use_awaitable);
  };
  auto const ask = [&]() -> asio::awaitable<void> {
    co_await asio::async_write(hosts.client, asio::buffer("hello", 5), asio::use_awaitable);
    co_await asio::async_read(hosts.client, asio::buffer(echoed), asio::use_awaitable);
  };
  hosts.run([&] {
    asio::co_spawn(hosts.right_context.get_executor(), echo(), asio::detached);
    asio::co_spawn(hosts.left_context.get_executor(), ask(), asio::detached);
  });
  EXPECT_EQ(echoed, "hello");
}

}  // namespace
}  // namespace ringside::stack
