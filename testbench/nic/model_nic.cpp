#include "testbench/nic/model_nic.hpp"

#include <algorithm>
#include <cstring>

namespace ringside::testbench {

ModelNic::ModelNic(sc_core::sc_module_name name, Timeline& timeline, PcieLink& link, MacAddress mac)
    : sc_module(name),
      timeline_(timeline),
      origin_(timeline.add_origin()),
      link_(link),
      nic_("nic", mac),
      registers_("registers"),
      memory_("memory"),
      reads_(kTags) {
  for (std::uint32_t tag = 0; tag < kTags; ++tag) free_tags_.push_back(tag);
  registers_.bind(nic_.bar);
  nic_.dma().bind(memory_);
  memory_.register_b_transport(this, &ModelNic::access_memory);
  nic_.set_link(true);
  link.attach(*this);
  timeline.keep_to_kernel();
}

void ModelNic::on_time_stamp(std::function<void(WireStamp const&)> listener) {
  nic_.on_time_stamp([listener = std::move(listener)](model::Way way, TimePoint start) {
    using enum WireStamp::Direction;
    listener({way == model::Way::Sent ? Sent : Received, start});
  });
}

// Registers are accessed as events of the simulation, at the time that the link says.
std::uint32_t ModelNic::access_register(tlm::tlm_command command, std::uint32_t offset,
                                        unsigned size, std::uint32_t value) {
  std::uint8_t bytes[4];
  store_le(bytes, value);
  tlm::tlm_generic_payload payload;
  payload.set_command(command);
  payload.set_address(offset);
  payload.set_data_ptr(bytes);
  payload.set_data_length(size);
  payload.set_streaming_width(size);
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  registers_->b_transport(payload, delay);
  if (!payload.is_response_ok()) return 0;
  return load_le<std::uint32_t>(bytes);
}

void ModelNic::register_write(TimePoint at, std::uint32_t offset, unsigned size,
                              std::uint32_t value) {
  timeline_.at(at, origin_,
               [=, this] { access_register(tlm::TLM_WRITE_COMMAND, offset, size, value); });
}

void ModelNic::register_read(TimePoint at, std::uint32_t offset, unsigned size) {
  timeline_.at(at, origin_, [=, this] {
    link_.answer(present(), access_register(tlm::TLM_READ_COMMAND, offset, size, 0));
  });
}

void ModelNic::control(TimePoint at, PciControl control) {
  timeline_.at(at, origin_, [this, control] {
    nic_.set_msix(control.msix_enable, control.msix_mask);
    nic_.set_bus_master(control.bus_master);
  });
}

// Called by the model's threads, which may wait here.
void ModelNic::access_memory(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
  bool ok = true;
  if (payload.is_read()) {
    ok = read_memory(payload.get_address(), payload.get_data_ptr(), payload.get_data_length());
  } else {
    write_memory(payload.get_address(), {payload.get_data_ptr(), payload.get_data_length()});
  }
  payload.set_response_status(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

bool ModelNic::read_memory(std::uint64_t address, std::uint8_t* into, unsigned size) {
  while (free_tags_.empty() || !link_.ready(present())) {
    if (free_tags_.empty()) {
      wait(tag_freed_);
    } else {
      wait(to_sc_time(kNicCycle));
    }
  }
  std::uint32_t const tag = free_tags_.front();
  free_tags_.pop_front();
  Read& read = reads_[tag];
  read.into = into;
  read.ok = true;
  link_.read(present(), address, size, tag);
  wait(read.done);
  free_tags_.push_back(tag);
  tag_freed_.notify();
  return read.ok;
}

// Posted: on its way as soon as the endpoint takes it.
void ModelNic::write_memory(std::uint64_t address, Bytes bytes) {
  while (!link_.ready(present())) wait(to_sc_time(kNicCycle));
  link_.write(present(), address, bytes);
}

void ModelNic::completion(TimePoint at, Completion const& completion) {
  Read& read = reads_[completion.tag];
  read.ok = read.ok && completion.ok;
  std::copy(completion.bytes.begin(), completion.bytes.end(), read.into + completion.offset);
  if (!completion.last) return;
  timeline_.at(at, origin_, [&read] { read.done.notify(); });
}

}  // namespace ringside::testbench
