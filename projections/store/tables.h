// What the read models hold: one row type per table. Keys are built here too, so that their form is in one place.
#pragma once

#include "events/vocabulary.h"

namespace kring::projections {

enum class Model : std::uint8_t { directory, theme_roster, venue_assignments, history };
inline constexpr std::size_t model_count = 4;
inline constexpr std::array<std::string_view, model_count> model_names{"directory", "theme_roster", "venue_assignments", "history"};
// Raised when a row or key changes its form: a model of another version is built anew.
inline constexpr std::uint32_t model_version = 2;

// Tables, as the letter in their keys.
namespace table {
inline constexpr char programmes = 'P', policy = 'q', theme = 't', area = 'a', venue = 'v', person = 'n', unavailable = 'u';
inline constexpr char seat = 's', ended = 'e', tenure_of = 'h', waiting = 'w', invitation = 'i';
inline constexpr char session = 'S', attendance = 'A', agenda = 'G', released = 'L', release = 'V';
inline constexpr char record = 'r', time = 'T', person_index = '1', area_index = '2', venue_index = '3', session_index = '4';
inline constexpr char theme_index = '5', type_index = '6', actor_index = '7';
}  // namespace table

// programme, a zero byte, the table, then ids each ended by a zero byte, and numbers in eight bytes, big-endian.
class Key {
 public:
  Key(const ProgrammeId& programme, char table) : bytes_(programme.text) {
    bytes_ += '\0';
    bytes_ += table;
  }
  Key&& id(std::string_view id) && {
    bytes_ += id;
    bytes_ += '\0';
    return std::move(*this);
  }
  Key&& number(std::uint64_t number) && {
    for (int shift = 56; shift >= 0; shift -= 8) bytes_ += static_cast<char>(number >> shift & 0xff);
    return std::move(*this);
  }
  operator const Bytes&() const { return bytes_; }

 private:
  Bytes bytes_;
};

// Under it one row for each programme, by its id. No programme has an empty id.
inline Key list_of_programmes() { return {ProgrammeId{}, table::programmes}; }

// The number that a key ends with.
inline std::uint64_t last_number(BytesView key) {
  std::uint64_t value = 0;
  for (unsigned char c : key.substr(key.size() - 8)) value = value << 8 | c;
  return value;
}

// Of a key of the history: the size of its end, the position with, in the table by time, the time before it. Of keys that
// are equal up to there the ends come in the order of the log.
inline std::size_t ordered_tail(BytesView key) { return key[key.find('\0') + 1] == table::time ? 16 : 8; }

// Rows that are put once and never asked for while the log is folded: their keys hold the position.
inline bool is_put_once(BytesView key) {
  char letter = key[key.find('\0') + 1];
  return letter == table::ended || letter == table::tenure_of;
}

// Reads the parts of a key again, from behind programme and table.
class KeyParts {
 public:
  explicit KeyParts(BytesView key) : rest_(key.substr(key.find('\0') + 2)) {}
  std::string id() {
    auto end = rest_.find('\0');
    std::string part(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return part;
  }
  std::uint64_t number() {
    std::uint64_t value = last_number(rest_.substr(0, 8));
    rest_.remove_prefix(8);
    return value;
  }

 private:
  BytesView rest_;
};

struct ProgrammeRow {
  std::string title;
  Day from;
  Day to;
  std::string time_zone;
  std::int32_t release = 0;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("title", self.title);
    visit("from", self.from);
    visit("to", self.to);
    visit("time_zone", self.time_zone);
    visit("release", self.release);
  }
};

// All that set_policy ever named, merged; what was never named has its default.
struct PolicyRow {
  PolicyChange policy;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("policy", self.policy);
  }
};

struct ThemeRow {
  std::string title;
  std::int32_t sessions = 0;
  Position added_at = 0;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("title", self.title);
    visit("sessions", self.sessions);
    visit("added_at", self.added_at);
  }
};

struct AreaRow {
  std::string name;
  std::string municipality;
  std::optional<double> lat;
  std::optional<double> lon;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("name", self.name);
    visit("municipality", self.municipality);
    visit("lat", self.lat);
    visit("lon", self.lon);
  }
};

struct VenueRow {
  std::string name;
  std::int32_t capacity = 0;
  std::optional<AreaId> area;
  std::optional<double> lat;
  std::optional<double> lon;
  std::optional<bool> accessible;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("name", self.name);
    visit("capacity", self.capacity);
    visit("area", self.area);
    visit("lat", self.lat);
    visit("lon", self.lon);
    visit("accessible", self.accessible);
  }
};

// A sealed text, and the command with which it was sealed.
struct SealedText {
  Bytes sealed;
  std::string command_id;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("sealed", self.sealed);
    visit("command_id", self.command_id);
  }
};

struct PersonRow {
  std::optional<AreaId> area;
  Role role;
  SealedText name;
  std::optional<SealedText> email;
  std::optional<SealedText> organisation;
  std::optional<SealedText> phone;
  bool forgotten = false;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("area", self.area);
    visit("role", self.role);
    visit("name", self.name);
    visit("email", self.email);
    visit("organisation", self.organisation);
    visit("phone", self.phone);
    visit("forgotten", self.forgotten);
  }
};

struct UnavailableRow {
  std::vector<Period> periods;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("periods", self.periods);
  }
};

// A current tenure. Slots of a seat are used again, lowest first: its keys stay few.
struct SeatRow {
  PersonId person;
  Day from;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person);
    visit("from", self.from);
  }
};

// An ended tenure.
struct TenureRow {
  PersonId person;
  Day from;
  Day to;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person);
    visit("from", self.from);
    visit("to", self.to);
  }
};

// Slots of a list are used again, lowest first; the order is that of joining.
struct WaitingRow {
  Position joined = 0;
  std::uint32_t index = 0;
  AreaId area;
  PersonId person;
  Day since;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("joined", self.joined);
    visit("index", self.index);
    visit("area", self.area);
    visit("person", self.person);
    visit("since", self.since);
  }
};

struct InvitationRow {
  Day respond_by;
  bool declined = false;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("respond_by", self.respond_by);
    visit("declined", self.declined);
  }
};

struct StandIn {
  PersonId person;
  PersonId by;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("person", self.person);
    visit("by", self.by);
  }
};

struct SessionRow {
  Day date;
  Part part{};
  std::optional<VenueId> venue;
  std::optional<AreaId> host;
  bool cancelled = false;
  std::vector<StandIn> substitutions;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("date", self.date);
    visit("part", self.part);
    visit("venue", self.venue);
    visit("host", self.host);
    visit("cancelled", self.cancelled);
    visit("substitutions", self.substitutions);
  }
};

struct AttendanceRow {
  Attendance status{};

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("status", self.status);
  }
};

struct AgendaRow {
  std::vector<AgendaItem> items;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("items", self.items);
  }
};

// A session as the last release has it.
struct ReleasedRow {
  Day date;
  Part part{};
  std::optional<VenueId> venue;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("date", self.date);
    visit("part", self.part);
    visit("venue", self.venue);
  }
};

struct ReleaseRow {
  Position position = 0;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("position", self.position);
  }
};

// A record of the audit trail; its body as it lies in the log.
struct RecordRow {
  Instant recorded_at;
  Hash hash{};
  Bytes body;

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
    visit("recorded_at", self.recorded_at);
    visit("hash", self.hash);
    visit("body", self.body);
  }
};

// A row whose key says it all.
struct Nothing {

  template <class Self, class Visit>
  static void members([[maybe_unused]] Self& self, [[maybe_unused]] Visit&& visit) {
  }
};

}  // namespace kring::projections
