#include "stack/transport/udp_endpoint.hpp"

#include <algorithm>
#include <utility>

#include "stack/transport/udp_layer.hpp"

namespace ringside::stack {

Result<Done, UdpError> UdpEndpoint::bind(Endpoint local) {
  if (!open_) return UdpError::Closed;
  if (local_.port != 0) return UdpError::InvalidArgument;
  bool const any = local.address.is_unspecified();
  if (!any && !layer_.network_.is_local(local.address)) return UdpError::NoAddress;
  if (local.port == 0) {
    auto const port = layer_.ports_.pick_ephemeral(local.address, layer_.random_);
    if (!port) return UdpError::NoAddress;
    local.port = *port;
  } else if (!layer_.ports_.is_free(local)) {
    return UdpError::AddressInUse;
  }
  if (!layer_.ports_.add({local, std::nullopt, this})) return UdpError::NoBuffer;
  local_ = local;
  fixed_address_ = !any;
  return Done{};
}

Result<Done, UdpError> UdpEndpoint::connect(Endpoint remote) {
  if (!open_) return UdpError::Closed;
  if (remote.port == 0 || remote.address.is_unspecified()) return UdpError::InvalidArgument;
  if (layer_.network_.is_broadcast(remote.address) && !options_.allow_broadcast) {
    return UdpError::Forbidden;
  }
  disconnect();
  auto const source = source_towards(remote);
  if (!source) return source.error();
  if (local_.port == 0) {
    if (auto const bound = bind({}); !bound) return bound.error();
  }
  local_.address = *source;
  remote_ = remote;
  layer_.ports_.update({local_, remote_, this});
  return Done{};
}

void UdpEndpoint::disconnect() {
  if (!remote_) return;
  remote_.reset();
  pending_error_.reset();
  if (!fixed_address_) local_.address = {};
  layer_.ports_.update({local_, std::nullopt, this});
}

void UdpEndpoint::close() {
  if (!open_) return;
  open_ = false;
  if (local_.port != 0) layer_.ports_.remove(local_.port, this);
  queue_.clear();
  queued_bytes_ = 0;
  pending_error_.reset();
}

Result<UdpReceived, UdpError> UdpEndpoint::receive_from(std::span<MutableBytes const> pieces) {
  if (!open_) return UdpError::Closed;
  if (auto const error = take_pending_error()) return *error;
  if (queue_.empty()) return UdpError::WouldBlock;
  Datagram datagram = std::move(queue_.front());
  queue_.pop_front();
  queued_bytes_ -= datagram.packet.block().size;
  Bytes rest = std::as_const(datagram.packet).bytes();
  UdpReceived received;
  for (MutableBytes const piece : pieces) {
    std::size_t const count = std::min(piece.size(), rest.size());
    std::copy_n(rest.begin(), count, piece.begin());
    rest = rest.subspan(count);
    received.size += count;
  }
  layer_.count_copy(received.size);
  received.truncated = !rest.empty();
  received.from = datagram.from;
  received.to = datagram.to;
  received.time_to_live = datagram.time_to_live;
  received.traffic_class = datagram.traffic_class;
  return received;
}

Result<std::size_t, UdpError> UdpEndpoint::send_to(std::span<Bytes const> pieces, Endpoint to) {
  if (!open_) return UdpError::Closed;
  if (auto const error = take_pending_error()) return *error;
  if (to.port == 0 || to.address.is_unspecified()) return UdpError::InvalidArgument;
  if (local_.port == 0) {
    if (auto const bound = bind({}); !bound) return bound.error();
  }
  auto const source = source_towards(to);
  if (!source) return source.error();
  std::size_t size = 0;
  for (Bytes const piece : pieces) size += piece.size();
  auto const sent = layer_.transmit(pieces, size, {*source, local_.port}, to, options_);
  if (!sent) return sent.error();
  return size;
}

Result<std::size_t, UdpError> UdpEndpoint::send(std::span<Bytes const> pieces) {
  if (!open_) return UdpError::Closed;
  if (!remote_) return UdpError::NotConnected;
  return send_to(pieces, *remote_);
}

bool UdpEndpoint::deliver(Datagram datagram) {
  std::size_t const charge = datagram.packet.block().size;
  bool const full = queued_bytes_ + charge > options_.receive_limit_bytes;
  if (full || !may_keep(datagram.packet.supply(), !queue_.empty())) {
    ++dropped_;
    return false;
  }
  queued_bytes_ += charge;
  queue_.push_back(std::move(datagram));
  if (on_readable_) on_readable_();
  return true;
}

void UdpEndpoint::report(UdpError error) {
  pending_error_ = error;
  if (on_readable_) on_readable_();
}

std::optional<UdpError> UdpEndpoint::take_pending_error() {
  return std::exchange(pending_error_, std::nullopt);
}

Result<Ipv4Address, UdpError> UdpEndpoint::source_towards(Endpoint to) const {
  if (!local_.address.is_unspecified()) return local_.address;
  auto const source = layer_.network_.source_for(to.address);
  if (!source) return UdpError::NetUnreachable;
  return *source;
}

}  // namespace ringside::stack
