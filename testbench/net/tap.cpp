#include "testbench/net/tap.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ringside::testbench {

namespace {

constexpr std::size_t kMaxFrame = 65'536;
constexpr std::size_t kMinFrame = 60;
constexpr Duration kGap = kByteTime * 12;

[[noreturn]] void fail(std::string const& name, std::string const& what) {
  throw TapError("TAP interface " + name + ": " + what);
}

// Closes itself.
class Socket {
 public:
  Socket() : descriptor_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() { ::close(descriptor_); }
  bool control(unsigned long request, ifreq& argument) const {
    return ::ioctl(descriptor_, request, &argument) == 0;
  }

 private:
  int descriptor_;
};

ifreq request_for(std::string const& name) {
  ifreq request{};
  std::memcpy(request.ifr_name, name.data(), std::min(name.size(), sizeof request.ifr_name - 1));
  return request;
}

// Narrower than the kernel, which takes a % as a pattern and all kinds of characters.
bool is_interface_name(std::string const& name) {
  return !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

void set_address(ifreq& request, std::uint32_t address) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(address);
  std::memcpy(&request.ifr_addr, &in, sizeof in);
}

}  // namespace

TapDevice::TapDevice(std::string name, stack::Ipv4Prefix const& address) : name_(std::move(name)) {
  if (!is_interface_name(name_)) {
    fail("\"" + name_ + "\"",
         "no name of an interface; choose 1 to 15 letters, digits, -, _ and . such as tap0");
  }
  made_here_ = ::if_nametoindex(name_.c_str()) == 0;
  descriptor_ = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (descriptor_ < 0) {
    fail(name_, std::string("can not open /dev/net/tun: ") + std::strerror(errno) +
                    "; run as root, or load the kernel module tun");
  }
  ifreq request = request_for(name_);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (::ioctl(descriptor_, TUNSETIFF, &request) != 0) {
    int const error = errno;
    ::close(descriptor_);
    if (error == EBUSY) fail(name_, "another program uses it; stop that, or choose another name");
    if (error == EPERM) fail(name_, "no permission; run as root, or as the owner of the interface");
    if (error == EINVAL) fail(name_, "it exists but is no TAP; choose another name");
    fail(name_, std::strerror(error));
  }
  if (made_here_) bring_up(address);
}

TapDevice::~TapDevice() { ::close(descriptor_); }

void TapDevice::bring_up(stack::Ipv4Prefix const& address) {
  Socket const socket;
  ifreq request = request_for(name_);
  set_address(request, address.address.value);
  bool ok = socket.control(SIOCSIFADDR, request);
  set_address(request, address.mask());
  ok = ok && socket.control(SIOCSIFNETMASK, request);
  ok = ok && socket.control(SIOCGIFFLAGS, request);
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP | IFF_RUNNING);
  ok = ok && socket.control(SIOCSIFFLAGS, request);
  if (ok) return;
  int const error = errno;
  ::close(descriptor_);
  fail(name_, std::string("made, but can not be brought up: ") + std::strerror(error));
}

bool TapDevice::is_up() const {
  ifreq request = request_for(name_);
  return Socket().control(SIOCGIFFLAGS, request) && (request.ifr_flags & IFF_UP) != 0;
}

std::optional<std::vector<std::uint8_t>> TapDevice::read() {
  std::array<std::uint8_t, kMaxFrame> buffer;
  ssize_t const size = ::read(descriptor_, buffer.data(), buffer.size());
  if (size < 0 && errno != EAGAIN && errno != EINTR) {
    fail(name_, std::string("it can no longer be read: ") + std::strerror(errno) +
                    "; was it removed? start again");
  }
  if (size <= 0) return std::nullopt;
  return std::vector<std::uint8_t>(buffer.begin(), buffer.begin() + size);
}

bool TapDevice::write(Bytes frame) {
  return ::write(descriptor_, frame.data(), frame.size()) == static_cast<ssize_t>(frame.size());
}

void TapEnd::receive(FramePiece const& piece) {
  assembler_.take(piece, [this](WireFrame&& frame) {
    TimePoint const end = frame.end();
    timeline_.at(end, origin_, [this, kept = std::move(frame)] {
      if (!is_intact(kept)) {
        ++statistics_.bad;
      } else if (device_.write(kept.contents())) {
        ++statistics_.to_kernel;
      } else {
        ++statistics_.refused;
      }
    });
  });
}

unsigned TapEnd::pump() {
  unsigned count = 0;
  while (count < kMaxBatch) {
    auto frame = device_.read();
    if (!frame) break;
    ++count;
    ++statistics_.from_kernel;
    WireFrame const wire_frame = frame_of(std::max(present(), line_free_), *frame);
    line_free_ = wire_frame.end() + kGap;
    wire_->send(wire_frame.as_piece());
  }
  return count;
}

}  // namespace ringside::testbench
