// A web server on a simulated host: Boost.Beast, unchanged, over the host's sockets.
#pragma once

#include <cstdint>

#include "testbench/app/sockets.hpp"

namespace ringside::testbench {

struct HttpServerOptions {
  std::uint16_t port = 80;
  std::uint64_t page_bytes = 65'536;
};

struct HttpServerStatistics {
  std::uint64_t requests = 0;
  std::uint64_t body_bytes = 0;
  std::uint64_t failed_connections = 0;  // ended by an error, not by either side's wish
};

// Serves "/" with a page of `page_bytes`, and /bytes/N with N bytes, up to Content::kMaxSize; the
// header Content-SHA256 has the body's digest. GET and HEAD; keeps connections alive as HTTP/1.1
// does. Runs as long as the host; `statistics` must live as long.
void start_http_server(Sockets const& sockets, HttpServerOptions const& options,
                       HttpServerStatistics& statistics);

}  // namespace ringside::testbench
