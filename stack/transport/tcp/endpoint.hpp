// One end of TCP as a socket layer holds it: a connection, a listener, or neither yet.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "interface/base/bytes.hpp"
#include "interface/base/result.hpp"
#include "stack/header/ipv4_address.hpp"
#include "stack/transport/tcp/types.hpp"

namespace ringside::stack {

class TcpConnection;
class TcpLayer;
class TcpListener;

// Movable; the layer must outlive it. No call blocks; waiting is for the observer. Destruction is
// close(). What close() leaves to be done (send the rest, FIN, TIME-WAIT) the layer does alone.
class TcpEndpoint {
 public:
  explicit TcpEndpoint(TcpLayer& layer) : layer_(&layer) {}
  TcpEndpoint(TcpLayer& layer, std::shared_ptr<TcpConnection> connection);
  TcpEndpoint(TcpEndpoint&& other) noexcept;
  TcpEndpoint& operator=(TcpEndpoint&& other) noexcept;
  ~TcpEndpoint() { close(); }

  // Before connect() or listen(). Unspecified address and port 0 leave the choice to TCP.
  Result<Done, TcpError> bind(Endpoint local);

  // Begins to connect; on_connected or on_error tells the rest. An error here ends the attempt.
  Result<Done, TcpError> connect(Endpoint remote);

  // At most `backlog` connections wait for accept(), the half open included; SYNs beyond are
  // dropped, so that their senders try again.
  Result<Done, TcpError> listen(unsigned backlog);
  std::optional<TcpEndpoint> accept();

  // The one who is told of changes; nullptr for nobody. Not owned. A move takes it along.
  void observe(TcpObserver* observer);

  // Copies what has arrived in order, at least 1 byte unless `into` is empty. Else WouldBlock, Eof
  // after all data of a peer that closed, or the error that ended the connection.
  Result<std::size_t, TcpError> receive(MutableBytes into);
  std::size_t available() const;

  // Copies what fits into the send buffer, at least 1 byte unless all `pieces` are empty. Else
  // WouldBlock. Segments are made when all of it is there: pieces do not show on the wire.
  Result<std::size_t, TcpError> send(std::span<Bytes const> pieces);
  Result<std::size_t, TcpError> send(Bytes data) { return send({&data, 1}); }
  std::size_t send_space() const;

  // Sends FIN behind what is buffered; receiving goes on.
  Result<Done, TcpError> shutdown_send();
  // Lets go: FIN behind what is buffered, or RST if data is unread. A listener resets who waits.
  // Afterwards the endpoint is as new.
  void close();
  // RST at once, what is buffered is forgotten (SO_LINGER with 0). Afterwards as new.
  void abort();

  void set_no_delay(bool no_delay);
  void set_keep_alive(bool keep_alive);
  void set_user_timeout(Duration timeout);

  bool no_delay() const { return no_delay_; }
  TcpState state() const;
  bool is_listening() const { return listener_ != nullptr; }
  Endpoint local() const;
  Endpoint remote() const;
  TcpInfo info() const;

 private:
  TcpLayer* layer_;
  Endpoint bound_;
  TcpObserver* observer_ = nullptr;
  bool no_delay_ = false;
  bool keep_alive_ = false;
  std::optional<Duration> user_timeout_;
  std::shared_ptr<TcpConnection> connection_;
  std::shared_ptr<TcpListener> listener_;
};

}  // namespace ringside::stack
