// The structures in host memory, as C++ and as RTL see the same bytes.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstring>

#include "Vlayout_probe.h"
#include "interface/base/random.hpp"
#include "interface/layout/virtio.hpp"

namespace ringside::testbench {
namespace {

constexpr std::uint64_t kSeed = 0x4C61'796F;
constexpr int kRounds = 200;

template <class Struct>
Struct random_struct(Random& random) {
  std::array<std::uint8_t, sizeof(Struct)> bytes;
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  return std::bit_cast<Struct>(bytes);
}

class LayoutProbe : public testing::Test {
 protected:
  ~LayoutProbe() override { probe.final(); }

  VerilatedContext context;
  Vlayout_probe probe{&context};
  Random random{kSeed};
  testing::ScopedTrace seed{__FILE__, __LINE__, kSeed};
};

TEST_F(LayoutProbe, SeesThePackedDescriptorAsTheDriverWritesIt) {
  for (int i = 0; i < kRounds; ++i) {
    auto const descriptor = random_struct<layout::PackedDescriptor>(random);
    std::memcpy(probe.descriptor_i.m_storage, &descriptor, sizeof descriptor);
    probe.eval();
    ASSERT_EQ(probe.descriptor_addr_o, descriptor.addr);
    ASSERT_EQ(probe.descriptor_len_o, descriptor.len);
    ASSERT_EQ(probe.descriptor_id_o, descriptor.id);
    ASSERT_EQ(probe.descriptor_flags_o, descriptor.flags);
  }
}

TEST_F(LayoutProbe, SeesEventSuppressionAsTheDriverWritesIt) {
  for (int i = 0; i < kRounds; ++i) {
    auto const event = random_struct<layout::EventSuppression>(random);
    std::memcpy(&probe.event_i, &event, sizeof event);
    probe.eval();
    ASSERT_EQ(probe.event_off_o | probe.event_wrap_o << 15, event.off_wrap);
    ASSERT_EQ(probe.event_flags_o | probe.event_reserved_o << 2, event.flags);
  }
}

TEST_F(LayoutProbe, SeesTheNetworkHeaderAsTheDriverWritesIt) {
  for (int i = 0; i < kRounds; ++i) {
    auto const header = random_struct<layout::NetHeader>(random);
    std::memcpy(probe.header_i.m_storage, &header, sizeof header);
    probe.eval();
    ASSERT_EQ(probe.header_flags_o, header.flags);
    ASSERT_EQ(probe.header_gso_type_o, header.gso_type);
    ASSERT_EQ(probe.header_hdr_len_o, header.hdr_len);
    ASSERT_EQ(probe.header_gso_size_o, header.gso_size);
    ASSERT_EQ(probe.header_csum_start_o, header.csum_start);
    ASSERT_EQ(probe.header_csum_offset_o, header.csum_offset);
    ASSERT_EQ(probe.header_num_buffers_o, header.num_buffers);
  }
}

}  // namespace
}  // namespace ringside::testbench
