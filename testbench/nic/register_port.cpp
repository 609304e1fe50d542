#include "testbench/nic/register_port.hpp"

namespace ringside::testbench {

void RegisterPort::begin(Cycle cycle) {
  Access const& access = accesses_.front();
  std::uint32_t const lane = access.offset % 4;
  switch (access.kind) {
    case Kind::Control:
      pins_.msix_enable_i = access.control.msix_enable;
      pins_.msix_mask_i = access.control.msix_mask;
      pins_.bus_master_i = access.control.bus_master;
      if (observer_ != nullptr) observer_->controlled(time_of(cycle), access.control);
      accesses_.pop_front();
      return;
    case Kind::Write:
      pins_.s_axil_awaddr_i = static_cast<std::uint16_t>(access.offset - lane);
      pins_.s_axil_wdata_i = access.value << (8 * lane);
      pins_.s_axil_wstrb_i = static_cast<std::uint8_t>(((1U << access.size) - 1) << lane);
      pins_.s_axil_awvalid_i = 1;
      pins_.s_axil_wvalid_i = 1;
      phase_ = Phase::Write;
      return;
    case Kind::Read:
      pins_.s_axil_araddr_i = static_cast<std::uint16_t>(access.offset - lane);
      pins_.s_axil_arvalid_i = 1;
      phase_ = Phase::Read;
      return;
  }
}

// Called before each clock edge: lowers what the last edge took, begins the next access when none
// is under way, then notes what this edge will take.
void RegisterPort::advance(Cycle cycle) {
  if (taken_.aw) pins_.s_axil_awvalid_i = 0;
  if (taken_.w) pins_.s_axil_wvalid_i = 0;
  if (taken_.ar) pins_.s_axil_arvalid_i = 0;
  if (phase_ == Phase::Idle) begin(cycle);
  taken_ = {pins_.s_axil_awvalid_i && pins_.s_axil_awready_o,
            pins_.s_axil_wvalid_i && pins_.s_axil_wready_o,
            pins_.s_axil_arvalid_i && pins_.s_axil_arready_o};
  if (phase_ == Phase::Write && pins_.s_axil_bvalid_o) {
    finish_write(cycle);
    phase_ = Phase::Idle;
  } else if (phase_ == Phase::Read && pins_.s_axil_rvalid_o) {
    finish_read(cycle);
    phase_ = Phase::Idle;
  }
}

void RegisterPort::finish_write(Cycle cycle) {
  Access const& access = accesses_.front();
  if (observer_ != nullptr) {
    observer_->register_written(time_of(cycle), access.offset, access.size, access.value);
  }
  accesses_.pop_front();
}

void RegisterPort::finish_read(Cycle cycle) {
  Access const& access = accesses_.front();
  std::uint32_t const value = pins_.s_axil_rdata_o >> (8 * (access.offset % 4));
  // The bus reads whole words; who asked for less gets no more.
  std::uint32_t const kept = ~std::uint32_t{0} >> (32 - 8 * access.size);
  if (observer_ != nullptr) {
    observer_->register_read(time_of(cycle), access.offset, access.size, value & kept);
  }
  link_.answer(time_of(cycle), value & kept);
  accesses_.pop_front();
}

}  // namespace ringside::testbench
