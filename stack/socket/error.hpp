// Errors of the transports as Boost.Asio's users know them.
#pragma once

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>

#include "stack/transport/tcp/types.hpp"
#include "stack/transport/udp_endpoint.hpp"

namespace ringside::stack {

inline boost::system::error_code to_error_code(TcpError error) {
  namespace codes = boost::asio::error;
  switch (error) {
    case TcpError::WouldBlock:
      return codes::would_block;
    case TcpError::Eof:
      return codes::eof;
    case TcpError::NotConnected:
      return codes::not_connected;
    case TcpError::AlreadyConnected:
      return codes::already_connected;
    case TcpError::BrokenPipe:
      return codes::broken_pipe;
    case TcpError::ConnectionRefused:
      return codes::connection_refused;
    case TcpError::ConnectionReset:
      return codes::connection_reset;
    case TcpError::ConnectionAborted:
      return codes::connection_aborted;
    case TcpError::TimedOut:
      return codes::timed_out;
    case TcpError::HostUnreachable:
      return codes::host_unreachable;
    case TcpError::NetworkUnreachable:
      return codes::network_unreachable;
    case TcpError::AddressInUse:
      return codes::address_in_use;
    case TcpError::AddressNotAvailable:
      return boost::system::errc::make_error_code(boost::system::errc::address_not_available);
    case TcpError::InvalidArgument:
      return codes::invalid_argument;
  }
  return codes::fault;
}

inline boost::system::error_code to_error_code(UdpError error) {
  namespace codes = boost::asio::error;
  switch (error) {
    case UdpError::WouldBlock:
      return codes::would_block;
    case UdpError::InvalidArgument:
      return codes::invalid_argument;
    case UdpError::AddressInUse:
      return codes::address_in_use;
    case UdpError::NoAddress:
      return boost::system::errc::make_error_code(boost::system::errc::address_not_available);
    case UdpError::NotConnected:
      return codes::not_connected;
    case UdpError::MessageTooLong:
      return codes::message_size;
    case UdpError::NoBuffer:
      return codes::no_buffer_space;
    case UdpError::Forbidden:
      return codes::access_denied;
    case UdpError::NetUnreachable:
      return codes::network_unreachable;
    case UdpError::HostUnreachable:
      return codes::host_unreachable;
    case UdpError::Refused:
      return codes::connection_refused;
    case UdpError::Closed:
      return codes::bad_descriptor;
  }
  return codes::fault;
}

}  // namespace ringside::stack
