// Errors: what could not be done, as opposed to what the rules refuse (a Rejection) and to bugs
// (KRING_CHECK). Returned as std::expected<T, Error>; no exception crosses a header of ours.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace kring {

enum class ErrorKind : std::uint8_t {
  usage,        // wrongly called: exit code 1
  invalid,      // input that is no valid command, programme file, ...: exit code 3
  not_found,    // a read names something that does not exist: exit code 3
  io,           // the machine could not do it: exit code 2
  busy,         // another process holds what is needed: exit code 2
  damaged,      // stored data are not what was written: exit code 2
  unsupported,  // data of another format version: exit code 2
};

struct Error {
  ErrorKind kind = ErrorKind::io;
  std::string code;     // stable, for programs: "invalid_command", "time_goes_back", "log_damaged"
  std::string member;   // the member of the input that is wrong; empty where none is
  std::string message;  // for people; not part of any contract
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message, std::string member = {}) {
  return std::unexpected(Error{kind, std::move(code), std::move(member), std::move(message)});
}

}  // namespace kring
