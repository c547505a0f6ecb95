// Described types to JSON. Members with no value are left out of commands and events, and null in reads.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "events/json/json.h"

namespace kring::json {

enum class Absent : std::uint8_t { omit, null };

// Personal text is shown by whoever can open it: by default a sealed text shows as null.
class ToJson {
 public:
  explicit ToJson(Absent absent) : absent_(absent) {}
  virtual ~ToJson() = default;

  template <Described T>
  Value operator()(const T& value) {
    return convert(value);
  }

 protected:
  virtual Value personal(const char* /*member*/, const Personal& /*text*/) { return nullptr; }

 private:
  template <class T>
  void add(Object& object, const char* name, const T& value) {
    if constexpr (is_optional<T>::value) {
      if (value) add(object, name, *value);
      else if (absent_ == Absent::null) object.emplace(name, nullptr);
    } else if constexpr (is_setting<T>::value) {
      if (value.named) object.emplace(name, value.value ? convert(*value.value) : Value(nullptr));
    } else if constexpr (std::is_same_v<T, Personal>) {
      object.emplace(name, personal(name, value));
    } else if constexpr (is_entry_list<T>::value) {
      if (value.empty() && absent_ == Absent::omit) return;
      Object map;
      for (const auto& [key, entry] : value) map.emplace(key_of(key), entry ? convert(*entry) : Value(nullptr));
      object.emplace(name, std::move(map));
    } else {
      object.emplace(name, convert(value));
    }
  }

  template <class T>
  struct is_entry_list : std::false_type {};
  template <class K, class V>
  struct is_entry_list<std::vector<Entry<K, V>>> : std::true_type {};

  template <class Tag>
  static std::string_view key_of(const Id<Tag>& id) {
    return id.text;
  }
  template <Named E>
  static std::string_view key_of(E e) {
    return name_of(e);
  }

  template <class T>
  Value convert(const T& value) {
    if constexpr (Described<T>) {
      Object object;
      T::members(value, [&](const char* name, const auto& member, auto...) { add(object, name, member); });
      return object;
    } else if constexpr (is_vector<T>::value) {
      Array array;
      for (const auto& item : value) array.push_back(convert(item));
      return array;
    } else if constexpr (is_optional<T>::value) {
      return value ? convert(*value) : Value(nullptr);
    } else if constexpr (std::is_same_v<T, Day> || std::is_same_v<T, Instant>) {
      return Value(to_string(value));
    } else if constexpr (std::is_same_v<T, PartTimes>) {
      return Array{Value(value.begin), Value(value.end)};
    } else if constexpr (std::is_same_v<T, Value> || std::is_same_v<T, Object>) {
      return value;
    } else if constexpr (requires { value.text; }) {
      return Value(value.text);
    } else if constexpr (Named<T>) {
      return Value(name_of(value));
    } else {
      return Value(value);
    }
  }

  Absent absent_;
};

template <Described T>
Value to_json(const T& value, Absent absent = Absent::null) {
  return ToJson(absent)(value);
}

}  // namespace kring::json
