// How a type tells its members. Each command, event, row and read result lists its members once:
//
//   template <class Self, class Visit>
//   static void members(Self& self, Visit&& visit) { visit("theme", self.theme); visit("session", self.session, Range{1, 99}); }
//
// Codec, JSON reader, JSON writer and tables are visitors of that list, so a member cannot be in one
// and missing in another. The order is the order of the encoded bytes: golden files hold it still.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace kring {

struct Range {
  std::int64_t least, most;  // inclusive; checked where input enters
};

struct Limit {
  std::size_t bytes;  // of a text
};
struct Generated {};  // may be absent where input enters: then made up before the command is decided

inline constexpr std::size_t max_text = 1000;         // bytes of a title, name, label, ...
inline constexpr std::size_t max_reason = 4000;       // bytes of a reason or note
inline constexpr std::size_t max_list = 1000;         // elements of a list in a command
inline constexpr std::size_t max_body = 16 << 20;     // bytes of one encoded decision

// Does T list its members?
template <class T>
concept Described = requires(T& t) { T::members(t, [](auto&&...) {}); };

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

// Enumerations with names: specialise with `static constexpr std::array<std::string_view, N> names`,
// in the order of the enumerators. The encoded form is the index: append only.
template <class E>
struct Names;

template <class E>
concept Named = std::is_enum_v<E> && requires { Names<E>::names.size(); };

template <Named E>
constexpr std::string_view name_of(E e) {
  return Names<E>::names[static_cast<std::size_t>(e)];
}

template <Named E>
constexpr std::optional<E> from_name(std::string_view name) {
  for (std::size_t i = 0; i < Names<E>::names.size(); ++i)
    if (Names<E>::names[i] == name) return static_cast<E>(i);
  return std::nullopt;
}

// A value that may be set, removed or left alone: absent, null or a value in JSON.
template <class T>
struct Setting {
  bool named = false;
  std::optional<T> value;
  bool operator==(const Setting&) const = default;
};

template <class T>
struct is_setting : std::false_type {};
template <class T>
struct is_setting<Setting<T>> : std::true_type {};

// An entry of a map in a command: {"re-integratie": 20, "veerkracht-en-weerbaarheid": null}.
template <class K, class V>
struct Entry {
  K key;
  std::optional<V> value;  // none removes the key
  bool operator==(const Entry&) const = default;
};

template <class T>
struct is_entry : std::false_type {};
template <class K, class V>
struct is_entry<Entry<K, V>> : std::true_type {};

}  // namespace kring
