#include "testbench/app/content.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <string_view>

namespace ringside::testbench {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  [[maybe_unused]] int const ok = EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  assert(ok == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(Bytes bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string Sha256::finish() {
  std::array<std::uint8_t, 32> digest{};
  EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  std::string text;
  for (std::uint8_t byte : digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

namespace {

constexpr std::size_t kLine = 64;
constexpr std::size_t kLastDigit = 16;

// "line        17 of a body by Ringside ........................\n", 64 bytes.
constexpr std::array<char, kLine> kNoNumber = [] {
  constexpr std::string_view kHead = "line              of a body by Ringside ";
  std::array<char, kLine> line{};
  line.fill('.');
  std::copy(kHead.begin(), kHead.end(), line.begin());
  line.back() = '\n';
  return line;
}();

// By hand: a digest of gigabytes is waited for, and printf takes longer than SHA-256.
std::array<char, kLine> make_line(std::uint64_t number) {
  std::array<char, kLine> line = kNoNumber;
  std::size_t at = kLastDigit;
  do {
    line[at--] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  return line;
}

}  // namespace

void Content::read(std::uint64_t offset, MutableBytes into) const {
  assert(offset + into.size() <= size_);
  for (std::size_t done = 0; done < into.size();) {
    std::uint64_t const at = offset + done;
    auto const line = make_line(at / kLine);
    std::size_t const begin = at % kLine;
    std::size_t const count = std::min(kLine - begin, into.size() - done);
    std::memcpy(into.data() + done, line.data() + begin, count);
    done += count;
  }
}

std::string Content::sha256() const {
  Sha256 digest;
  std::array<std::uint8_t, 16'384> chunk;
  for (std::uint64_t offset = 0; offset < size_;) {
    auto const count =
        static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size(), size_ - offset));
    read(offset, MutableBytes(chunk).first(count));
    digest.add(Bytes(chunk).first(count));
    offset += count;
  }
  return digest.finish();
}

}  // namespace ringside::testbench
