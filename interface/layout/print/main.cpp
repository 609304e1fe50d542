// layout_print package|document: writes one of the printed files to standard output.
#include <iostream>
#include <string_view>

#include "interface/layout/print/print.hpp"

int main(int argc, char** argv) {
  std::string_view const what = argc == 2 ? argv[1] : "";
  if (what == "package") {
    ringside::layout::print_package(std::cout);
  } else if (what == "document") {
    ringside::layout::print_document(std::cout);
  } else {
    std::cerr << "layout_print: say what to print: package or document\n";
    return 2;
  }
  return std::cout.flush() ? 0 : 1;
}
