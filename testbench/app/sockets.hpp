// What a host offers its applications.
#pragma once

#include <string>
#include <utility>

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

  // What an application says it does.
  void tell(std::string line) const {
    if (story.wants(Layer::Application)) story.tell(Layer::Application, std::move(line));
  }
};

}  // namespace ringside::testbench
