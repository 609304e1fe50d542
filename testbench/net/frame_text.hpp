// What a frame is, in a few words for people.
#pragma once

#include <string>

#include "interface/base/bytes.hpp"

namespace ringside::testbench {

// "TCP SYN to 10.0.0.80:80". `contents` goes from the destination address to the end of the payload
// and may be damaged anywhere.
std::string frame_text(Bytes contents);

}  // namespace ringside::testbench
