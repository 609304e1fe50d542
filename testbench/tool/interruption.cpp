#include "testbench/tool/interruption.hpp"

#include <csignal>
#include <initializer_list>

namespace ringside::testbench {

namespace {

volatile std::sig_atomic_t noted = 0;

void note(int signal) { noted = signal; }

}  // namespace

void note_interruptions() {
  for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;
    action.sa_handler = note;
    // A reader that has gone is met again with every line until the end.
    action.sa_flags = SA_RESTART | (signal == SIGPIPE ? 0 : static_cast<int>(SA_RESETHAND));
    ::sigaction(signal, &action, nullptr);
  }
}

bool interrupted() { return noted != 0; }

bool reader_gone() { return noted == SIGPIPE; }

void obey_interruption() {
  int const signal = noted;
  if (signal == 0) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace ringside::testbench
