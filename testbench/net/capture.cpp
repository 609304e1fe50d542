#include "testbench/net/capture.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace ringside::testbench {

namespace {

constexpr int kSnapLength = 65'535;
constexpr std::int64_t kPicosecondsPerSecond = 1'000'000'000'000;

}  // namespace

Capture::Capture(Timeline& timeline, std::filesystem::path path)
    : timeline_(timeline),
      origin_(timeline.add_origin()),
      path_(std::move(path)),
      pcap_(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapLength,
                                                 PCAP_TSTAMP_PRECISION_NANO)) {
  dumper_.reset(pcap_dump_open(pcap_.get(), path_.c_str()));
  if (!dumper_) fail(std::strerror(errno));
}

Capture::~Capture() {
  if (!dumper_) return;
  dumper_.reset();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void Capture::add(WireFrame const& frame) {
  Bytes const contents = frame.contents();
  if (contents.empty()) return;
  timeline_.at(frame.end(), origin_,
               [this, kept = std::vector(contents.begin(), contents.end())] { write(kept); });
}

void Capture::write(Bytes contents) {
  if (!dumper_ || failed()) return;
  std::int64_t const time = present().time_since_epoch().count();
  pcap_pkthdr header{};
  header.ts.tv_sec = time / kPicosecondsPerSecond;
  header.ts.tv_usec = time % kPicosecondsPerSecond / 1000;  // nanoseconds in this format
  header.caplen = static_cast<bpf_u_int32>(contents.size());
  header.len = header.caplen;
  pcap_dump(reinterpret_cast<u_char*>(dumper_.get()), &header, contents.data());
  ++frames_;
  look_for_failure();
}

void Capture::look_for_failure() {
  if (error_ == 0 && std::ferror(pcap_dump_file(dumper_.get())) != 0) error_ = errno;
}

void Capture::close() {
  if (!dumper_) return;
  if (pcap_dump_flush(dumper_.get()) != 0 && error_ == 0) error_ = errno;
  look_for_failure();
  dumper_.reset();
  if (failed()) fail(std::strerror(error_));
}

void Capture::fail(std::string const& reason) {
  dumper_.reset();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
  throw CaptureError("can not write the capture " + path_.filename().string() + ": " + reason +
                     "; free some space or choose another --out directory");
}

}  // namespace ringside::testbench
