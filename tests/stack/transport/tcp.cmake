ringside_test(stack_tcp_test
  SOURCES ../header/tcp_test.cpp tcp/acknowledgement_test.cpp tcp/close_test.cpp
          tcp/flow_control_test.cpp tcp/handshake_test.cpp tcp/icmp_problem_test.cpp
          tcp/loss_recovery_test.cpp tcp/parts_test.cpp tcp/reset_test.cpp
          tcp/scarcity_test.cpp tcp/story_test.cpp tcp/transfer_test.cpp
  DEPENDS stack_tcp)
