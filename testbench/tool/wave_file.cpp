#include "testbench/tool/wave_file.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <system_error>

#include "interface/base/bytes.hpp"

namespace ringside::testbench {

namespace {

constexpr std::uint8_t kHeaderBlock = 0;
constexpr std::uint8_t kUnfinishedBlock = 255;
constexpr std::size_t kKindBytes = 1;
constexpr std::size_t kLengthBytes = 8;

}  // namespace

bool is_whole_waveform(std::filesystem::path const& path) {
  std::error_code error;
  std::uint64_t const size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file || size == 0) return false;
  std::uint64_t at = 0;
  while (at < size) {
    std::array<std::uint8_t, kKindBytes + kLengthBytes> head{};
    file.seekg(static_cast<std::streamoff>(at));
    if (!file.read(reinterpret_cast<char*>(head.data()), head.size())) return false;
    auto const length = load_be<std::uint64_t>(head.data() + kKindBytes);
    bool const starts_well = at != 0 || head[0] == kHeaderBlock;
    if (!starts_well || head[0] == kUnfinishedBlock || length < kLengthBytes) return false;
    if (length > size - at - kKindBytes) return false;
    at += kKindBytes + length;
  }
  return true;
}

}  // namespace ringside::testbench
