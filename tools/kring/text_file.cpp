#include "tools/kring/text_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "events/base/text.h"

namespace kring::cli {

// Read to the end, not mapped or measured: it may be a pipe, as in `kring init <(make-programme)`.
Result<std::string> read_text_file(const std::string& path) {
  constexpr std::size_t most = 16 << 20;
  auto failed = [&](const char* why) { return fail(ErrorKind::io, "unreadable", concat("cannot read ", path, ": ", why)); };
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failed(std::strerror(errno));
  std::string text;
  char buffer[1 << 16];
  ssize_t got = 0;
  while (text.size() <= most && ((got = ::read(descriptor, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR)))
    if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
  const int number = errno;
  ::close(descriptor);
  if (got < 0) return failed(std::strerror(number));
  if (text.size() > most) return failed("it is larger than 16 MiB");
  return text;
}

}  // namespace kring::cli
