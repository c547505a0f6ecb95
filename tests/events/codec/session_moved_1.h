// The bytes of a decision as they were while SessionMoved had version 1: without where the session was before.
#pragma once

#include "events/codec/codec.h"
#include "tests/events/codec/sample.h"

namespace kring::test {

inline Decision moved_without_before() {
  return with_event(event::SessionMoved{{"alpha"}, 3, {19'900}, Part::evening, {}, {}});
}

inline Bytes session_moved_1() {
  Bytes bytes = codec::encode(moved_without_before());
  constexpr std::string_view name = event::SessionMoved::type;
  auto version = bytes.find(name) + name.size();  // then: version (u16), size (u32), the members
  auto size = static_cast<unsigned char>(bytes[version + 2]);
  bytes.erase(version + 6 + size - 2, 2);  // the two absent optionals
  bytes[version] = 1;
  bytes[version + 2] = static_cast<char>(size - 2);
  return bytes;
}

}  // namespace kring::test
