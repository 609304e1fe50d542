// Whether a waveform is all there: the library that writes it does not look at what the disk says.
#pragma once

#include <filesystem>

namespace ringside::testbench {

// An FST file is a chain of blocks: a byte with the kind, then the length in eight bytes, big
// endian, themselves included. It is whole if the chain ends where the file does and no block is
// unfinished.
bool is_whole_waveform(std::filesystem::path const& path);

}  // namespace ringside::testbench
