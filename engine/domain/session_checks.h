// The session that a command names, and the checks that several commands share.
#pragma once

#include "engine/domain/situation.h"

namespace kring::domain {

struct FoundSession {
  ThemeNo theme;
  const rules::Session* session;  // null: never scheduled
};

// The theme exists and has a session of that number.
template <class C>
std::expected<FoundSession, Rejection> find_session(const Situation& s, const C& c) {
  auto theme = s.theme(c.theme);
  if (!theme) return unknown(s, c.theme);
  auto count = s.facts()[theme].sessions;
  if (c.session < 1 || c.session > count) return refuse("unknown_session", "'", c.theme.text, "' has sessions 1 to ", count);
  return FoundSession{theme, s.facts()[theme].find_session(c.session)};
}

enum class Allow : std::uint8_t { nothing, held, cancelled };

// The session is scheduled, and neither cancelled nor held, but for what is allowed.
template <class C>
std::expected<FoundSession, Rejection> scheduled_session(const Situation& s, const C& c, Allow allow = Allow::nothing) {
  auto found = find_session(s, c);
  if (!found) return found;
  if (!found->session) return refuse("not_scheduled", c.theme.text, '/', c.session, " is not scheduled");
  if (found->session->cancelled && allow != Allow::cancelled)
    return refuse("session_cancelled", c.theme.text, '/', c.session, " was cancelled");
  if (found->session->held() && allow != Allow::held)
    return refuse("session_held", "attendance of ", c.theme.text, '/', c.session, " is recorded");
  return found;
}

}  // namespace kring::domain
