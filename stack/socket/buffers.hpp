// Boost.Asio's buffer sequences as the spans that the transports take.
#pragma once

#include <boost/asio/buffer.hpp>
#include <vector>

#include "interface/base/bytes.hpp"

namespace ringside::stack {

template <class MutableBufferSequence>
std::vector<MutableBytes> gather_read(MutableBufferSequence const& buffers) {
  std::vector<MutableBytes> gathered;
  for (auto at = boost::asio::buffer_sequence_begin(buffers);
       at != boost::asio::buffer_sequence_end(buffers); ++at) {
    boost::asio::mutable_buffer const buffer = *at;
    gathered.emplace_back(static_cast<std::uint8_t*>(buffer.data()), buffer.size());
  }
  return gathered;
}

template <class ConstBufferSequence>
std::vector<Bytes> gather_write(ConstBufferSequence const& buffers) {
  std::vector<Bytes> gathered;
  for (auto at = boost::asio::buffer_sequence_begin(buffers);
       at != boost::asio::buffer_sequence_end(buffers); ++at) {
    boost::asio::const_buffer const buffer = *at;
    gathered.emplace_back(static_cast<std::uint8_t const*>(buffer.data()), buffer.size());
  }
  return gathered;
}

}  // namespace ringside::stack
