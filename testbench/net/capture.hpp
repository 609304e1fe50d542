// Nanosecond captures of the two directions at one end of a wire.
#pragma once

#include <pcap/pcap.h>

#include <filesystem>
#include <memory>
#include <string>

#include "testbench/check/user_error.hpp"
#include "testbench/net/frame_assembler.hpp"
#include "testbench/time/timeline.hpp"

namespace ringside::testbench {

// What a file could not take: says which and what to do, but not in which directory.
struct CaptureError : UserError {
  using UserError::UserError;
};

// A file that is there until close() has made it complete, or until it is given up.
class Capture {
 public:
  // Throws CaptureError.
  Capture(Timeline& timeline, std::filesystem::path path);
  // Removes a file that was not completed.
  ~Capture();

  // Takes a frame that ends now or later. Its time stamp is when its last byte has passed, and the
  // file is in the order of time.
  void add(WireFrame const& frame);

  // Whether the disk has refused something: close() will throw, and more need not be simulated.
  bool failed() const { return error_ != 0; }

  // Completes the file. Throws CaptureError, with nothing left behind, if the disk would not take
  // it.
  void close();

  std::uint64_t frames() const { return frames_; }

 private:
  void write(Bytes contents);
  void look_for_failure();
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
  std::unique_ptr<pcap_t, ClosePcap> pcap_;
  std::unique_ptr<pcap_dumper_t, CloseDumper> dumper_;
  std::uint64_t frames_ = 0;
  int error_ = 0;  // errno of the first failure
};

}  // namespace ringside::testbench
