# UDP; included by CMakeLists.txt.
ringside_test(stack_udp_test
  SOURCES udp_endpoint_test.cpp udp_port_table_test.cpp
  DEPENDS stack_udp stack_network
  LABELS stack)
