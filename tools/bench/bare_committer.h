// The raw limit of a durable append: a thread that takes what is queued, writes it behind the last bytes in one write,
// syncs, and answers. No deciding, no encoding, no hashing, no index.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "events/base/bytes.h"

namespace kring::bench {

class BareCommitter {
 public:
  explicit BareCommitter(const std::string& path);  // of a new file
  ~BareCommitter();                                 // after answering everything

  // `answered` runs on the committer's thread when the bytes are durable. Both are borrowed until then. Thread-safe.
  void append(BytesView bytes, const std::function<void()>& answered);

 private:
  struct Waiting {
    BytesView bytes;
    const std::function<void()>* answered;
  };
  void run();
  void commit(const std::vector<Waiting>& batch);

  int file_;
  std::uint64_t offset_ = 0, allocated_ = 0;
  Bytes buffer_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Waiting> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace kring::bench
