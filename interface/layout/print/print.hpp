// Prints the layout tables in the two forms that are committed.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace ringside::layout {

// rtl/nic_pkg.sv: the tables as a SystemVerilog package.
void print_package(std::ostream& out);

// docs/registers.md: the tables for people.
void print_document(std::ostream& out);

// queue_msix_vector becomes QueueMsixVector, as house style names parameters.
std::string upper_camel_case(std::string_view name);

}  // namespace ringside::layout
