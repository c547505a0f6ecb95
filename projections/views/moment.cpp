#include "projections/views/moment.h"

#include <charconv>

#include "events/base/text.h"
#include "events/codec/archive.h"
#include "projections/views/view.h"

namespace kring::projections {
namespace {

std::optional<Position> as_position(const std::string& text) {
  Position position = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(position) : std::nullopt;
}

Result<std::vector<std::string>> programmes(Database& database) {
  std::vector<std::string> ids;
  auto scanned = database.scan(Model::directory, list_of_programmes(), {}, UINT64_MAX, [&](BytesView key, BytesView) {
    ids.push_back(KeyParts(key).id());
    return true;
  });
  if (!scanned) return std::unexpected(std::move(scanned.error()));
  return ids;
}

// The last record of the programme that was recorded at or before that time; 0: none.
Result<Position> position_at(Database& database, const ProgrammeId& programme, Instant time) {
  auto number = static_cast<std::uint64_t>(time.micros) ^ (std::uint64_t{1} << 63);
  Key prefix(programme, table::time);
  auto key = database.last_key(Model::history, prefix, Key(prefix).number(number).number(UINT64_MAX));
  if (!key) return std::unexpected(std::move(key.error()));
  if (key->empty()) return 0;
  KeyParts parts(*key);
  parts.number();
  return parts.number();
}

// When the programme's last record up to that position was recorded; none where there is none.
Result<std::optional<Instant>> time_of(Database& database, const ProgrammeId& programme, Position position) {
  Key prefix(programme, table::record);
  auto key = database.last_key(Model::history, prefix, Key(prefix).number(position));
  if (!key) return std::unexpected(std::move(key.error()));
  if (key->empty()) return std::nullopt;
  auto bytes = database.get(Model::history, *key, 0);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  auto row = codec::unpack<RecordRow>(*bytes);
  if (!row) return std::unexpected(std::move(row.error()));
  return row->recorded_at;
}

std::unexpected<Error> unreadable(const std::string& text) {
  return fail(ErrorKind::usage, "wrong_use", concat("'", text, "' is neither a position, nor a time with offset, nor a date that exists"));
}

// The last microsecond that the text means; of a date, of its day.
Result<Instant> last_moment_of(const std::string& text, const std::string& zone_name) {
  if (auto time = parse_instant(text)) return *time;
  auto day = parse_day(text);
  if (!day) return unreadable(text);
  auto zone = TimeZone::find(zone_name);
  if (!zone) return fail(ErrorKind::unsupported, "unknown_time_zone", concat("this machine does not know the time zone ", zone_name, ": install tzdata"));
  return zone->end_of(*day);
}

}  // namespace

Result<Moment> find_moment(Database& database, Position head, const std::string& programme, const std::string& as_of, Instant now) {
  auto ids = programmes(database);
  if (!ids) return std::unexpected(std::move(ids.error()));
  if (ids->empty()) return fail(ErrorKind::not_found, "unknown_programme", "no programme is defined yet: 'kring init' loads one");
  if (programme.empty() && ids->size() > 1) {
    auto error = nothing_named("programme", "", *ids);
    return fail(ErrorKind::usage, "wrong_use", concat("--programme is needed", error.message.substr(error.message.find("; "))), "--programme");
  }
  Moment moment{{programme.empty() ? ids->front() : programme}, head, {}, {}};
  auto bytes = database.get(Model::directory, Key(moment.programme, table::programmes), UINT64_MAX);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  if (bytes->empty()) return std::unexpected(nothing_named("programme", programme, *ids));
  auto row = codec::unpack<ProgrammeRow>(*bytes);
  if (!row) return std::unexpected(std::move(row.error()));
  moment.zone = row->time_zone;
  auto zone = TimeZone::find(row->time_zone);
  moment.today = zone ? zone->day_of(now) : Day{};
  if (as_of.empty()) return moment;
  if (auto position = as_position(as_of)) {
    if (*position > head) return fail(ErrorKind::not_found, "unknown_position", concat("position ", *position, " is not recorded yet; the last one is ", head));
    moment.as_of = *position;
    auto time = time_of(database, moment.programme, *position);
    if (!time) return std::unexpected(std::move(time.error()));
    if (zone && *time) moment.today = zone->day_of(**time);
  } else {
    auto time = last_moment_of(as_of, moment.zone);
    if (!time) return std::unexpected(std::move(time.error()));
    auto found = position_at(database, moment.programme, *time);
    if (!found) return std::unexpected(std::move(found.error()));
    moment.as_of = std::min(*found, head);
    if (zone) moment.today = zone->day_of(*time);
  }
  auto then = database.get(Model::directory, Key(moment.programme, table::programmes), moment.as_of);
  if (!then) return std::unexpected(std::move(then.error()));
  if (then->empty()) return fail(ErrorKind::not_found, "unknown_programme", concat("the programme '", moment.programme.text, "' was not defined yet as of ", as_of));
  return moment;
}

Result<Position> first_position(Database& database, const Moment& moment, const std::string& since) {
  if (auto position = as_position(since)) {
    if (*position <= moment.as_of + 1) return *position;
    return fail(ErrorKind::not_found, "unknown_position", concat("position ", *position, " is not recorded yet; the last one is ", moment.as_of));
  }
  auto day = parse_day(since);
  auto before = day ? last_moment_of(to_string(*day + -1), moment.zone) : last_moment_of(since, moment.zone);
  if (!before) return std::unexpected(std::move(before.error()));
  if (!day) --before->micros;
  auto position = position_at(database, moment.programme, *before);
  if (!position) return position;
  return *position + 1;
}

Result<Position> last_position(Database& database, const Moment& moment, const std::string& until) {
  if (auto position = as_position(until)) return *position;
  auto time = last_moment_of(until, moment.zone);
  if (!time) return std::unexpected(std::move(time.error()));
  return position_at(database, moment.programme, *time);
}

}  // namespace kring::projections
