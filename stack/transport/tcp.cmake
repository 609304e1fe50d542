# TCP, split by concern; tcp/README.md says what is where.
ringside_library(stack_tcp
  SOURCES tcp/connection.cpp tcp/connection_input.cpp tcp/connection_open.cpp
          tcp/connection_output.cpp tcp/connection_timer.cpp tcp/endpoint.cpp tcp/layer.cpp
          tcp/layer_ports.cpp tcp/new_reno.cpp tcp/receive_buffer.cpp tcp/receiver.cpp
          tcp/send_buffer.cpp tcp/sender.cpp tcp/sender_ack.cpp tcp/sender_output.cpp
          tcp/sender_timer.cpp
  DEPENDS stack_header)
target_compile_options(stack_tcp PRIVATE -fno-exceptions)
