// A PCI function with the NIC's configuration space and plain registers behind BAR 0, for unit
// tests of the PCI transport. Tests bend the configuration space and script the registers.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <vector>

#include "interface/layout/pci.hpp"
#include "interface/seam/host_bus.hpp"
#include "tests/driver/fake_dma_memory.hpp"
#include "tests/driver/virtual_executor.hpp"

namespace ringside::test {

class FakePciFunction final : public HostBus {
 public:
  struct Access {
    std::uint32_t offset;
    unsigned size;
    std::uint32_t value;
  };

  explicit FakePciFunction(VirtualExecutor& executor) : executor_(executor) {
    config = layout::kPciConfiguration.value;
    bar.resize(layout::kBarSize);
    for (auto const& block : layout::kBlocks) {
      for (auto const& r : block.registers) {
        for (std::uint32_t i = 0; i < r.width / 8; ++i) {
          bar[block.offset + r.offset + i] = static_cast<std::uint8_t>(r.reset >> (8 * i));
        }
      }
    }
    std::array<std::uint8_t, 6> const mac{2, 0, 0, 0, 0, 0x77};
    std::copy(mac.begin(), mac.end(), bar.begin() + layout::kDeviceBlock.offset);
    features = layout::kFeaturesOffered;
  }

  std::uint32_t config_read(std::uint16_t offset, unsigned size) override {
    EXPECT_EQ(offset % size, 0U) << "configuration access not aligned";
    ++config_reads;
    if (absent || offset + size > config.size()) return ~0U >> (32 - 8 * size);
    return load(config.data() + offset, size);
  }
  void config_write(std::uint16_t offset, unsigned size, std::uint32_t value) override {
    for (unsigned i = 0; i < size; ++i) {
      std::uint8_t const mask = layout::kPciConfiguration.writable[offset + i];
      auto& byte = config[offset + i];
      byte = static_cast<std::uint8_t>((byte & ~mask) | ((value >> (8 * i)) & mask));
    }
  }
  std::uint32_t bar_read(unsigned number, std::uint32_t offset, unsigned size) override {
    check_access(number, offset, size);
    executor_.spend_time(read_time);
    if (on_read) on_read(offset);
    if (offset == kStatusAt && resets_pending > 0) {
      --resets_pending;
      return 0x0F;
    }
    if (offset == kFeatureAt) {
      return static_cast<std::uint32_t>(features >> (32 * load(&bar[kFeatureSelectAt], 4)));
    }
    return load(&bar[offset], size);
  }
  void bar_write(unsigned number, std::uint32_t offset, unsigned size,
                 std::uint32_t value) override {
    check_access(number, offset, size);
    writes.push_back({offset, size, value});
    if (offset == kStatusAt && value == 0) ++resets;
    if (offset == kStatusAt && refuse_features) value &= ~8U;
    bool const vector = offset == kConfigVectorAt || offset == kQueueVectorAt;
    if (vector && refused_vectors.contains(static_cast<std::uint16_t>(value))) value = 0xFFFF;
    for (unsigned i = 0; i < size; ++i) {
      bar[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
  }
  std::uint32_t bar_size(unsigned number) const override { return number == 0 ? bar_bytes : 0; }
  DmaMemory& memory() override { return memory_; }
  MsiMessage on_interrupt(std::uint16_t vector, std::function<void()> handler) override {
    handlers[vector] = std::move(handler);
    return {0xFEE0'0000'1000U + vector, 0x40U + vector};
  }

  void interrupt(std::uint16_t vector) {
    executor_.post(Context::Interrupt, [handler = handlers.at(vector)] { handler(); });
  }
  // The last value written at an offset; fails if there was none.
  std::uint32_t written(std::uint32_t offset) const {
    for (auto it = writes.rbegin(); it != writes.rend(); ++it) {
      if (it->offset == offset) return it->value;
    }
    ADD_FAILURE() << "nothing was written at " << offset;
    return 0;
  }
  // Offset in configuration space of the virtio capability of that type.
  std::uint16_t capability(std::uint8_t type) const {
    std::uint16_t at = config[0x34];
    while (at != 0 && (config[at] != 0x09 || config[at + 3] != type)) at = config[at + 1];
    EXPECT_NE(at, 0);
    return at;
  }
  void set_config32(std::uint32_t at, std::uint32_t value) { store_le(&config[at], value); }

  static constexpr std::uint32_t kStatusAt =
      layout::offset_of(layout::kCommonBlock, "device_status");
  static constexpr std::uint32_t kFeatureSelectAt =
      layout::offset_of(layout::kCommonBlock, "device_feature_select");
  static constexpr std::uint32_t kFeatureAt =
      layout::offset_of(layout::kCommonBlock, "device_feature");
  static constexpr std::uint32_t kConfigVectorAt =
      layout::offset_of(layout::kCommonBlock, "config_msix_vector");
  static constexpr std::uint32_t kQueueVectorAt =
      layout::offset_of(layout::kCommonBlock, "queue_msix_vector");

  std::array<std::uint8_t, 256> config;
  std::vector<std::uint8_t> bar;
  std::uint32_t bar_bytes = layout::kBarSize;
  std::uint64_t features = 0;
  Duration read_time = std::chrono::nanoseconds(800);
  bool absent = false;
  bool refuse_features = false;
  unsigned resets_pending = 0;  // status readings until a reset is over
  unsigned resets = 0;
  unsigned config_reads = 0;
  std::map<std::uint16_t, bool> refused_vectors;
  std::map<std::uint16_t, std::function<void()>> handlers;
  std::vector<Access> writes;
  std::function<void(std::uint32_t offset)> on_read;

 private:
  void check_access(unsigned number, std::uint32_t offset, unsigned size) {
    ASSERT_EQ(number, 0U);
    ASSERT_TRUE(size == 1 || size == 2 || size == 4);
    ASSERT_EQ(offset % size, 0U) << "BAR access not aligned";
    ASSERT_LE(offset + size, bar.size()) << "BAR access out of range";
  }
  static std::uint32_t load(std::uint8_t const* from, unsigned size) {
    std::uint32_t value = 0;
    std::memcpy(&value, from, size);
    return value;
  }

  VirtualExecutor& executor_;
  FakeDmaMemory memory_;
};

}  // namespace ringside::test
