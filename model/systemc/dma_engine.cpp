#include "model/systemc/dma_engine.hpp"

#include <algorithm>

namespace ringside::model {

DmaEngine::DmaEngine(sc_core::sc_module_name name) : sc_module(name), socket("socket") {
  // Each worker carries one burst at a time.
  for (Channel* channel : {&reads_, &writes_}) {
    for (auto& payload : channel->payloads) {
      sc_core::sc_spawn([this, channel, &payload] { work(*channel, payload); },
                        sc_core::sc_gen_unique_name("worker"));
    }
  }
}

Result<Done, MemoryError> DmaEngine::read(std::uint64_t address, MutableBytes into) {
  Read one{address, into};
  read_all({&one, 1});
  if (one.refused) return MemoryError::Refused;
  return Done{};
}

Result<Done, MemoryError> DmaEngine::write(std::uint64_t address, Bytes from) {
  Write one{address, from};
  write_all({&one, 1});
  if (one.refused) return MemoryError::Refused;
  return Done{};
}

void DmaEngine::read_all(std::span<Read> reads) {
  Batch& batch = begin();
  for (Read& each : reads) {
    cut(each.address, each.into.data(), each.into.size(), &each.refused, batch, reads_);
  }
  finish(batch, reads_);
}

void DmaEngine::write_all(std::span<Write> writes) {
  Batch& batch = begin();
  for (Write& each : writes) {
    // The payload's pointer is not const for either command; a target only reads what is written.
    auto* const data = const_cast<std::uint8_t*>(each.from.data());
    cut(each.address, data, each.from.size(), &each.refused, batch, writes_);
  }
  finish(batch, writes_);
}

void DmaEngine::cut(std::uint64_t address, std::uint8_t* data, std::size_t size, bool* refused,
                    Batch& batch, Channel& channel) {
  while (size > 0) {
    std::uint64_t const length = std::min<std::uint64_t>(size, kBurstBytes - address % kBurstBytes);
    channel.bursts.push_back({address, data, static_cast<unsigned>(length), refused, &batch});
    ++batch.left;
    address += length;
    data += length;
    size -= length;
  }
}

DmaEngine::Batch& DmaEngine::begin() {
  if (free_batches_.empty()) return batches_.emplace_back();
  Batch& batch = *free_batches_.back();
  free_batches_.pop_back();
  return batch;
}

void DmaEngine::finish(Batch& batch, Channel& channel) {
  if (batch.left != 0) channel.more.notify(sc_core::SC_ZERO_TIME);
  while (batch.left != 0) sc_core::wait(batch.done);
  free_batches_.push_back(&batch);
}

void DmaEngine::describe(Burst const& burst, tlm::tlm_command command,
                         tlm::tlm_generic_payload& payload) {
  payload.set_command(command);
  payload.set_address(burst.address);
  payload.set_data_ptr(burst.data);
  payload.set_data_length(burst.length);
  payload.set_streaming_width(burst.length);
  payload.set_byte_enable_ptr(nullptr);
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

void DmaEngine::work(Channel& channel, tlm::tlm_generic_payload& payload) {
  for (;;) {
    while (channel.bursts.empty()) sc_core::wait(channel.more);
    Burst const burst = channel.bursts.front();
    channel.bursts.pop_front();

    describe(burst, channel.command, payload);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->b_transport(payload, delay);
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);

    if (!payload.is_response_ok()) *burst.refused = true;
    if (--burst.batch->left == 0) burst.batch->done.notify(sc_core::SC_ZERO_TIME);
  }
}

}  // namespace ringside::model
