// The reference NIC as a SystemC module: TLM-2.0 sockets towards the host, a wire, and time.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <systemc>
#include <utility>
#include <vector>

#include "interface/base/mac_address.hpp"
#include "interface/seam/wire.hpp"
#include "model/device/frame_counters.hpp"
#include "model/device/link_fault.hpp"
#include "model/device/mac_receiver.hpp"
#include "model/device/nic.hpp"
#include "model/systemc/dma_engine.hpp"

namespace ringside::model {

// Time passes where it does in hardware: while memory answers, while a frame is on the wire, until
// a timer runs out. The work itself takes none. The four kinds of work are a thread each, so that
// a read of one does not hold up the others, and so is the transmitting end of the wire.
class NicModel final : public sc_core::sc_module,
                       public WireReceiver,
                       private FrameSink,
                       private Clock {
 public:
  NicModel(sc_core::sc_module_name name, MacAddress mac);

  // Accesses to BAR 0: the address is the offset in it, 1 to 4 bytes, little endian. They take
  // effect at once and never wait: what they start is done by the threads.
  tlm_utils::simple_target_socket<NicModel> bar;
  // Where host memory is reached; see DmaEngine for what a target may expect.
  tlm_utils::simple_initiator_socket<DmaEngine>& dma() { return memory_.socket; }

  // To be called once, before the simulation starts.
  void connect(Wire& wire) { wire_ = &wire; }

  // From the wire; pieces may lie in the future. A frame counts as received when its end is there.
  void receive(FramePiece const& piece) override;
  void signal(LineChange const& change) override;
  // Told when a frame's first byte is on the wire; before the simulation starts.
  using StampListener = std::function<void(Way, TimePoint start)>;
  void on_time_stamp(StampListener listener) { on_stamp_ = std::move(listener); }

  // What PCI configuration space says, and whether there is light on the fibre.
  void set_msix(bool enable, bool function_mask);
  void set_bus_master(bool allowed);
  void set_link(bool up);

  Nic const& device() const { return nic_; }

 private:
  struct Arrival {
    TimePoint at;
    ReceivedFrame frame;
  };

  void send(Bytes frame) override;
  TimePoint now() const override;

  void access_bar(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void transmit_thread();
  void receive_thread();
  void control_thread();
  void interrupt_thread();
  void arrive();
  void wire_thread();
  void follow_line();
  void begin_frame(std::vector<std::uint8_t> const& frame);
  void show_line(LineSignal signal);
  void wake();

  DmaEngine memory_;
  Nic nic_;
  Wire* wire_ = nullptr;
  std::deque<std::vector<std::uint8_t>> frames_;  // to be sent
  std::size_t frames_bytes_ = 0;
  LineSignal line_sent_ = LineSignal::Idle;
  MacReceiver mac_;
  LinkFault link_;
  std::deque<LineChange> line_changes_;  // still to come, in order
  StampListener on_stamp_;
  std::deque<Arrival> arrivals_;  // ended on the wire at a time still to come, in order
  sc_core::sc_event arrival_;
  sc_core::sc_event line_;
  sc_core::sc_event room_;
  sc_core::sc_event wire_work_;
  sc_core::sc_event transmit_work_;
  sc_core::sc_event receive_work_;
  sc_core::sc_event control_work_;
  sc_core::sc_event interrupt_work_;
};

}  // namespace ringside::model
