#include "testbench/fuzz/buffer.hpp"

#include <algorithm>

namespace ringside::testbench::fuzz {

namespace {

// Between pieces, so that one that is read or written too far is noticed.
constexpr std::size_t gap_behind(std::size_t piece) { return 16 + piece * 13 % 48; }

}  // namespace

Buffer::Buffer(HandHost& host, Action const& action, std::size_t size, bool receives) {
  auto const count = static_cast<std::size_t>(action[offer::Pieces]);
  auto const align = static_cast<std::size_t>(action[offer::Align]);
  std::size_t end = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t const bytes = size * (i + 1) / count - size * i / count;
    if (bytes == 0 && !(size == 0 && i == 0)) continue;
    pieces_.push_back({end, bytes});
    end += bytes + gap_behind(i);
  }
  MutableBytes const page = host.memory.allocate(align + end + kOddBytes, kPage);
  block_.bytes = page.subspan(align, end + kOddBytes);
  block_.address = host.memory.map(block_.bytes, DmaDirection::Both).value();
  std::fill(block_.bytes.begin(), block_.bytes.end(), kUntouched);
  std::uint16_t const direction = receives ? layout::kDescriptorWrite : 0;
  for (Piece const& piece : pieces_) {
    std::uint64_t const address = block_.address + piece.offset;
    chain_.push_back({address, static_cast<std::uint32_t>(piece.size), direction});
    crosses_page_ = crosses_page_ || (address % kPage) + piece.size > kPage;
  }
  // In a chain what is readable comes first, so an odd one of either direction has its place.
  Descriptor odd{block_.address + end, kOddBytes, direction};
  if (action[offer::Odd] == offer::EmptyElement) {
    odd.len = 0;
    chain_.insert(chain_.begin() + static_cast<std::ptrdiff_t>(chain_.size() / 2), odd);
  } else if (action[offer::Odd] == offer::WrongDirection) {
    odd.flags ^= layout::kDescriptorWrite;
    chain_.insert(receives ? chain_.begin() : chain_.end(), odd);
  }
}

void Buffer::fill(Bytes contents) {
  for (Piece const& piece : pieces_) {
    std::copy_n(contents.begin(), piece.size,
                block_.bytes.begin() + static_cast<std::ptrdiff_t>(piece.offset));
    contents = contents.subspan(piece.size);
  }
}

std::vector<std::uint8_t> Buffer::read(std::size_t count) const {
  std::vector<std::uint8_t> contents;
  for (Piece const& piece : pieces_) {
    std::size_t const part = std::min(piece.size, count - contents.size());
    Bytes const bytes = Bytes(block_.bytes).subspan(piece.offset, part);
    contents.insert(contents.end(), bytes.begin(), bytes.end());
  }
  return contents;
}

bool Buffer::untouched_behind(std::size_t count) const {
  std::size_t at = 0;
  auto const untouched = [this](std::size_t from, std::size_t to) {
    return std::all_of(block_.bytes.begin() + static_cast<std::ptrdiff_t>(from),
                       block_.bytes.begin() + static_cast<std::ptrdiff_t>(to),
                       [](std::uint8_t byte) { return byte == kUntouched; });
  };
  for (Piece const& piece : pieces_) {
    std::size_t const part = std::min(piece.size, count);
    if (!untouched(at, piece.offset)) return false;
    at = piece.offset + part;
    count -= part;
  }
  return untouched(at, block_.bytes.size());
}

void Buffer::unmap(HandHost& host) { host.memory.unmap(block_.address, block_.bytes.size()); }

}  // namespace ringside::testbench::fuzz
