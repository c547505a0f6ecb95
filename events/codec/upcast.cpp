#include "events/codec/upcast.h"

namespace kring::codec {
namespace {

// Version 1 told only where the session went.
struct SessionMoved1 {
  ThemeId theme;
  std::int32_t session = 0;
  Day date;
  Part part{};

  template <class Self, class Visit>
  static void members(Self& self, Visit&& visit) {
    visit("theme", self.theme);
    visit("session", self.session);
    visit("date", self.date);
    visit("part", self.part);
  }
};

}  // namespace

void upcast(std::uint16_t version, Reader& reader, event::SessionMoved& moved) {
  if (version != 1) return reader.give_up();
  SessionMoved1 old;
  reader.read(old);
  moved = {std::move(old.theme), old.session, old.date, old.part, {}, {}};
}

}  // namespace kring::codec
