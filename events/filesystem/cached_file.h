// Private to the faulty file system: the content of one file, as the cache has it and as the medium does.
#pragma once

#include <set>

#include "events/base/bytes.h"
#include "events/base/dice.h"

namespace kring {

class CachedFile {
 public:
  const Bytes& bytes() const { return cached_; }  // what everybody reads

  void resize(std::uint64_t size);
  void write(std::uint64_t offset, BytesView bytes);
  void set(Bytes content) { cached_ = durable_ = std::move(content); }
  void flip(std::uint64_t offset, unsigned bit);

  void sync();
  void sync_in_part(Dice& dice);  // a sync that fails: what is not written now is never written
  void lose_power(Dice& dice);

 private:
  Bytes cached_, durable_;
  std::set<std::uint64_t> dirty_;  // pages to be written by the next sync
  bool resized_ = false;           // so is the size
};

}  // namespace kring
