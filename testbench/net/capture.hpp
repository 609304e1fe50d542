// Nanosecond captures of the two directions at one end of a wire.
#pragma once

#include <pcap/pcap.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "testbench/net/frame_assembler.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

// What a file could not take: says which, and what to do.
struct CaptureError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Written beside the final name and renamed by close(), so that a file of that name is complete.
class Capture {
 public:
  Capture(Timeline& timeline, std::filesystem::path path);
  ~Capture();

  // Takes a frame that ends now or later. Its time stamp is when its last byte has passed, and the
  // file is in the order of time.
  void add(WireFrame const& frame);

  // Completes the file. Throws CaptureError, with nothing left behind, if the disk would not take
  // it.
  void close();

  std::uint64_t frames() const { return frames_; }

 private:
  void write(Bytes contents);
  [[noreturn]] void fail(std::string const& reason);

  struct ClosePcap {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
  };
  struct CloseDumper {
    void operator()(pcap_dumper_t* dumper) const { pcap_dump_close(dumper); }
  };

  Timeline& timeline_;
  Origin origin_;
  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::unique_ptr<pcap_t, ClosePcap> pcap_;
  std::unique_ptr<pcap_dumper_t, CloseDumper> dumper_;
  std::uint64_t frames_ = 0;
};

}  // namespace ringside::testbench
