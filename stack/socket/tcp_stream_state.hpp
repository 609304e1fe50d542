// What outlives a move of a TcpStream: the endpoint and the operations that wait for it.
#pragma once

#include <boost/asio/socket_base.hpp>
#include <memory>
#include <vector>

#include "interface/base/bytes.hpp"
#include "stack/socket/buffers.hpp"
#include "stack/socket/operation.hpp"
#include "stack/transport/tcp/endpoint.hpp"

namespace ringside::stack {

class TcpStreamState final : public TcpObserver,
                             public std::enable_shared_from_this<TcpStreamState> {
 public:
  using ReadBuffers = std::vector<MutableBytes>;
  using WriteBuffers = std::vector<Bytes>;

  static std::shared_ptr<TcpStreamState> make(HostContext& context, TcpEndpoint endpoint) {
    auto state = std::shared_ptr<TcpStreamState>(new TcpStreamState(context, std::move(endpoint)));
    state->endpoint_.observe(state.get());
    return state;
  }
  ~TcpStreamState() override { endpoint_.observe(nullptr); }

  HostContext::executor_type executor() const noexcept { return context_.get_executor(); }
  TcpEndpoint& endpoint() { return endpoint_; }

  void connect(Endpoint remote, Operation<>::Handler handler);
  void read(ReadBuffers into, Operation<std::size_t>::Handler handler);
  void write(WriteBuffers from, Operation<std::size_t>::Handler handler);
  std::size_t read_now(ReadBuffers const& into, error_code& error);
  std::size_t write_now(WriteBuffers const& from, error_code& error);
  void shutdown(boost::asio::socket_base::shutdown_type what, error_code& error);
  void cancel();
  void close();
  void abort();

 private:
  TcpStreamState(HostContext& context, TcpEndpoint endpoint)
      : context_(context), endpoint_(std::move(endpoint)) {}

  void on_connected() override;
  void on_readable() override { wake(); }
  void on_writable() override { wake(); }
  void on_error(TcpError error) override;

  void wake();
  void try_again();
  template <class Member>
  auto canceller(Member operation);

  HostContext& context_;
  TcpEndpoint endpoint_;
  bool waking_ = false;

  Operation<> connect_;
  Operation<std::size_t> read_;
  Operation<std::size_t> write_;
  ReadBuffers read_buffers_;
  WriteBuffers write_buffers_;
};

}  // namespace ringside::stack
