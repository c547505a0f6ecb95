// A compacted topic of keys in memory: what is published is there at once, and compaction takes what it may when a test says so.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "events/privacy/key_feed.h"

namespace kring::testing {

class MemoryKeyTopic {
 public:
  struct Stored {
    std::uint64_t offset = 0;
    KeyMessage message;
  };
  std::vector<Stored> messages;
  // Called before each read and each publish: others do something meanwhile. May be empty.
  std::function<void()> meanwhile;
  // The publish with this number, counted from here, fails, having stored so many of its messages; and so does every call of
  // that object from then on.
  std::uint64_t publishes_until_failure = UINT64_MAX;
  std::size_t stored_of_failed = 0;

  std::unique_ptr<KeyFeed> feed() { return std::make_unique<Feed>(*this); }

  void append(KeyMessage message) { messages.push_back({next_++, std::move(message)}); }

  // Takes away each message of which a later one has the key, where `may` says so; then tombstones that nothing is left behind
  // of, but for the newest message.
  void compact(const std::function<bool()>& may = [] { return true; }) {
    std::map<Bytes, std::uint64_t> newest;
    std::map<Bytes, std::size_t> left;
    for (const Stored& one : messages) newest[one.message.key] = one.offset;
    std::erase_if(messages, [&](const Stored& one) { return newest[one.message.key] != one.offset && may(); });
    for (const Stored& one : messages) ++left[one.message.key];
    std::erase_if(messages, [&](const Stored& one) { return !one.message.value && left[one.message.key] == 1 && one.offset + 1 < next_ && may(); });
  }

  bool holds(BytesView bytes) const {
    for (const Stored& one : messages)
      if (one.message.key.find(bytes) != Bytes::npos || (one.message.value && one.message.value->find(bytes) != Bytes::npos)) return true;
    return false;
  }

 private:
  class Feed final : public KeyFeed {
   public:
    explicit Feed(MemoryKeyTopic& topic) : topic_(topic) {}

    Result<void> read(const Visit& visit) override {
      if (topic_.meanwhile) topic_.meanwhile();
      if (failed_) return broken();
      const auto copy = topic_.messages;  // `visit` may end in a publish
      for (const Stored& one : copy) {
        if (one.offset < next_) continue;
        next_ = one.offset + 1;
        visit(one.message.key, one.message.value ? std::optional<BytesView>(*one.message.value) : std::nullopt);
      }
      return {};
    }
    Result<void> publish(std::span<const KeyMessage> published) override {
      if (topic_.meanwhile) topic_.meanwhile();
      if (failed_) return broken();
      failed_ = topic_.publishes_until_failure == 0;
      if (topic_.publishes_until_failure != UINT64_MAX) --topic_.publishes_until_failure;
      const std::size_t count = failed_ ? std::min(topic_.stored_of_failed, published.size()) : published.size();
      for (const KeyMessage& message : published.first(count)) topic_.append(message);
      return failed_ ? broken() : Result<void>();
    }

   private:
    static Result<void> broken() { return fail(ErrorKind::io, "log_unreachable", "the broker is gone"); }

    MemoryKeyTopic& topic_;
    std::uint64_t next_ = 0;
    bool failed_ = false;
  };

  std::uint64_t next_ = 0;
};

}  // namespace kring::testing
