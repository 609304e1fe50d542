# How everything here is compiled, and three functions: ringside_library, ringside_test,
# ringside_verilate.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Asserts guard invariants in every build; what is too dear for that goes under NIC_CHECK.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

find_package(GTest REQUIRED)
find_package(verilator 5.006 REQUIRED HINTS /usr/share/verilator)
include(GoogleTest)

add_library(ringside_flags INTERFACE)
target_compile_options(ringside_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                                                -Werror)
target_include_directories(ringside_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(RINGSIDE_SANITIZE)
  # For all code of the build, the Verilated models included.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# Nobody steps through generated code: lines for a backtrace will do. Following every variable of it
# makes the compiler up to ten times slower.
set(generated_code_debug $<$<CONFIG:Debug>:-g1>)

# Debian's SystemC is built as C++17 and checks that its users say so.
find_library(SYSTEMC_LIBRARY systemc REQUIRED)
add_library(ringside_systemc INTERFACE)
add_library(systemc_support STATIC ${PROJECT_SOURCE_DIR}/cmake/systemc/main.cpp)
target_link_libraries(systemc_support PRIVATE ringside_flags)
target_link_libraries(ringside_systemc INTERFACE ${SYSTEMC_LIBRARY} systemc_support)
if(RINGSIDE_SANITIZE)
  target_sources(systemc_support PRIVATE ${PROJECT_SOURCE_DIR}/cmake/systemc/sanitizer_stacks.cpp)
  # Nothing of ours names it, so it is asked for.
  target_link_options(ringside_systemc INTERFACE -Wl,--undefined=ringside_sanitizer_stacks)
endif()
target_compile_definitions(ringside_systemc INTERFACE SC_CPLUSPLUS=201703L)

# ringside_library(NAME SOURCES a.cpp ... [DEPENDS other ...])
# A static library of our own code; without sources, a set of headers.
function(ringside_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC ringside_flags ${ARG_DEPENDS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ringside_flags ${ARG_DEPENDS})
  endif()
endfunction()

# ringside_test(NAME SOURCES a_test.cpp ... DEPENDS library ... [LABELS label ...])
# A GoogleTest program; CTest runs each of its tests in a process of its own.
function(ringside_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ringside_flags ${ARG_DEPENDS} GTest::gtest_main
                                        GTest::gmock)
  # A test runs for less time than a thorough optimization of it would take; what it tests is
  # compiled as in the product.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# What all Verilated models share, compiled once instead of once a model.
add_library(verilated_runtime STATIC ${VERILATOR_ROOT}/include/verilated.cpp
                                     ${VERILATOR_ROOT}/include/verilated_threads.cpp)
target_include_directories(verilated_runtime SYSTEM PUBLIC ${VERILATOR_ROOT}/include
                                                           ${VERILATOR_ROOT}/include/vltstd)
# Time is ours to give, also where SystemC is around.
target_compile_definitions(verilated_runtime PUBLIC VL_TIME_CONTEXT)
target_compile_options(verilated_runtime PRIVATE -w -O3 ${generated_code_debug})
# What traced models need besides. Verilator's record of old values and GTKWave's FST writer store
# words wherever they fall, as this processor allows.
add_library(verilated_fst STATIC ${VERILATOR_ROOT}/include/verilated_fst_c.cpp)
set(words_anywhere $<$<BOOL:${RINGSIDE_SANITIZE}>:-fno-sanitize=alignment>)
target_compile_options(verilated_fst PRIVATE -w -O3 ${generated_code_debug} ${words_anywhere})
target_link_libraries(verilated_fst PUBLIC verilated_runtime z)

# ringside_verilate(NAME TOP module SOURCES a.sv ... [ARGS ...] [QUICK] [TRACE])
# A library with the Verilated `module` as class V<module>, header "V<module>.h". QUICK: soon
# compiled rather than fast, in one piece as Verilator's own makefiles do it.
# OPT_FAST: Verilator 5.006 appends its own -Os after all user flags (docs/decisions.md).
function(ringside_verilate name)
  cmake_parse_arguments(ARG "QUICK;TRACE" "TOP" "SOURCES;ARGS" ${ARGN})
  add_library(${name} STATIC)
  set(trace "")
  if(ARG_TRACE)
    set(trace TRACE_FST)
    target_compile_options(${name} PRIVATE ${words_anywhere})
  endif()
  set(optimize OPT_FAST -O3 OPT_SLOW -O1)
  if(ARG_QUICK)
    set(optimize "")
    target_compile_options(${name} PRIVATE -O1)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
  endif()
  verilate(${name} ${trace}
    TOP_MODULE ${ARG_TOP} PREFIX V${ARG_TOP} SOURCES ${ARG_SOURCES}
    DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name}.dir
    ${optimize}
    VERILATOR_ARGS -O3 -Wall --x-assign fast --x-initial fast --default-language 1800-2012
      ${PROJECT_SOURCE_DIR}/rtl/lint.vlt ${ARG_ARGS})
  get_target_property(sources ${name} SOURCES)
  list(FILTER sources EXCLUDE REGEX "^${VERILATOR_ROOT}/include/")
  set_target_properties(${name} PROPERTIES SOURCES "${sources}")
  target_link_libraries(${name} PUBLIC $<IF:$<BOOL:${ARG_TRACE}>,verilated_fst,verilated_runtime>)
  # Generated code and Verilator's headers are not held to our warnings.
  target_compile_options(${name} PRIVATE -w ${generated_code_debug})
  target_include_directories(${name} SYSTEM INTERFACE
    $<TARGET_PROPERTY:${name},INCLUDE_DIRECTORIES>)
endfunction()
