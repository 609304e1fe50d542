#include "model/device/control.hpp"

#include <algorithm>

namespace ringside::model {

bool ControlEngine::ready() const {
  DescriptorFetch const& available = queue_.available();
  return session_.live() && queue_.running() &&
         (!available.waiting().empty() || available.announced());
}

Result<Done, DeviceError> ControlEngine::step() {
  DescriptorFetch& available = queue_.available();
  if (available.waiting().empty()) {
    if (auto fetched = available.fetch(); !fetched) return fetched;
    if (!session_.live() || available.waiting().empty()) return Done{};
  }
  buffer_ = {};
  Buffer const& next = available.waiting().front();
  for (Element const& element : next.elements) {
    buffer_.add(element.address, element.length, element.writable);
  }
  used_ = {.id = next.id, .slots = next.slots};
  available.take(1);

  bool const readable = read();
  if (!session_.live()) return Done{};
  answer_ = carry_out(buffer_, command_, readable, target_);
  bool const written = write();
  if (!session_.live()) return Done{};
  used_.length = written ? static_cast<std::uint32_t>(answer_.size()) : 0;
  bool const too_many_errors = !(readable && written) && session_.count_data_error();
  if (auto given = queue_.give_back({&used_, 1}); !given) return given;
  if (too_many_errors) return DeviceError::TooManyDataErrors;
  return Done{};
}

bool ControlEngine::read() {
  command_.assign(buffer_.command_bytes(), 0);
  reads_.clear();
  std::size_t at = 0;
  for (auto const& part : buffer_.command()) {
    reads_.push_back({part.address, MutableBytes(command_).subspan(at, part.length)});
    at += part.length;
  }
  memory_.read_all(reads_);
  return std::none_of(reads_.begin(), reads_.end(),
                      [](HostMemory::Read const& read) { return read.refused; });
}

bool ControlEngine::write() {
  writes_.clear();
  Bytes rest = answer_;
  for (auto const& part : buffer_.room()) {
    std::size_t const count = std::min<std::size_t>(part.length, rest.size());
    if (count == 0) break;
    writes_.push_back({part.address, rest.first(count)});
    rest = rest.subspan(count);
  }
  memory_.write_all(writes_);
  return std::none_of(writes_.begin(), writes_.end(),
                      [](HostMemory::Write const& write) { return write.refused; });
}

}  // namespace ringside::model
