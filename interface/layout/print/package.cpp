// The layout tables as rtl/nic_pkg.sv.
#include <cctype>
#include <iomanip>
#include <ostream>
#include <ranges>
#include <span>

#include "interface/layout/control.hpp"
#include "interface/layout/pci.hpp"
#include "interface/layout/print/print.hpp"
#include "interface/layout/receive_scaling.hpp"

namespace ringside::layout {

std::string upper_camel_case(std::string_view name) {
  std::string result;
  bool upper = true;
  for (char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    result += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return result;
}

namespace {

void print_parameter(std::ostream& out, std::string const& name, unsigned width,
                     std::uint64_t value, std::string_view description) {
  out << "  localparam logic [" << width - 1 << ":0] " << name << " = " << width << "'h" << std::hex
      << std::uppercase << value << std::dec << ";  // " << description << '\n';
}

void print_integers(std::ostream& out, std::string_view prefix,
                    std::span<Constant const> constants) {
  for (auto const& c : constants) {
    out << "  localparam int " << prefix << upper_camel_case(c.name) << " = " << c.value << ";  // "
        << c.description << '\n';
  }
  out << '\n';
}

void print_bits(std::ostream& out, std::string_view prefix, unsigned width,
                std::span<Constant const> constants) {
  for (auto const& c : constants) {
    print_parameter(out, std::string(prefix) + upper_camel_case(c.name), width, c.value,
                    c.description);
  }
  out << '\n';
}

// A packed struct lists its most significant field first; the tables go upwards in memory.
void print_struct(std::ostream& out, std::string_view name, std::span<Field const> fields) {
  out << "  typedef struct packed {\n";
  for (auto const& f : fields | std::views::reverse) {
    out << "    logic [" << f.width - 1 << ":0] " << f.name << ";\n";
  }
  out << "  } " << name << ";\n\n";
}

// The first byte at the top, as the bits of a hash are numbered.
void print_hash_key(std::ostream& out) {
  out << "  localparam logic [" << 8 * kHashKeyBytes - 1
      << ":0] DefaultHashKey = " << 8 * kHashKeyBytes << "'h" << std::hex << std::uppercase
      << std::setfill('0');
  for (unsigned const byte : kDefaultHashKey) out << std::setw(2) << byte;
  out << std::dec << std::setfill(' ') << ";  // Until the driver sets one.\n\n";
}

void print_block(std::ostream& out, Block const& block) {
  std::string const name = upper_camel_case(block.name);
  print_parameter(out, name + "Base", 16, block.offset, block.description);
  print_parameter(out, name + "Size", 16, block.size, "Bytes.");
  for (auto const& r : block.registers) {
    print_parameter(out, name + upper_camel_case(r.name), 16, r.offset, r.description);
  }
  out << '\n';
}

}  // namespace

void print_package(std::ostream& out) {
  out << "// Registers and layouts as the RTL sees them. Printed from interface/layout by\n"
         "// `layout_print package`: change the tables there, then run `./ringside print`.\n"
         "`default_nettype none\n\n"
         "package nic_pkg;\n\n"
         "  // Limits.\n";
  print_integers(out, "", kLimits);
  out << "  // Feature bits, by number.\n";
  print_integers(out, "Feature", kFeatureBits);
  print_parameter(out, "FeaturesOffered", 64, kFeaturesOffered, "What the device offers.");
  print_parameter(out, "FeaturesRequired", 64, kFeaturesRequired, "What it insists on.");
  print_parameter(out, "FeaturesOfControl", 64, kFeaturesOfControl, "What needs ctrl_vq.");
  print_parameter(out, "FeaturesOfPairs", 64, kFeaturesOfPairs, "Either gives all queue pairs.");
  print_parameter(out, "GuestOffloads", 64, kGuestOffloads, "What can be turned off.");
  out << "\n  // device_status.\n";
  print_bits(out, "Status", 8, kStatusBits);
  out << "  // Descriptor flags.\n";
  print_bits(out, "Descriptor", 16, kDescriptorFlags);
  out << "  // Flags of event suppression.\n";
  print_bits(out, "Event", 2, kEventFlags);
  out << "  // Flags of the network header.\n";
  print_bits(out, "Header", 8, kNetHeaderFlags);
  print_bits(out, "Gso", 8, kNetHeaderGso);
  out << "  // Commands of the control queue: class and number; acks.\n";
  print_bits(out, "Control", 16, kControlCommands);
  print_bits(out, "ControlAck", 8, kControlAcks);
  out << "  // Receive side scaling.\n";
  print_integers(out, "", kReceiveScaling);
  print_integers(out, "HashType", kHashTypes);
  print_bits(out, "HashReport", 4, kHashReports);
  print_parameter(out, "SupportedHashTypes", 32, kSupportedHashTypes, "Hash types of the device.");
  print_hash_key(out);
  out << "  // Structures in host memory.\n";
  print_struct(out, "packed_descriptor_t", kPackedDescriptor);
  print_struct(out, "event_suppression_t", kEventSuppression);
  print_struct(out, "net_header_t", kNetHeader);
  out << "  // Registers: blocks by address in BAR 0, registers by offset in their block.\n";
  for (auto const& block : kBlocks) print_block(out, block);
  print_parameter(out, "NotifyMultiplier", 16, kNotifyMultiplier, "Bytes between slots.");
  print_parameter(out, "ModerationStride", 16, kModerationStride, "Bytes between queues.");
  print_parameter(out, "MsixStride", 16, kMsixStride, "Bytes between vectors.");
  print_parameter(out, "NoVector", 16, kNoVector, "Vector that stands for none.");
  out << "\n  // Counters, by index; a counter's register is at 8 times its index.\n";
  int index = 0;
  for (auto const& r : kStatistics) {
    out << "  localparam int Stat" << upper_camel_case(r.name) << " = " << index++ << ";\n";
  }
  out << "  localparam int NumStats = " << index << ";\n\nendpackage\n\n`default_nettype wire\n";
}

}  // namespace ringside::layout
