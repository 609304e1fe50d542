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
      partial_(path_.string() + ".part"),
      pcap_(pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapLength,
                                                 PCAP_TSTAMP_PRECISION_NANO)) {
  dumper_.reset(pcap_dump_open(pcap_.get(), partial_.c_str()));
  if (!dumper_) fail(pcap_geterr(pcap_.get()));
}

// A capture that was not closed is not complete: it keeps its partial name's fate.
Capture::~Capture() {
  if (!dumper_) return;
  dumper_.reset();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void Capture::add(WireFrame const& frame) {
  Bytes const contents = frame.contents();
  if (contents.empty()) return;
  timeline_.at(frame.end(), origin_,
               [this, kept = std::vector(contents.begin(), contents.end())] { write(kept); });
}

void Capture::write(Bytes contents) {
  if (!dumper_) return;
  std::int64_t const time = present().time_since_epoch().count();
  pcap_pkthdr header{};
  header.ts.tv_sec = time / kPicosecondsPerSecond;
  header.ts.tv_usec = time % kPicosecondsPerSecond / 1000;  // nanoseconds in this format
  header.caplen = static_cast<bpf_u_int32>(contents.size());
  header.len = header.caplen;
  pcap_dump(reinterpret_cast<u_char*>(dumper_.get()), &header, contents.data());
  ++frames_;
}

void Capture::close() {
  if (!dumper_) return;
  bool const written =
      pcap_dump_flush(dumper_.get()) == 0 && std::ferror(pcap_dump_file(dumper_.get())) == 0;
  int const error = errno;
  dumper_.reset();
  if (!written) fail(std::strerror(error));
  std::error_code code;
  std::filesystem::rename(partial_, path_, code);
  if (code) fail(code.message());
}

void Capture::fail(std::string const& reason) {
  dumper_.reset();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
  throw CaptureError("can not write the capture " + path_.string() + ": " + reason +
                     "; free some space or choose another --out directory");
}

}  // namespace ringside::testbench
