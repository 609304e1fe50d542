// The one source of chance: streams drawn from the run's printed seed, alike on every machine.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace ringside {

// xoshiro256**, seeded through SplitMix64. Each consumer takes a stream of its own by name, so that
// one more draw in one place changes nothing in another.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (auto& word : state_) word = split_mix(seed);
    origin_[0] = state_[0];
    origin_[1] = state_[1];
  }

  // An independent stream that depends only on the seed of this one and on the name.
  Random stream(std::string_view name) const {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3;
    return Random(hash ^ origin_[0] ^ std::rotl(origin_[1], 17));
  }

  std::uint64_t next() {
    std::uint64_t const result = std::rotl(state_[1] * 5, 7) * 9;
    std::uint64_t const shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound); bound must not be 0.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
  }

  // Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  bool chance(double probability) { return unit() < probability; }

 private:
  __extension__ using Wide = unsigned __int128;

  static std::uint64_t split_mix(std::uint64_t& seed) {
    std::uint64_t z = (seed += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  std::uint64_t state_[4];
  std::uint64_t origin_[2];
};

}  // namespace ringside
