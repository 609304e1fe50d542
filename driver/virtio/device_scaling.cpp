// What DeviceControl tells the device about queue pairs and hashes.
#include <algorithm>
#include <bit>
#include <cassert>

#include "driver/virtio/device_control.hpp"
#include "interface/layout/control.hpp"

namespace ringside::driver {

namespace {

using layout::control_command;

template <class Number>
void append(std::vector<std::uint8_t>& data, Number number) {
  data.resize(data.size() + sizeof number);
  store_le<Number>(&data[data.size() - sizeof number], number);
}

void append_key(std::vector<std::uint8_t>& data, ReceiveHashing const& hashing) {
  append(data, static_cast<std::uint8_t>(hashing.key.size()));
  data.insert(data.end(), hashing.key.begin(), hashing.key.end());
}

// Over so many pairs, one after the other.
ReceiveScaling even_scaling(ReceiveHashing const& hashing, std::uint16_t pairs) {
  ReceiveScaling scaling{hashing, {}, 0};
  for (std::size_t i = 0; i < layout::kIndirectionEntries; ++i) {
    scaling.table.push_back(static_cast<std::uint16_t>(i % pairs));
  }
  return scaling;
}

}  // namespace

DeviceControl::Outcome DeviceControl::tell_pairs(Handler handler) {
  std::vector<std::uint8_t> data;
  append(data, pairs_);
  return tell(layout::kFeatureMq, control_command("mq_pairs_set"), data, std::move(handler));
}

DeviceControl::Outcome DeviceControl::tell_scaling(ReceiveScaling const& scaling, Handler handler) {
  assert(std::has_single_bit(scaling.table.size()));
  std::vector<std::uint8_t> data;
  append(data, scaling.hashing.types);
  append(data, static_cast<std::uint16_t>(scaling.table.size() - 1));
  append(data, scaling.unclassified);
  for (std::uint16_t const pair : scaling.table) append(data, pair);
  append(data, pairs_);  // all of them send
  append_key(data, scaling.hashing);
  return tell(layout::kFeatureRss, control_command("mq_rss_config"), data, std::move(handler));
}

DeviceControl::Outcome DeviceControl::tell_hashing(Handler handler) {
  if (has(layout::kFeatureRss)) {
    ReceiveScaling scaling = scaling_.value_or(even_scaling(*hashing_, pairs_));
    scaling.hashing = *hashing_;
    return tell_scaling(scaling, std::move(handler));
  }
  std::vector<std::uint8_t> data;
  append(data, hashing_->types);
  append(data, std::uint64_t{0});  // reserved
  append_key(data, *hashing_);
  return tell(layout::kFeatureHashReport, control_command("mq_hash_config"), data,
              std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_queue_pairs(std::uint16_t pairs, Handler handler) {
  pairs_ = pairs;
  scaling_.reset();
  return tell_pairs(std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_receive_scaling(ReceiveScaling const& scaling,
                                                          Handler handler) {
  if (scaling.table.size() > layout::kIndirectionEntries) return ControlError::TooLong;
  scaling_ = scaling;
  hashing_.reset();
  return tell_scaling(scaling, std::move(handler));
}

DeviceControl::Outcome DeviceControl::set_receive_hashing(ReceiveHashing const& hashing,
                                                          Handler handler) {
  hashing_ = hashing;
  if (scaling_) scaling_->hashing = hashing;
  return tell_hashing(std::move(handler));
}

// A device that spreads by a table only has to be told of one, if it is to use its pairs at all.
void DeviceControl::repeat_scaling() {
  bool const by_number = has(layout::kFeatureMq) && pairs_ > 1;
  if (by_number) to_repeat_.emplace_back([this] { return tell_pairs({}); });
  if (scaling_) {
    to_repeat_.emplace_back([this] { return tell_scaling(*scaling_, {}); });
  } else if (hashing_) {
    to_repeat_.emplace_back([this] { return tell_hashing({}); });
  } else if (has(layout::kFeatureRss) && !by_number && pairs_ > 1) {
    to_repeat_.emplace_back([this] { return tell_scaling(even_scaling({}, pairs_), {}); });
  }
}

}  // namespace ringside::driver
