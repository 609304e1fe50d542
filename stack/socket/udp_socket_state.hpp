// What outlives a move of a UdpSocket: the endpoint and the receive that waits for it.
#pragma once

#include <memory>
#include <vector>

#include "interface/base/bytes.hpp"
#include "stack/socket/buffers.hpp"
#include "stack/socket/operation.hpp"
#include "stack/transport/udp_endpoint.hpp"

namespace ringside::stack {

class UdpSocketState final : public std::enable_shared_from_this<UdpSocketState> {
 public:
  UdpSocketState(HostContext& context, UdpLayer& layer) : context_(context), endpoint_(layer) {}

  // Once, when a shared pointer owns this.
  void listen();

  HostContext::executor_type executor() const noexcept { return context_.get_executor(); }
  UdpEndpoint& endpoint() { return endpoint_; }

  void bind(Endpoint local, error_code& error);
  void connect(Endpoint remote, error_code& error);
  void receive(std::vector<MutableBytes> into, Endpoint* from,
               Operation<std::size_t>::Handler handler);
  void send(std::vector<Bytes> const& from, Endpoint to, Operation<std::size_t>::Handler handler);
  void cancel();
  void close();

 private:
  std::size_t receive_now(std::vector<MutableBytes> const& into, Endpoint* from, error_code& error);
  void wake();
  void try_again();

  HostContext& context_;
  UdpEndpoint endpoint_;
  bool waking_ = false;
  Operation<std::size_t> receive_;
  std::vector<MutableBytes> buffers_;
  Endpoint* from_ = nullptr;
};

}  // namespace ringside::stack
