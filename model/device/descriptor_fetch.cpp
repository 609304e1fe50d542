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
Result<Done, DeviceError> append_element(Buffer& buffer, layout::PackedDescriptor const& descriptor,
                                         bool any_order) {
  bool const writable = (descriptor.flags & kDescriptorWrite) != 0;
  bool const after_writable =
      !any_order && !buffer.elements.empty() && buffer.elements.back().writable;
  if (auto ok = check_element(descriptor.addr, descriptor.len, writable, after_writable); !ok) {
    return ok;
  }
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
  chains_.clear();
  open_.clear();
  do {
    if (auto sampled = sample(); !sampled) return sampled;
    if (!session_.live()) return Done{};
  } while (chains_.empty() && !open_.empty());
  if (!open_.empty()) {
    // One whole chain is enough for now; the one that goes on beyond the sample is for next time.
    position_ = chain_start_;
    announced_ = true;
  }
  return convert();
}

// Reads descriptors from the present position on: whole chains are added to chains_; open_ is the
// beginning of one that goes on, known from an earlier sample if it is not empty at the start.
//
// One read may see an old state of later descriptors beside a new state of the head, because the
// driver makes the head available last and memory orders nothing within a read. So an element that
// is missing in the sample of its head is looked at once more; in a sample that was asked for when
// the head was known, it has never been made available.
Result<Done, DeviceError> DescriptorFetch::sample() {
  bool head_was_known = !open_.empty();
  std::uint32_t const count = std::min<std::uint32_t>(sample_size_, queue_.size - position_.offset);
  sample_.resize(count * kDescriptorBytes);
  if (!memory_.read(queue_.descriptors + position_.offset * kDescriptorBytes, sample_)) {
    return DeviceError::RingRefused;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    auto const descriptor = load_descriptor(&sample_[i * kDescriptorBytes]);
    if (!is_available(descriptor.flags, position_.wrap)) {
      if (head_was_known) return DeviceError::ChainTorn;
      sample_size_ = kLeastSample;
      return Done{};
    }
    if (open_.empty()) chain_start_ = position_;
    if (auto appended = append(descriptor); !appended) return appended;
    position_.advance(1, queue_.size);
    if ((descriptor.flags & kDescriptorNext) == 0) {
      chains_.push_back(std::exchange(open_, {}));
      head_was_known = false;
    }
  }
  announced_ = true;
  sample_size_ = std::min(2 * sample_size_, kMostSample);
  return Done{};
}

Result<Done, DeviceError> DescriptorFetch::append(layout::PackedDescriptor const& descriptor) {
  bool const next = (descriptor.flags & kDescriptorNext) != 0;
  bool const indirect = (descriptor.flags & kDescriptorIndirect) != 0;
  if (indirect) {
    bool const alone = !next && open_.empty();
    if (auto ok = check_indirect(descriptor, rules_.indirect, alone); !ok) return ok;
  }
  open_.push_back(descriptor);
  if (next && open_.size() >= queue_.size) return DeviceError::ChainTooLong;
  return Done{};
}

Result<Done, DeviceError> DescriptorFetch::convert() {
  // The tables of all chains together, so that their reads may be under way at the same time.
  tables_.assign(chains_.size(), {});
  table_reads_.clear();
  for (std::size_t i = 0; i < chains_.size(); ++i) {
    auto const& head = chains_[i].front();
    if ((head.flags & kDescriptorIndirect) == 0) continue;
    tables_[i].resize(head.len);
    table_reads_.push_back({head.addr, tables_[i]});
  }
  memory_.read_all(table_reads_);
  if (!session_.live()) return Done{};
  for (auto const& read : table_reads_) {
    if (read.refused) return DeviceError::RingRefused;
  }

  for (std::size_t i = 0; i < chains_.size(); ++i) {
    Buffer buffer;
    buffer.id = chains_[i].back().id;  // the others' are not valid (2.8.6)
    buffer.slots = static_cast<std::uint16_t>(chains_[i].size());
    Chain table;
    for (std::size_t at = 0; at < tables_[i].size(); at += kDescriptorBytes) {
      table.push_back(load_descriptor(&tables_[i][at]));
      if (rules_.tables_readable) table.back().flags = 0;
    }
    for (auto const& descriptor : table.empty() ? chains_[i] : table) {
      if (auto appended = append_element(buffer, descriptor, rules_.any_order); !appended)
        return appended;
    }
    waiting_.push_back(std::move(buffer));
  }
  return Done{};
}

}  // namespace ringside::model
