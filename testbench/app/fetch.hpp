// A web client on a simulated host: resolves a name, connects, gets a page, closes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "interface/base/time.hpp"
#include "testbench/app/sockets.hpp"
#include "testbench/app/url.hpp"

namespace ringside::testbench {

// Up to date at any time, so that a run that is cut off can say what was going on.
struct FetchResult {
  bool ok = false;
  std::string doing = "waiting to start";
  std::string error;  // why not, in one line
  unsigned status = 0;
  std::uint64_t bytes = 0;
  std::string sha256;      // of what was received
  bool sha256_ok = false;  // it is what the server's header says
  Duration name_time{0};   // from the start until the name was resolved
  Duration connect_time{0};
  Duration transfer_time{0};
};

// `result` lives as long as the host. `done` is called once, on the host's executor.
void start_fetch(Sockets const& sockets, Url const& url, Duration delay, FetchResult& result,
                 std::function<void()> done);

}  // namespace ringside::testbench
