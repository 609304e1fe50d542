// What a host offers its applications.
#pragma once

#include "interface/seam/story.hpp"
#include "stack/socket/host_context.hpp"

namespace ringside::stack {
class TcpLayer;
class UdpLayer;
class Resolver;
}  // namespace ringside::stack

namespace ringside::testbench {

struct Sockets {
  stack::HostContext& context;
  stack::TcpLayer& tcp;
  stack::UdpLayer& udp;
  stack::Resolver& resolver;
  Story& story;
};

}  // namespace ringside::testbench
