// A buffer in host memory, in as many pieces as an action says, mapped as one.
#pragma once

#include <cstdint>
#include <vector>

#include "testbench/fuzz/case.hpp"
#include "testbench/hand/hand_host.hpp"

namespace ringside::testbench::fuzz {

class Buffer {
 public:
  // What a byte holds that nobody has written.
  static constexpr std::uint8_t kUntouched = 0xC5;
  // Bytes of an odd element that is not empty.
  static constexpr std::size_t kOddBytes = 32;

  // Lays out `size` bytes as an offer::... action says, for a device that writes or one that reads,
  // and maps them.
  Buffer(HandHost& host, Action const& action, std::size_t size, bool receives);

  // The descriptors of its elements, an odd one included.
  std::vector<Descriptor> const& chain() const { return chain_; }
  bool crosses_page() const { return crosses_page_; }

  // The bytes in order, without odd elements.
  void fill(Bytes contents);
  std::vector<std::uint8_t> read(std::size_t count) const;
  // Whether everything behind the first `count` bytes, and between the pieces, is as it was laid
  // out.
  bool untouched_behind(std::size_t count) const;

  void unmap(HandHost& host);

 private:
  struct Piece {
    std::size_t offset;
    std::size_t size;
  };
  static constexpr std::size_t kPage = 4096;

  Block block_;
  std::vector<Piece> pieces_;
  std::vector<Descriptor> chain_;
  bool crosses_page_ = false;
};

}  // namespace ringside::testbench::fuzz
