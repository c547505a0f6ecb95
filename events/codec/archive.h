// Described types to bytes and back: cereal's portable binary archive behind visitors of their members.
// Heavy: include it in .cpp files only, and in few.
//
// cereal trusts what it reads (eight bytes of input can make it allocate 8 GiB), so every length is checked
// here against what is left before anything is allocated, and no container of ours is handed to cereal.
#pragma once

#include <cereal/archives/portable_binary.hpp>
#include <istream>
#include <ostream>
#include <streambuf>

#include "events/base/check.h"
#include "events/base/error.h"
#include "events/vocabulary.h"

namespace kring::codec {

class AppendBuffer : public std::streambuf {
 public:
  Bytes bytes;

 protected:
  std::streamsize xsputn(const char* data, std::streamsize count) override {
    bytes.append(data, static_cast<std::size_t>(count));
    return count;
  }
  int_type overflow(int_type c) override {
    bytes += static_cast<char>(c);
    return c;
  }
};

class ViewBuffer : public std::streambuf {
 public:
  void reset(BytesView bytes) {
    char* begin = const_cast<char*>(bytes.data());  // never written: this buffer only reads
    setg(begin, begin, begin + bytes.size());
  }
  std::size_t left() const { return static_cast<std::size_t>(egptr() - gptr()); }
};

// Writes values one after the other. A visitor of members: writer("theme", self.theme).
class Writer {
 public:
  Writer() : stream_(&buffer_), archive_(stream_, cereal::PortableBinaryOutputArchive::Options::LittleEndian()) {}

  Bytes take() { return std::move(buffer_.bytes); }
  std::size_t size() const { return buffer_.bytes.size(); }

  template <class T, class... Constraint>
  void operator()(const char*, const T& value, Constraint...) {
    write(value);
  }

  template <class T>
    requires std::is_arithmetic_v<T>
  void write(T value) {
    archive_(value);
  }
  void write(const std::string& text) {
    KRING_CHECK(text.size() <= UINT32_MAX);
    write(static_cast<std::uint32_t>(text.size()));
    archive_(cereal::binary_data(text.data(), text.size()));
  }
  template <std::size_t N>
  void write(const std::array<std::uint8_t, N>& bytes) {
    archive_(cereal::binary_data(bytes.data(), N));
  }
  template <class T, std::size_t N>
  void write(const std::array<T, N>& list) {
    for (const T& item : list) write(item);
  }
  template <class Tag>
  void write(const Id<Tag>& id) {
    write(id.text);
  }
  void write(Day day) { write(day.number); }
  void write(Instant instant) { write(instant.micros); }
  void write(const Personal& text) {
    KRING_CHECK(text.clear.empty());  // only sealed text may reach a record
    write(text.sealed);
  }
  void write(const PartTimes& times) {
    write(times.begin);
    write(times.end);
  }
  template <Named E>
  void write(E e) {
    write(static_cast<std::uint8_t>(e));
  }
  template <class T>
  void write(const std::optional<T>& value) {
    write(static_cast<std::uint8_t>(value.has_value()));
    if (value) write(*value);
  }
  template <class T>
  void write(const Setting<T>& setting) {
    write(static_cast<std::uint8_t>(setting.named));
    write(setting.value);
  }
  template <class K, class V>
  void write(const Entry<K, V>& entry) {
    write(entry.key);
    write(entry.value);
  }
  template <class T>
  void write(const std::vector<T>& list) {
    write(static_cast<std::uint32_t>(list.size()));
    for (const T& item : list) write(item);
  }
  template <Described T>
  void write(const T& value) {
    T::members(value, *this);
  }
  // The number of bytes (u32) and then the value, so that a reader can step over it.
  template <Described T>
  void write_sized(const T& value) {
    auto at = buffer_.bytes.size();
    write(std::uint32_t{0});
    write(value);
    auto size = static_cast<std::uint32_t>(buffer_.bytes.size() - at - 4);
    for (std::size_t i = 0; i < 4; ++i) buffer_.bytes[at + i] = static_cast<char>(size >> (8 * i) & 0xff);
  }

 private:
  AppendBuffer buffer_;
  std::ostream stream_;
  cereal::PortableBinaryOutputArchive archive_;
};

// Reads what Writer wrote. After the first thing that cannot be right, `failed` is true and nothing more is read.
class Reader {
 public:
  explicit Reader(BytesView bytes) : stream_(prepare(buffer_, bytes)), archive_(stream_) {}

  bool failed() const { return failed_; }
  std::size_t left() const { return buffer_.left(); }

  template <class T, class... Constraint>
  void operator()(const char*, T& value, Constraint...) {
    read(value);
  }

  template <class T>
    requires std::is_arithmetic_v<T>
  void read(T& value) {
    if (need(sizeof(T))) archive_(value);
  }
  void read(bool& value) {
    std::uint8_t byte = 0;
    read(byte);
    if (byte > 1) failed_ = true;
    value = byte == 1;
  }
  void read(std::string& text) {
    std::uint32_t size = 0;
    read(size);
    if (!need(size)) return;
    text.resize(size);
    archive_(cereal::binary_data(text.data(), text.size()));
  }
  template <std::size_t N>
  void read(std::array<std::uint8_t, N>& bytes) {
    if (need(N)) archive_(cereal::binary_data(bytes.data(), N));
  }
  template <class T, std::size_t N>
  void read(std::array<T, N>& list) {
    for (T& item : list) read(item);
  }
  template <class Tag>
  void read(Id<Tag>& id) {
    read(id.text);
  }
  void read(Day& day) { read(day.number); }
  void read(Instant& instant) { read(instant.micros); }
  void read(Personal& text) { read(text.sealed); }
  void read(PartTimes& times) {
    read(times.begin);
    read(times.end);
  }
  template <Named E>
  void read(E& e) {
    std::uint8_t index = 0;
    read(index);
    if (index >= Names<E>::names.size()) failed_ = true;
    else e = static_cast<E>(index);
  }
  template <class T>
  void read(std::optional<T>& value) {
    bool there = false;
    read(there);
    if (failed_ || !there) return value.reset();
    read(value.emplace());
  }
  template <class T>
  void read(Setting<T>& setting) {
    read(setting.named);
    read(setting.value);
  }
  template <class K, class V>
  void read(Entry<K, V>& entry) {
    read(entry.key);
    read(entry.value);
  }
  template <class T>
  void read(std::vector<T>& list) {
    std::uint32_t count = 0;
    read(count);
    if (!need(count)) return;  // an item takes at least a byte
    list.clear();
    while (count-- > 0 && !failed_) read(list.emplace_back());
  }
  template <Described T>
  void read(T& value) {
    T::members(value, *this);
  }

  void give_up() { failed_ = true; }

 private:
  std::streambuf* prepare(ViewBuffer& buffer, BytesView bytes) {
    // cereal reads the byte that tells the byte order on construction and throws where there is none.
    static constexpr char little[1] = {1};
    if (bytes.empty() || (bytes[0] != 0 && bytes[0] != 1)) {
      failed_ = true;
      buffer.reset({little, 1});
    } else {
      buffer.reset(bytes);
    }
    return &buffer;
  }
  bool need(std::size_t bytes) {
    if (!failed_ && buffer_.left() < bytes) failed_ = true;
    return !failed_;
  }

  bool failed_ = false;
  ViewBuffer buffer_;
  std::istream stream_;
  cereal::PortableBinaryInputArchive archive_;
};

template <Described T>
Bytes pack(const T& value) {
  Writer writer;
  writer.write(value);
  return writer.take();
}

template <Described T>
Result<T> unpack(BytesView bytes) {
  Reader reader(bytes);
  T value;
  reader.read(value);
  if (reader.failed() || reader.left() != 0)
    return fail(ErrorKind::damaged, "undecodable", "stored bytes are not what their type says");
  return value;
}

}  // namespace kring::codec
