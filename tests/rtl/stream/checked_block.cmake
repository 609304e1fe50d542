# checked_block(NAME TOP module SOURCES a.sv ... [ARGS ...])
# ringside_verilate with the block's assertions on, for unit tests: they run for less time than a
# thorough optimization would take. Verilator's own headers do not pass our warnings, so they count
# as the system's.
function(checked_block name)
  cmake_parse_arguments(ARG "" "TOP" "SOURCES;ARGS" ${ARGN})
  ringside_verilate(${name} TOP ${ARG_TOP} SOURCES ${ARG_SOURCES} QUICK
                    ARGS -DNIC_CHECK --assert ${ARG_ARGS})
  get_target_property(directories ${name} INTERFACE_INCLUDE_DIRECTORIES)
  set_property(TARGET ${name} APPEND PROPERTY INTERFACE_SYSTEM_INCLUDE_DIRECTORIES
                                              ${directories})
endfunction()
