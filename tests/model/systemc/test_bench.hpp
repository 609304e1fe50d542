// A host for NicModel: memory that answers after a time, a script that runs as a thread, and a wire
// whose frames are noted.
#pragma once

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstring>
#include <functional>
#include <map>
#include <systemc>
#include <vector>

#include "interface/layout/registers.hpp"
#include "model/systemc/nic_model.hpp"
#include "model/systemc/sim_time.hpp"

namespace ringside::model {

using sc_core::sc_time;
inline sc_time ns(double nanoseconds) { return sc_time(nanoseconds, sc_core::SC_NS); }

struct WireLog final : Wire {
  struct Frame {
    TimePoint start;
    std::vector<std::uint8_t> bytes;  // from the start character on
  };
  void send(FramePiece const& piece) override {
    EXPECT_TRUE(piece.first && piece.last);
    frames.push_back({piece.start, {piece.bytes.begin(), piece.bytes.end()}});
  }
  Duration delay() const override { return Duration{500'000}; }
  std::vector<Frame> frames;
};

class Bench final : public sc_core::sc_module {
 public:
  static constexpr std::uint32_t kSize = 1 << 20;
  static constexpr std::uint64_t kRings[] = {0x1000, 0x2000};
  static constexpr std::uint64_t kEvents = 0x3000;  // 8 bytes a queue
  static constexpr std::uint64_t kMessages = 0xFF000;
  static constexpr std::uint16_t kQueueSize = 256;
  // Every frame is wanted, whatever its address, and headers are short.
  static constexpr std::uint64_t kUnfiltered =
      layout::kFeaturesOffered & ~(layout::kFeatureCtrlRx | layout::kFeatureHashReport);

  explicit Bench(sc_core::sc_module_name name) : sc_module(name) {
    memory.register_b_transport(this, &Bench::access_memory);
    nic.dma().bind(memory);
    bar.bind(nic.bar);
    nic.connect(wire);
  }

  // Runs `script` as a thread and ends the simulation behind it.
  void run(std::function<void()> script) {
    sc_core::sc_spawn([script] {
      script();
      sc_core::sc_stop();
    });
    sc_core::sc_start();
  }

  void write(std::uint32_t offset, unsigned size, std::uint32_t value) {
    access_bar(tlm::TLM_WRITE_COMMAND, offset, size, value);
  }
  std::uint32_t read(std::uint32_t offset, unsigned size) {
    std::uint32_t value = 0;
    access_bar(tlm::TLM_READ_COMMAND, offset, size, value);
    return value;
  }
  tlm::tlm_response_status access_bar(tlm::tlm_command command, std::uint32_t offset, unsigned size,
                                      std::uint32_t& value) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(offset);
    payload.set_data_ptr(reinterpret_cast<std::uint8_t*>(&value));
    payload.set_data_length(size);
    payload.set_streaming_width(size);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_time delay = sc_core::SC_ZERO_TIME;
    TimePoint const before = present();
    bar->b_transport(payload, delay);
    EXPECT_EQ(present(), before);
    EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
    return payload.get_response_status();
  }

  static consteval std::uint32_t common(std::string_view name) {
    return layout::offset_of(layout::kCommonBlock, name);
  }
  std::uint32_t status() { return read(common("device_status"), 1); }
  void notify(std::uint16_t queue) { write(layout::kNotifyBlock.offset + 4 * queue, 2, queue); }

  // From power on to DRIVER_OK.
  void start() {
    nic.set_msix(true, false);
    nic.set_bus_master(true);
    for (std::uint32_t vector = 0; vector < layout::kNumVectors; ++vector) {
      std::uint32_t const entry = layout::kMsixTableBlock.offset + vector * layout::kMsixStride;
      write(entry, 4, static_cast<std::uint32_t>(kMessages + 4 * vector));
      write(entry + 8, 4, 0xABC0 + vector);
      write(entry + 12, 4, 0);
    }
    write(common("device_status"), 1, 3);
    for (std::uint32_t half : {0U, 1U}) {
      write(common("driver_feature_select"), 4, half);
      write(common("driver_feature"), 4, static_cast<std::uint32_t>(kUnfiltered >> (32 * half)));
    }
    write(common("device_status"), 1, 0x0B);
    for (std::uint32_t queue : {0U, 1U}) {
      write(common("queue_select"), 2, queue);
      write(common("queue_msix_vector"), 2, queue + 1);
      write(common("queue_desc"), 4, static_cast<std::uint32_t>(kRings[queue]));
      write(common("queue_driver"), 4, static_cast<std::uint32_t>(kEvents + 8 * queue));
      write(common("queue_device"), 4, static_cast<std::uint32_t>(kEvents + 8 * queue + 4));
      write(common("queue_enable"), 2, 1);
    }
    write(common("device_status"), 1, 0x0F);
    ASSERT_EQ(status(), 0x0FU);
  }

  void put(unsigned queue, unsigned slot, std::uint64_t addr, std::uint32_t len,
           std::uint16_t flags) {
    std::uint8_t* const at = &bytes[kRings[queue] + 16 * slot];
    store_le<std::uint64_t>(at, addr);
    store_le<std::uint32_t>(at + 8, len);
    store_le<std::uint16_t>(at + 12, static_cast<std::uint16_t>(slot));
    store_le<std::uint16_t>(at + 14, flags);
  }
  std::uint16_t flags(unsigned queue, unsigned slot) const {
    return load_le<std::uint16_t>(&bytes[kRings[queue] + 16 * slot + 14]);
  }
  std::uint32_t used_length(unsigned queue, unsigned slot) const {
    return load_le<std::uint32_t>(&bytes[kRings[queue] + 16 * slot + 8]);
  }

  static std::vector<std::uint8_t> frame(std::size_t size, std::uint8_t seed = 0) {
    std::vector<std::uint8_t> all(size);
    for (std::size_t i = 0; i < size; ++i) all[i] = static_cast<std::uint8_t>(seed + i);
    return all;
  }
  // Preamble, SFD, frame, FCS.
  static std::vector<std::uint8_t> on_the_wire(std::vector<std::uint8_t> const& frame) {
    constexpr std::size_t kPreamble = 8;
    std::vector<std::uint8_t> all(kPreamble + frame.size() + FrameCheckSequence::kBytes, 0x55);
    all[kPreamble - 1] = 0xD5;
    std::copy(frame.begin(), frame.end(), all.begin() + kPreamble);
    FrameCheckSequence fcs;
    fcs.add(frame);
    store_le<std::uint32_t>(&all[kPreamble + frame.size()], fcs.value());
    return all;
  }
  void put_packet(std::uint64_t address, std::vector<std::uint8_t> const& frame) {
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(address), 12, std::uint8_t{0});
    std::copy(frame.begin(), frame.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(address + 12));
  }

  struct Access {
    TimePoint when;  // it took effect
    bool write;
    std::uint64_t address;
    unsigned size;
    bool operator==(Access const&) const = default;
  };

  NicModel nic{"nic", MacAddress{{2, 0, 0, 0, 0, 1}}};
  tlm_utils::simple_target_socket<Bench> memory{"memory"};
  tlm_utils::simple_initiator_socket<Bench> bar{"bar"};
  WireLog wire;
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kSize);
  std::vector<Access> accesses;
  std::map<std::uint64_t, TimePoint> last_message;  // by vector
  std::uint64_t messages = 0;
  sc_core::sc_event message;
  sc_time read_latency = ns(600);
  sc_time write_latency = ns(300);

 private:
  void access_memory(tlm::tlm_generic_payload& payload, sc_time& /*delay*/) {
    std::uint64_t const address = payload.get_address();
    unsigned const size = payload.get_data_length();
    EXPECT_LE(size, 256U);
    EXPECT_EQ(address / 256, (address + size - 1) / 256);
    sc_core::wait(payload.is_write() ? write_latency : read_latency);
    accesses.push_back({present(), payload.is_write(), address, size});
    if (address >= kSize || size > kSize - address) {
      payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return;
    }
    if (payload.is_write()) {
      std::memcpy(&bytes[address], payload.get_data_ptr(), size);
    } else {
      std::memcpy(payload.get_data_ptr(), &bytes[address], size);
    }
    if (payload.is_write() && address >= kMessages) {
      last_message[(address - kMessages) / 4] = present();
      ++messages;
      message.notify(sc_core::SC_ZERO_TIME);
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

}  // namespace ringside::model
