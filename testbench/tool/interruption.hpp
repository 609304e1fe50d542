// Signals that end a command in order: what is under way is taken down, then the signal has its
// way.
#pragma once

namespace ringside::testbench {

// From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE are noted instead of obeyed; a second
// SIGINT, SIGTERM or SIGHUP is obeyed at once. Those that the command was started to ignore stay
// ignored.
void note_interruptions();

bool interrupted();

// Whether the reader of our output has gone: nobody is left to be told anything.
bool reader_gone();

// Ends the process by the signal that came, if one came, so that whoever started it sees why.
void obey_interruption();

}  // namespace ringside::testbench
