// RocksDB on the simulated disk: its files lie in the same cache and on the same medium as everybody's.
#pragma once

#include <memory>

#include "events/filesystem/faulty_filesystem.h"

namespace rocksdb {
class Env;
}

namespace kring::simulator {

struct EnvDeleter {
  void operator()(rocksdb::Env* env) const;
};
using RocksEnv = std::unique_ptr<rocksdb::Env, EnvDeleter>;

// Compactions never begin in it: they would run beside everything else, and a run could not be repeated. What flushes do
// is waited for by whoever asks for one. `files` must outlive it.
RocksEnv make_rocks_env(FaultyFileSystem& files);

}  // namespace kring::simulator
