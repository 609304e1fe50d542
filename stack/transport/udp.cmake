# UDP; included by CMakeLists.txt.
ringside_library(stack_udp
  SOURCES udp_endpoint.cpp udp_layer.cpp udp_port_table.cpp
  DEPENDS ringside_interface stack_header)
target_compile_options(stack_udp PRIVATE -fno-exceptions)
