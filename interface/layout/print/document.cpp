// The layout tables as docs/registers.md.
#include <iomanip>
#include <ostream>
#include <span>

#include "interface/layout/control.hpp"
#include "interface/layout/pci.hpp"
#include "interface/layout/print/print.hpp"
#include "interface/layout/receive_scaling.hpp"

namespace ringside::layout {
namespace {

std::string_view access_name(Access access) {
  switch (access) {
    case Access::ReadOnly:
      return "RO";
    case Access::ReadWrite:
      return "RW";
    case Access::WriteOnly:
      return "WO";
    case Access::ReadToClear:
      return "RC";
  }
  return "";
}

struct Hex {
  std::uint64_t value;
  int digits;
};

std::ostream& operator<<(std::ostream& out, Hex hex) {
  return out << "0x" << std::hex << std::uppercase << std::setw(hex.digits) << std::setfill('0')
             << hex.value << std::dec;
}

void print_registers(std::ostream& out, std::span<Register const> registers) {
  out << "| Offset | Bits | Name | Access | Reset | Meaning |\n|---|---|---|---|---|---|\n";
  for (auto const& r : registers) {
    out << "| " << Hex{r.offset, 2} << " | " << r.width << " | `" << r.name << "` | "
        << access_name(r.access) << " | " << Hex{r.reset, 1} << " | " << r.description << " |\n";
  }
  out << '\n';
}

void print_constants(std::ostream& out, std::string_view title, std::string_view unit,
                     std::span<Constant const> constants) {
  out << "## " << title << "\n\n| Name | " << unit << " | Meaning |\n|---|---|---|\n";
  for (auto const& c : constants) {
    out << "| `" << c.name << "` | " << c.value << " | " << c.description << " |\n";
  }
  out << '\n';
}

void print_fields(std::ostream& out, std::string_view title, std::span<Field const> fields) {
  out << "## " << title << "\n\n| First bit | Bits | Name |\n|---|---|---|\n";
  for (auto const& f : fields) {
    out << "| " << f.offset << " | " << f.width << " | `" << f.name << "` |\n";
  }
  out << '\n';
}

}  // namespace

void print_document(std::ostream& out) {
  out << "# Registers and layouts\n\n"
         "Printed from `interface/layout` by `layout_print document`; change the tables there, "
         "then\n"
         "run `./ringside print`. Numbers are little endian. RC: a read clears.\n\n"
         "## PCI configuration header\n\n";
  print_registers(out, kPciHeader);
  out << "## BAR 0, " << Hex{kBarSize, 1} << " bytes\n\n";
  for (auto const& block : kBlocks) {
    out << "### `" << block.name << "` at " << Hex{block.offset, 4} << ", " << block.size
        << " bytes\n\n"
        << block.description << "\n\n";
    print_registers(out, block.registers);
  }
  print_fields(out, "Packed virtqueue descriptor", kPackedDescriptor);
  print_fields(out, "Event suppression structure", kEventSuppression);
  print_fields(out, "Network header", kNetHeader);
  print_fields(out, "What follows it with hash_report", kNetHeaderHash);
  print_fields(out, "Vendor capability", kRingsideCapability);
  print_fields(out, "Moderation of a queue, in control commands", kCoalescing);
  print_fields(out, "The queue that it is for, in front of it", kCoalescingQueue);
  print_fields(out, "Hashing, in a control command", kHashConfig);
  print_constants(out, "Feature bits", "Bit", kFeatureBits);
  print_constants(out, "Device status", "Value", kStatusBits);
  print_constants(out, "Descriptor flags", "Value", kDescriptorFlags);
  print_constants(out, "Event flags", "Value", kEventFlags);
  print_constants(out, "Network header flags", "Value", kNetHeaderFlags);
  print_constants(out, "Network header segmentation", "Value", kNetHeaderGso);
  print_constants(out, "Control commands", "Class and number", kControlCommands);
  print_constants(out, "Control acks", "Value", kControlAcks);
  print_constants(out, "Hash types", "Bit", kHashTypes);
  print_constants(out, "Hash reports", "Value", kHashReports);
  print_constants(out, "Receive side scaling", "Value", kReceiveScaling);
  print_constants(out, "Limits", "Value", kLimits);
}

}  // namespace ringside::layout
