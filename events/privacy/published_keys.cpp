#include "events/privacy/published_keys.h"

#include "events/base/little_endian.h"
#include "events/privacy/key_slot.h"

namespace kring {

Result<void> PublishedKeys::catch_up() {
  bool newer = false;
  const auto read = feed_->read([&](BytesView key, std::optional<BytesView> value) {
    const ParsedKeyMessage message = parse_key_message(key, value);
    newer |= message.kind == KeyMessageKind::unsupported;
    take(message);
  });
  if (read && newer) return fail(ErrorKind::unsupported, "unsupported_format", "the shared keys of this history were written by a newer kring");
  return read;
}

Result<void> PublishedKeys::catch_up_as_writer(std::uint64_t epoch) {
  put_little(reinterpret_cast<char*>(writer_.data()), random_number());
  put_little(reinterpret_cast<char*>(writer_.data()) + sizeof(std::uint64_t), random_number());
  saw_writer_ = false;
  const KeyMessage announcement = writer_message(epoch, writer_);
  if (auto published = feed_->publish({&announcement, 1}); !published) return published;
  if (auto read = catch_up(); !read) return read;
  if (saw_writer_) return {};
  return fail(ErrorKind::io, "keys_behind", "the shared keys of this history cannot be read to their end: what was stored last does not show");
}

void PublishedKeys::take(const ParsedKeyMessage& message) {
  switch (message.kind) {
    case KeyMessageKind::key:
      if (unwrap(message.key.id, message.key.wrapped, wrapping_)) take_key(message.key, true);
      return;
    case KeyMessageKind::destroyed:
      return take_destroyed(message.key.id);
    case KeyMessageKind::store:
      return void(store_ = message.store);
    case KeyMessageKind::writer:
      return void(saw_writer_ |= message.writer == writer_);
    case KeyMessageKind::foreign:
    case KeyMessageKind::unsupported:
      return;
  }
}

void PublishedKeys::take_key(PublishedKey key, bool is_new) {
  const std::uint64_t slot = slot_of(key.id);
  live_[key.id] = key.epoch;
  if (is_new) arrived_.push_back(key.id);
  const auto [newest, first] = newest_.try_emplace(slot, Newest{key.id, key.epoch});
  if (!first && newest->second.epoch > key.epoch) return;
  newest->second = {key.id, key.epoch};
  if (is_new) new_.insert_or_assign(slot, std::move(key));
}

void PublishedKeys::take_destroyed(const KeyId& id) {
  live_.erase(id);
  const std::uint64_t slot = slot_of(id);
  if (const auto newest = newest_.find(slot); newest != newest_.end() && newest->second.id == id) newest_.erase(newest);
  if (const auto found = new_.find(slot); found != new_.end() && found->second.id == id) new_.erase(found);
}

std::vector<PublishedKey> PublishedKeys::take_new() {
  std::vector<PublishedKey> keys;
  keys.reserve(new_.size());
  for (auto& [slot, key] : std::exchange(new_, {})) keys.push_back(std::move(key));
  return keys;
}

Result<void> PublishedKeys::publish(const std::vector<PublishedKey>& keys) {
  if (keys.empty()) return {};
  std::vector<KeyMessage> messages;
  messages.reserve(keys.size());
  for (const PublishedKey& key : keys) messages.push_back(key_message(key));
  if (auto published = feed_->publish(messages); !published) return published;
  for (const PublishedKey& key : keys) take_key(key, false);
  return {};
}

Result<void> PublishedKeys::publish(const SharedStore& store) {
  const KeyMessage message = store_message(store);
  auto published = feed_->publish({&message, 1});
  if (published) store_ = store;
  return published;
}

Result<void> PublishedKeys::destroy(const std::vector<KeyId>& ids) {
  if (ids.empty()) return {};
  std::vector<KeyMessage> messages;
  messages.reserve(ids.size());
  for (const KeyId& id : ids) messages.push_back(destroyed_message(id));
  if (auto published = feed_->publish(messages); !published) return published;
  for (const KeyId& id : ids) take_destroyed(id);
  return {};
}

}  // namespace kring
