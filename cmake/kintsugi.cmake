# How a folder becomes a library, its unit tests, its link test and its fuzz targets.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -gline-tables-only")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -gline-tables-only")
find_package(Threads REQUIRED)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wthread-safety
                    -Wno-missing-field-initializers -Werror -fno-omit-frame-pointer)
add_link_options(-fuse-ld=mold)
if(KINTSUGI_SANITIZE)
  add_compile_options(-fsanitize=${KINTSUGI_SANITIZE} -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=${KINTSUGI_SANITIZE})
  add_compile_definitions(KINTSUGI_SANITIZED)
endif()
if(KINTSUGI_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  # All fuzz targets, and of the rest only what they need.
  add_custom_target(fuzzers)
endif()

# The folders that a statement's way through the gate leads through are optimized by what ran there under load (`./dev profile` counts it).
set(KINTSUGI_PROFILE "" CACHE STRING "generate: count what runs; a file: optimize by its counts")
set(profiled base runtime mysql sql vschema wire exec gate)
if(KINTSUGI_PROFILE STREQUAL "generate")
  set(profile_options -fprofile-generate)
  add_link_options(-fprofile-generate -fuse-ld=lld)  # mold fails on its counters
elseif(KINTSUGI_PROFILE)
  # By a name without this checkout's path, as with precompiled headers. Functions that have changed since it was made have no counts, and
  # what did not run is not made slower to be smaller.
  set(profile_counts ${CMAKE_BINARY_DIR}/gate.profdata)
  configure_file(${KINTSUGI_PROFILE} ${profile_counts} COPYONLY)
  set(profile_options -fprofile-use=gate.profdata -Wno-backend-plugin "SHELL:-mllvm -pgso=false")
  add_link_options(-Wl,-z,keep-text-section-prefix)  # what is hot lies together
endif()

# kintsugi_precompile(NAME flags...)
#
# Makes pch/NAME.pch of cmake/NAME.h, with the flags of every file and these. CMake's own precompiled headers are not used: objects
# made with them hold this checkout's path, so that the compiler's cache would serve no other. ccache goes by the .sum.
function(kintsugi_precompile name)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} -std=c++${CMAKE_CXX_STANDARD}")
  get_directory_property(options COMPILE_OPTIONS)
  get_directory_property(definitions COMPILE_DEFINITIONS)
  list(TRANSFORM definitions PREPEND -D)
  set(compile ${CMAKE_CXX_COMPILER} ${flags} ${options} ${definitions} ${ARGN} -fpch-instantiate-templates -Xclang -fno-pch-timestamp -x c++-header)
  set(header ${CMAKE_SOURCE_DIR}/cmake/${name}.h)
  add_custom_command(
    OUTPUT pch/${name}.pch pch/${name}.pch.sum
    COMMAND ${compile} -MD -MF pch/${name}.d -MT pch/${name}.pch -o pch/${name}.pch -c ${header}
    COMMAND ${compile} -E -P ${header} | sha256sum > pch/${name}.pch.sum
    DEPENDS ${header}
    DEPFILE ${CMAKE_BINARY_DIR}/pch/${name}.d
    COMMENT "Precompiling ${name}.h"
    VERBATIM)
  add_custom_target(${name} DEPENDS pch/${name}.pch)
endfunction()

# kintsugi_use_precompiled(TARGET NAME): every source file of the target begins with what cmake/NAME.h includes. The path is
# relative to where the compiler runs, since the cache must not see where that is. Objects are made anew when one of its headers changes:
# the compiler lists them as theirs.
function(kintsugi_use_precompiled target name)
  if(KINTSUGI_PRECOMPILE)
    target_compile_options(${target} PRIVATE "SHELL:-include-pch pch/${name}.pch")
    add_dependencies(${target} ${name})
  endif()
endfunction()

if(KINTSUGI_PRECOMPILE)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/pch)
  kintsugi_precompile(precompiled -DFMT_SHARED)
  if(KINTSUGI_TESTS)
    kintsugi_precompile(precompiled_tests -DFMT_SHARED -DGTEST_HAS_PTHREAD=1)
  endif()
endif()

if(KINTSUGI_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  # The one place that knows where the sources are, so that every other object is the same in each checkout
  # and the compiler's cache serves them all.
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/source_dir.cc CONTENT
       "#include \"base/testing/source_dir.h\"\nstd::string kintsugi::source_dir() { return \"${CMAKE_SOURCE_DIR}\"; }\n")
  add_library(kt_source_dir STATIC ${CMAKE_BINARY_DIR}/source_dir.cc)
  target_include_directories(kt_source_dir PUBLIC ${CMAKE_SOURCE_DIR}/src)
  add_library(kt_test_main STATIC ${CMAKE_SOURCE_DIR}/src/base/testing/main.cc)
  target_link_libraries(kt_test_main PUBLIC kt_base kt_source_dir GTest::gmock)
endif()

# kintsugi_library(NAME USES folder... LINKS library... )
#
# Makes the static library kt_NAME of every .cc below this folder that is not a test, a fuzz target, a
# benchmark or main.cc; NAME_test of the *_test.cc; NAME_link, which holds the whole library and only what it says it
# uses, so that a use it does not name fails to link; and one fuzz_X for each fuzz/X.cc.
function(kintsugi_library name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS;TEST_LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER fuzzers INCLUDE REGEX "/fuzz/[^/]*\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|_bench)\\.cc$|/main\\.cc$|/fuzz/[^/]*\\.cc$")

  add_library(kt_${name} STATIC ${sources})
  kintsugi_use_precompiled(kt_${name} precompiled)
  if(name IN_LIST profiled)
    target_compile_options(kt_${name} PRIVATE ${profile_options})
    set_source_files_properties(${sources} PROPERTIES OBJECT_DEPENDS "${profile_counts}")
  endif()
  target_include_directories(kt_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ARG_USES PREPEND kt_)
  target_link_libraries(kt_${name} PUBLIC ${ARG_USES} ${ARG_LINKS} Threads::Threads)

  if(KINTSUGI_TESTS)
    set(empty_main ${CMAKE_BINARY_DIR}/empty_main.cc)
    if(NOT EXISTS ${empty_main})
      file(WRITE ${empty_main} "int main() {}\n")
    endif()
    add_executable(${name}_link ${empty_main})
    target_link_libraries(${name}_link PRIVATE -Wl,--whole-archive kt_${name} -Wl,--no-whole-archive)
    if(tests)
      add_executable(${name}_test ${tests})
      kintsugi_use_precompiled(${name}_test precompiled_tests)
      target_link_libraries(${name}_test PRIVATE kt_${name} ${ARG_TEST_LINKS} kt_test_main)
      add_test(NAME unit.${name} COMMAND ${name}_test --gtest_brief=1)
      set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 600)
    endif()
  endif()

  if(KINTSUGI_FUZZ)
    foreach(fuzzer ${fuzzers})
      get_filename_component(target ${fuzzer} NAME_WE)
      add_executable(fuzz_${target} ${fuzzer})
      add_dependencies(fuzzers fuzz_${target})
      target_link_libraries(fuzz_${target} PRIVATE kt_${name} -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()
