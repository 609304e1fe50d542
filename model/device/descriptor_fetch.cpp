#include "model/device/descriptor_fetch.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace ringside::model {
namespace {

using layout::kDescriptorIndirect;
using layout::kDescriptorNext;
using layout::kDescriptorWrite;

std::uint64_t bytes_of(Buffer const& buffer, bool writable) {
  std::uint64_t sum = 0;
  for (Element const& element : buffer.elements) {
    if (element.writable == writable) sum += element.length;
  }
  return sum;
}

// AVAIL and USED have been looked at, or do not count in a table; of the flags only WRITE matters.
Result<Done, DeviceError> append_element(Buffer& buffer,
                                         layout::PackedDescriptor const& descriptor) {
  bool const writable = (descriptor.flags & kDescriptorWrite) != 0;
  if (!writable && !buffer.elements.empty() && buffer.elements.back().writable) {
    return DeviceError::ReadableAfterWritable;
  }
  if (wraps_address_space(descriptor.addr, descriptor.len)) return DeviceError::AddressWraps;
  buffer.elements.push_back({descriptor.addr, descriptor.len, writable});
  return Done{};
}

}  // namespace

std::uint64_t Buffer::readable_bytes() const { return bytes_of(*this, false); }
std::uint64_t Buffer::writable_bytes() const { return bytes_of(*this, true); }

void DescriptorFetch::start(QueueSettings const& queue, Rules rules) {
  queue_ = queue;
  rules_ = rules;
  position_ = {};
  sample_size_ = kLeastSample;
  waiting_.clear();
  announced_ = true;  // buffers may have been made available before DRIVER_OK
}

void DescriptorFetch::stop() {
  announced_ = false;
  waiting_.clear();
}

void DescriptorFetch::take(std::size_t count) {
  assert(count <= waiting_.size());
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
}

Result<Done, DeviceError> DescriptorFetch::fetch() {
  // Forgotten before memory is read: a notification that comes meanwhile counts again.
  announced_ = false;
  std::vector<Chain> chains;
  Chain open;
  do {
    if (auto sampled = sample(chains, open); !sampled) return sampled;
    if (!session_.live()) return Done{};
  } while (chains.empty() && !open.empty());
  if (!open.empty()) {
    // One whole chain is enough for now; the one that goes on beyond the sample is for next time.
    position_ = chain_start_;
    announced_ = true;
  }
  return convert(chains);
}

// Reads descriptors from the present position on: whole chains are added to `chains`; `open` is the
// beginning of one that goes on, known from an earlier sample if it is not empty at the start.
//
// One read may see an old state of later descriptors beside a new state of the head, because the
// driver makes the head available last and memory orders nothing within a read. So an element that
// is missing in the sample of its head is looked at once more; in a sample that was asked for when
// the head was known, it has never been made available.
Result<Done, DeviceError> DescriptorFetch::sample(std::vector<Chain>& chains, Chain& open) {
  bool head_was_known = !open.empty();
  std::uint32_t const count = std::min<std::uint32_t>(sample_size_, queue_.size - position_.offset);
  std::vector<std::uint8_t> bytes(count * kDescriptorBytes);
  if (!memory_.read(queue_.descriptors + position_.offset * kDescriptorBytes, bytes)) {
    return DeviceError::RingRefused;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    auto const descriptor = load_descriptor(&bytes[i * kDescriptorBytes]);
    if (!is_available(descriptor.flags, position_.wrap)) {
      if (head_was_known) return DeviceError::ChainTorn;
      sample_size_ = kLeastSample;
      return Done{};
    }
    if (open.empty()) chain_start_ = position_;
    if (auto appended = append(open, descriptor); !appended) return appended;
    position_.advance(1, queue_.size);
    if ((descriptor.flags & kDescriptorNext) == 0) {
      chains.push_back(std::exchange(open, {}));
      head_was_known = false;
    }
  }
  announced_ = true;
  sample_size_ = std::min(2 * sample_size_, kMostSample);
  return Done{};
}

Result<Done, DeviceError> DescriptorFetch::append(
    Chain& open, layout::PackedDescriptor const& descriptor) const {
  bool const next = (descriptor.flags & kDescriptorNext) != 0;
  bool const indirect = (descriptor.flags & kDescriptorIndirect) != 0;
  if (indirect && (next || !open.empty())) return DeviceError::IndirectRefused;
  if (indirect) {
    if (auto checked = check_indirect(descriptor); !checked) return checked;
  }
  open.push_back(descriptor);
  if (next && open.size() >= queue_.size) return DeviceError::ChainTooLong;
  return Done{};
}

Result<Done, DeviceError> DescriptorFetch::check_indirect(
    layout::PackedDescriptor const& descriptor) const {
  bool const well_formed = rules_.indirect && descriptor.len != 0 &&
                           descriptor.len % kDescriptorBytes == 0 &&
                           descriptor.len / kDescriptorBytes <= layout::kMaxIndirect;
  if (!well_formed) return DeviceError::IndirectRefused;
  if (wraps_address_space(descriptor.addr, descriptor.len)) return DeviceError::AddressWraps;
  return Done{};
}

Result<Done, DeviceError> DescriptorFetch::convert(std::vector<Chain> const& chains) {
  // The tables of all chains together, so that their reads may be under way at the same time.
  std::vector<std::vector<std::uint8_t>> tables(chains.size());
  std::vector<HostMemory::Read> reads;
  for (std::size_t i = 0; i < chains.size(); ++i) {
    auto const& head = chains[i].front();
    if ((head.flags & kDescriptorIndirect) == 0) continue;
    tables[i].resize(head.len);
    reads.push_back({head.addr, tables[i]});
  }
  memory_.read_all(reads);
  if (!session_.live()) return Done{};
  for (auto const& read : reads) {
    if (read.refused) return DeviceError::RingRefused;
  }

  for (std::size_t i = 0; i < chains.size(); ++i) {
    Buffer buffer;
    buffer.id = chains[i].back().id;  // the others' are not valid (2.8.6)
    buffer.slots = static_cast<std::uint16_t>(chains[i].size());
    Chain table;
    for (std::size_t at = 0; at < tables[i].size(); at += kDescriptorBytes) {
      table.push_back(load_descriptor(&tables[i][at]));
      if (rules_.tables_readable) table.back().flags = 0;
    }
    for (auto const& descriptor : table.empty() ? chains[i] : table) {
      if (auto appended = append_element(buffer, descriptor); !appended) return appended;
    }
    waiting_.push_back(std::move(buffer));
  }
  return Done{};
}

}  // namespace ringside::model
