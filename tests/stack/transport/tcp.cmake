ringside_test(stack_tcp_test
  SOURCES ../header/tcp_test.cpp tcp/handshake_test.cpp tcp/transfer_test.cpp
  DEPENDS stack_tcp)
