// A small host memory that notes every access and refuses what a test tells it to.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include "model/device/host_memory.hpp"

namespace ringside::model {

class TestMemory final : public HostMemory {
 public:
  static constexpr std::uint64_t kSize = 1 << 20;

  struct Access {
    bool write;
    std::uint64_t address;
    std::size_t size;
  };

  Result<Done, MemoryError> read(std::uint64_t address, MutableBytes into) override {
    if (!note(false, address, into.size())) return MemoryError::Refused;
    std::memcpy(into.data(), &bytes[address], into.size());
    return Done{};
  }
  Result<Done, MemoryError> write(std::uint64_t address, Bytes from) override {
    if (!note(true, address, from.size())) return MemoryError::Refused;
    std::memcpy(&bytes[address], from.data(), from.size());
    return Done{};
  }

  template <class T>
  T load(std::uint64_t address) const {
    return load_le<T>(&bytes[address]);
  }
  template <class T>
  void store(std::uint64_t address, T value) {
    store_le<T>(&bytes[address], value);
  }
  std::vector<std::uint8_t> copy(std::uint64_t address, std::size_t size) const {
    return {bytes.begin() + static_cast<std::ptrdiff_t>(address),
            bytes.begin() + static_cast<std::ptrdiff_t>(address + size)};
  }

  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kSize);
  std::vector<Access> accesses;
  // Runs before an access takes effect, as if another CPU worked meanwhile.
  std::function<void(Access const&)> meanwhile;
  std::function<bool(Access const&)> refuse;

 private:
  bool note(bool write, std::uint64_t address, std::size_t size) {
    Access const access{write, address, size};
    accesses.push_back(access);
    if (meanwhile) meanwhile(access);
    if (refuse && refuse(access)) return false;
    return address < kSize && size <= kSize - address;
  }
};

}  // namespace ringside::model
