# kring_library(NAME SOURCES ... LINKS ... PRIVATE_LINKS ...): a static library of ours.
set(KRING_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Werror)

function(kring_options TARGET)
  target_include_directories(${TARGET} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${TARGET} PRIVATE ${KRING_WARNINGS})
  if(KRING_SANITIZE)
    target_compile_options(${TARGET} PUBLIC -fsanitize=${KRING_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${TARGET} PUBLIC -fsanitize=${KRING_SANITIZE})
  endif()
endfunction()

function(kring_library NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  target_link_libraries(${NAME} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
  kring_options(${NAME})
endfunction()
