#include "tools/bench/bare_committer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "events/base/text.h"
#include "events/log/embedded/segment_writer.h"
#include "tools/bench/measure.h"

namespace kring::bench {
namespace {

void check(bool done, const char* what) {
  if (!done) throw Failed{{ErrorKind::io, "io", "", concat("the bare committer cannot ", what, ": ", std::strerror(errno))}};
}

}  // namespace

BareCommitter::BareCommitter(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)) {
  check(file_ >= 0, "open its file");
  thread_ = std::thread([this] { run(); });
}

BareCommitter::~BareCommitter() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
  ::close(file_);
}

void BareCommitter::append(BytesView bytes, const std::function<void()>& answered) {
  {
    std::lock_guard lock(mutex_);
    queue_.push_back({bytes, &answered});
  }
  arrived_.notify_one();
}

void BareCommitter::run() {
  std::vector<Waiting> batch;
  for (;;) {
    batch.clear();
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      std::swap(batch, queue_);
    }
    commit(batch);
    for (const Waiting& one : batch) (*one.answered)();
  }
}

// Room is made ahead as the log makes it. A disk that fails ends the program: there is nothing to measure any more.
void BareCommitter::commit(const std::vector<Waiting>& batch) {
  buffer_.clear();
  for (const Waiting& one : batch) buffer_ += one.bytes;
  while (allocated_ < offset_ + buffer_.size()) {
    check(::fallocate(file_, 0, static_cast<off_t>(allocated_), static_cast<off_t>(allocation_step)) == 0, "make room");
    allocated_ += allocation_step;
  }
  check(::pwrite(file_, buffer_.data(), buffer_.size(), static_cast<off_t>(offset_)) == static_cast<ssize_t>(buffer_.size()), "write");
  check(::fdatasync(file_) == 0, "sync");
  offset_ += buffer_.size();
}

}  // namespace kring::bench
