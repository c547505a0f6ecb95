#include "tools/kring/line_reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kring::cli {

std::uint64_t LineReader::size() const {
  struct stat status {};
  return fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
}

// False: nothing more comes, and over_ says why.
bool LineReader::fill() {
  begin_ = end_ = 0;
  for (;;) {
    if (!interrupt_.wait_for(descriptor_)) {
      over_ = ReadLine::interrupted;
      return false;
    }
    ssize_t got = ::read(descriptor_, buffer_.data(), buffer_.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) {
      over_ = got == 0 ? ReadLine::end : ReadLine::failed;
      return false;
    }
    end_ = static_cast<std::size_t>(got);
    return true;
  }
}

ReadLine LineReader::next(std::string& line) {
  line.clear();
  if (over_ != ReadLine::line) return over_;
  if (interrupt_.came() != 0) return over_ = ReadLine::interrupted;
  bool too_long = false, something = false;
  for (;;) {
    if (begin_ == end_ && !fill()) {
      if (over_ != ReadLine::end || !something) return over_;
      break;
    }
    something = true;
    const char* from = buffer_.data() + begin_;
    const auto* newline = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_));
    std::size_t bytes = newline ? static_cast<std::size_t>(newline - from) : end_ - begin_;
    too_long = too_long || line.size() + bytes > max_line;
    line.append(from, std::min(bytes, max_line - line.size()));
    begin_ += bytes + (newline ? 1 : 0);
    offset_ += bytes + (newline ? 1 : 0);
    if (newline) break;
  }
  return too_long ? ReadLine::too_long : ReadLine::line;
}

}  // namespace kring::cli
