#include <cstdio>

#include "tests/conformance/judge.hpp"

namespace ringside::conformance {
namespace {

std::string hex(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llX", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace

// In pieces: g++ 12 warns of overlapping copies where a literal is added in front of a string.
std::string to_text(Element const& element) {
  std::string text = "{";
  text += hex(element.address) + ", " + std::to_string(element.length);
  return text += element.write ? " to write}" : " to read}";
}

std::string to_text(Descriptor const& descriptor) {
  std::string text = "{addr ";
  text += hex(descriptor.address) + ", len " + std::to_string(descriptor.length) + ", id ";
  text += std::to_string(descriptor.id) + ", flags " + hex(descriptor.flags);
  return text += "}";
}

std::string to_text(Place place) {
  std::string text = "slot ";
  text += std::to_string(place.slot);
  return text += place.wrap ? " (wrap 1)" : " (wrap 0)";
}

}  // namespace ringside::conformance
