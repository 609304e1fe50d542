// The reference NIC in the simulation: its TLM-2.0 sockets at the PCIe link.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>
#include <systemc>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "model/systemc/nic_model.hpp"
#include "testbench/bus/pcie_link.hpp"
#include "testbench/nic/nic.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

class ModelNic final : public sc_core::sc_module, public SimulatedNic, public PcieDevice {
 public:
  ModelNic(sc_core::sc_module_name name, Timeline& timeline, PcieLink& link, MacAddress mac);

  WireReceiver& receiver() override { return nic_; }
  void connect(Wire& wire) override { nic_.connect(wire); }
  void on_time_stamp(std::function<void(WireStamp const&)> listener) override;
  std::uint64_t cycles() const override { return 0; }
  std::uint64_t evaluated() const override { return 0; }

  void register_write(TimePoint at, std::uint32_t offset, unsigned size,
                      std::uint32_t value) override;
  void register_read(TimePoint at, std::uint32_t offset, unsigned size) override;
  void control(TimePoint at, PciControl control) override;
  void completion(TimePoint at, Completion const& completion) override;

 private:
  static constexpr unsigned kTags = 64;

  // A read on its way; the thread that made it waits for `done`.
  struct Read {
    std::uint8_t* into = nullptr;
    bool ok = true;
    sc_core::sc_event done;
  };

  void access_memory(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  bool read_memory(std::uint64_t address, std::uint8_t* into, unsigned size);
  void write_memory(std::uint64_t address, Bytes bytes);
  std::uint32_t access_register(tlm::tlm_command command, std::uint32_t offset, unsigned size,
                                std::uint32_t value);

  Timeline& timeline_;
  Origin origin_;
  PcieLink& link_;
  model::NicModel nic_;
  tlm_utils::simple_initiator_socket<ModelNic> registers_;
  tlm_utils::simple_target_socket<ModelNic> memory_;
  std::vector<Read> reads_;
  std::deque<std::uint32_t> free_tags_;
  sc_core::sc_event tag_freed_;
};

}  // namespace ringside::testbench
