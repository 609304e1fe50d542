#include "stack/network/icmp.hpp"

#include <algorithm>
#include <utility>

#include "stack/header/ipv4.hpp"

namespace ringside::stack {
namespace {

// Every error quotes at least this much of the transport header (RFC 792).
constexpr std::size_t kLeastQuote = 8;

std::optional<IcmpProblem> problem_of(IcmpHeader const& header) {
  if (header.type == IcmpType::TimeExceeded) return IcmpProblem::TimeExceeded;
  if (header.type == IcmpType::ParameterProblem) return IcmpProblem::ParameterProblem;
  // Codes of destination unreachable, RFC 792 and RFC 1122, 3.2.2.1.
  switch (header.code) {
    case kNetUnreachable:
    case 6:   // network unknown
    case 9:   // network prohibited
    case 11:  // network unreachable for this type of service
      return IcmpProblem::NetUnreachable;
    case kProtocolUnreachable:
      return IcmpProblem::ProtocolUnreachable;
    case kPortUnreachable:
      return IcmpProblem::PortUnreachable;
    case kFragmentationNeeded:
      return IcmpProblem::FragmentationNeeded;
    case kHostUnreachable:
    case 5:   // source route failed
    case 7:   // host unknown
    case 8:   // source isolated
    case 10:  // host prohibited
    case 12:  // host unreachable for this type of service
    case 13:  // prohibited by a filter
      return IcmpProblem::HostUnreachable;
    default:
      return std::nullopt;
  }
}

}  // namespace

Icmp::Icmp(Ipv4Layer& network, Executor& executor, Story& story, Random random)
    : network_(network),
      executor_(executor),
      story_(story),
      ping_(network, executor, story, random.stream("ping")) {
  network_.register_protocol(kProtocolIcmp, *this);
}

bool Icmp::receive(PacketBuffer& packet, ReceivedFrom const& from) {
  ++statistics_.in_messages;
  auto const view = IcmpView::of(std::as_const(packet).bytes());
  if (!view) {
    ++statistics_.in_malformed;
    return true;
  }
  switch (view->header().type) {
    case IcmpType::EchoRequest:
      ++statistics_.in_echo_requests;
      // Answers to everybody would be an amplifier (RFC 1122, 3.2.2.6 leaves it to us).
      if (from.broadcast) {
        ++statistics_.in_ignored;
      } else {
        answer_echo(std::move(packet), from);
      }
      break;
    case IcmpType::EchoReply:
      ++statistics_.in_echo_replies;
      ping_.receive_reply(*view, from);
      break;
    case IcmpType::DestinationUnreachable:
    case IcmpType::TimeExceeded:
    case IcmpType::ParameterProblem:
      ++statistics_.in_errors;
      receive_error(*view, from);
      break;
    default:
      ++statistics_.in_ignored;
      break;  // source quench among them (RFC 6633)
  }
  return true;
}

void Icmp::answer_echo(PacketBuffer packet, ReceivedFrom const& from) {
  std::size_t const size = packet.size() - IcmpHeader::kSize;
  if (story_.wants(Layer::Icmp)) {
    story_.tell(Layer::Icmp, "echo request from " + from.source.to_string() + ", " +
                                 std::to_string(size) + " bytes: answers");
  }
  IcmpHeader header = IcmpView::of(std::as_const(packet).bytes())->header();
  PacketBuffer reply = packet_for_reply(std::move(packet));
  if (!reply) {
    ++statistics_.out_echo_failures;
    return;
  }
  header.type = IcmpType::EchoReply;
  header.emit(reply.bytes());
  SendOptions options;
  options.traffic_class = from.traffic_class & 0xFC;  // ECN is the path's, not the sender's
  options.dont_fragment = false;
  auto const sent =
      network_.send(std::move(reply), from.destination, from.source, kProtocolIcmp, options);
  ++(sent ? statistics_.out_echo_replies : statistics_.out_echo_failures);
}

// The request's own bytes, if there is room for our headers in front of them.
PacketBuffer Icmp::packet_for_reply(PacketBuffer request) {
  if (!request.shared() && request.headroom() >= kNetworkHeadroom) {
    request.info() = {};
    return request;
  }
  PacketBuffer reply = network_.allocate(0);
  if (!reply || reply.tailroom() < request.size()) return {};
  Bytes const bytes = std::as_const(request).bytes();
  std::copy(bytes.begin(), bytes.end(), reply.append(request.size()).begin());
  executor_.spend(Work::CopyByte, bytes.size());
  ++statistics_.copies;
  return reply;
}

void Icmp::receive_error(IcmpView const& view, ReceivedFrom const& from) {
  auto const problem = problem_of(view.header());
  auto const quoted = Ipv4View::of_quoted(view.body());
  bool const usable =
      problem && !from.broadcast && quoted && quoted->payload().size() >= kLeastQuote &&
      quoted->header().fragment_offset == 0 && network_.is_local(quoted->header().source);
  TransportProtocol* const transport =
      usable ? network_.transport(quoted->header().protocol) : nullptr;
  if (transport == nullptr) {
    ++statistics_.in_errors_unmatched;
    return;
  }
  Ipv4Header const about = quoted->header();
  bool const too_big = *problem == IcmpProblem::FragmentationNeeded;
  transport->problem(*problem, about.source, about.destination, quoted->payload(),
                     too_big ? view.header().next_hop_mtu() : std::uint16_t{0});
}

// About an ICMP message of ours, which can only be an echo request.
void Icmp::problem(IcmpProblem problem, Ipv4Address, Ipv4Address destination, Bytes quoted,
                   std::uint16_t next_hop_mtu) {
  if (quoted.size() < IcmpHeader::kSize) return;
  IcmpHeader const request{IcmpType{quoted[0]}, quoted[1], load_be<std::uint32_t>(&quoted[4])};
  bool const ours = ping_.problem(problem, request, destination);
  if (ours && problem == IcmpProblem::FragmentationNeeded) {
    network_.path_mtu_is(destination, next_hop_mtu);
  }
}

}  // namespace ringside::stack
