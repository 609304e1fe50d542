// What the simulated servers serve: bytes that anybody can make again, and their digests.
#pragma once

#include <cassert>
#include <cstdint>
#include <memory>
#include <string>

#include "interface/base/bytes.hpp"

struct evp_md_ctx_st;

namespace ringside::testbench {

// SHA-256 (FIPS 180-4), by OpenSSL.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(Bytes bytes);
  // Lower-case hexadecimal. Nothing can be added afterwards.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// A body of a given size: readable text, each line numbered, so that what a capture shows can be
// placed. The same size is always the same body.
class Content {
 public:
  // A digest takes about two seconds of wall time for each gigabyte, and stands in front of the
  // body: without a bound, one request could stop a simulation for as long as it likes.
  static constexpr std::uint64_t kMaxSize = std::uint64_t{4} << 30;

  // `size` is at most kMaxSize.
  explicit Content(std::uint64_t size) : size_(size) { assert(size <= kMaxSize); }

  std::uint64_t size() const { return size_; }
  // Fills `into` with the body's bytes from `offset` on; both lie within the body.
  void read(std::uint64_t offset, MutableBytes into) const;
  std::string sha256() const;

 private:
  std::uint64_t size_;
};

}  // namespace ringside::testbench
