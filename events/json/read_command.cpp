#include <boost/json/serialize.hpp>
#include <algorithm>
#include <cmath>

#include "events/base/ranges.h"
#include "events/base/similar.h"
#include "events/base/text.h"
#include "events/json/json.h"
#include "events/types_of.h"

namespace kring::json {
namespace {

// Members that the idempotency digest leaves out: when, why, and what is personal. `id` and `programme` are
// what the digest is looked up by.
constexpr std::array<std::string_view, 8> not_digested{"at", "email", "id", "name", "organisation", "phone", "programme", "reason"};

void write_canonical(std::string& out, const Value& value) {
  if (const auto* object = value.if_object()) {
    std::vector<std::string_view> names;
    for (const auto& member : *object) names.push_back(member.key());
    std::ranges::sort(names);
    out += '{';
    for (auto name : names) {
      out += boost::json::serialize(boost::json::string_view(name));
      out += ':';
      write_canonical(out, object->at(name));
      out += ',';
    }
    out += '}';
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (const Value& item : *array) {
      write_canonical(out, item);
      out += ',';
    }
    out += ']';
  } else {
    out += boost::json::serialize(value);
  }
}

Token digest_of(const Object& object) {
  Object body = object;
  for (auto name : not_digested) body.erase(name);
  std::string canonical;
  write_canonical(canonical, body);
  Hash hash = sha256(canonical);
  Token digest;
  std::copy_n(hash.begin(), digest.size(), digest.begin());
  return digest;
}

// Reads the members of one object into a described type; remembers the first thing that is wrong.
class ObjectReader {
 public:
  ObjectReader(const Object& object, std::string path) : object_(object), path_(std::move(path)) {}

  std::optional<Error> error;
  std::vector<std::string_view> known;
  int optional_members_given = 0;

  template <class T>
  void operator()(const char* name, T& value) { (*this)(name, value, Range{INT32_MIN, INT32_MAX}); }

  void operator()(const char* name, PersonId& value, Generated) {
    known.push_back(name);
    if (const Value* found = object_.if_contains(name)) read(name, *found, value, {});
  }

  void operator()(const char* name, std::optional<std::string>& value, Limit limit) {
    known.push_back(name);
    if (const Value* found = object_.if_contains(name)) read_text(name, *found, value.emplace(), limit.bytes);
  }

  template <class T>
  void operator()(const char* name, T& value, Range range) {
    known.push_back(name);
    const Value* found = object_.if_contains(name);
    constexpr bool optional = is_optional<T>::value || is_setting<T>::value || is_entries<T>::value;
    if (found) {
      optional_members_given += optional;
      read(name, *found, value, range);
    } else if (!optional) {
      wrong(name, "is required");
    }
  }

  void refuse_unknown() {
    for (const auto& member : object_)
      if (!contains(known, std::string_view(member.key()))) wrong(member.key(), concat("is not a member of this command", did_you_mean(member.key(), known)));
  }

  // Where a member is missed, one that does not belong here may be what was meant.
  void name_unknown() {
    for (const auto& member : object_) {
      if (!error || !error->message.ends_with("is required") || contains(known, std::string_view(member.key()))) continue;
      error->message += concat("; '", std::string_view(member.key()), "' is not a member of this command");
    }
  }

  void wrong(std::string_view name, std::string_view what) {
    if (error) return;
    std::string member = path_ + std::string(name);
    error = Error{ErrorKind::invalid, "invalid_command", member, concat("'", member, "' ", what)};
  }

  template <class T>
  void read(const char* name, const Value& from, std::optional<T>& to, Range range) { read(name, from, to.emplace(), range); }

  template <class T>
  void read(const char* name, const Value& from, Setting<T>& to, Range range) {
    to.named = true;
    if (!from.is_null()) read(name, from, to.value.emplace(), range);
  }

  template <class T>
    requires std::is_integral_v<T> && (!std::is_same_v<T, bool>)
  void read(const char* name, const Value& from, T& to, Range range) {
    if (!from.is_int64()) return wrong(name, from.is_number() ? concat("must be a whole number from ", range.least, " to ", range.most) : "must be a number");
    if (from.get_int64() < range.least || from.get_int64() > range.most)
      return wrong(name, concat("must be from ", range.least, " to ", range.most));
    to = static_cast<T>(from.get_int64());
  }
  void read(const char* name, const Value& from, double& to, Range range) {
    if (!from.is_number()) return wrong(name, "must be a number");
    to = from.to_number<double>();
    if (!(to >= static_cast<double>(range.least) && to <= static_cast<double>(range.most)))
      wrong(name, concat("must be from ", range.least, " to ", range.most));
  }
  void read(const char* name, const Value& from, bool& to, Range) {
    if (from.is_bool()) to = from.get_bool();
    else wrong(name, "must be true or false");
  }
  void read(const char* name, const Value& from, std::string& to, Range) { read_text(name, from, to, max_text); }
  void read(const char* name, const Value& from, Personal& to, Range) { read_text(name, from, to.clear, max_text); }
  template <class Tag>
  void read(const char* name, const Value& from, Id<Tag>& to, Range) {
    if (!from.is_string() || !is_slug(from.get_string())) return wrong(name, "must be an id: a-z, 0-9 and '-', at most 63, not starting with '-'");
    to.text = from.get_string();
  }
  void read(const char* name, const Value& from, Day& to, Range) {
    auto day = from.is_string() ? parse_day(from.get_string()) : std::nullopt;
    if (day) to = *day;
    else wrong(name, "must be a date that exists, like \"2024-05-31\"");
  }
  template <Named E>
  void read(const char* name, const Value& from, E& to, Range) {
    auto found = from.is_string() ? from_name<E>(from.get_string()) : std::nullopt;
    if (found) return void(to = *found);
    std::string all;
    for (auto each : Names<E>::names) all += (all.empty() ? "" : ", ") + std::string(each);
    wrong(name, concat("must be one of ", all));
  }
  void read(const char* name, const Value& from, PartTimes& to, Range) {
    auto clock = [](const Value& v) {
      std::string_view t = v.is_string() ? std::string_view(v.get_string()) : "";
      return parse_instant(concat("2024-01-01T", t, ":00Z")).has_value() && t.size() == 5;
    };
    const Array* pair = from.if_array();
    if (!pair || pair->size() != 2 || !clock((*pair)[0]) || !clock((*pair)[1]) || (*pair)[0].get_string() >= (*pair)[1].get_string())
      return wrong(name, "must be two times in order, like [\"09:30\", \"12:30\"]");
    to = {std::string((*pair)[0].get_string()), std::string((*pair)[1].get_string())};
  }
  template <class T>
  void read(const char* name, const Value& from, std::vector<T>& to, Range range) {
    const Array* array = from.if_array();
    if (!array || array->size() > max_list) return wrong(name, concat("must be a list of at most ", max_list));
    for (std::size_t i = 0; i < array->size(); ++i) read(concat(name, '[', i, ']').c_str(), (*array)[i], to.emplace_back(), range);
  }
  template <class K, class V>
  void read(const char* name, const Value& from, std::vector<Entry<K, V>>& to, Range range) {
    const Object* map = from.if_object();
    if (!map || map->size() > max_list) return wrong(name, "must be an object");
    for (const auto& member : *map) {
      auto& entry = to.emplace_back();
      std::string path = concat(name, '.', std::string_view(member.key()));
      read(path.c_str(), Value(member.key()), entry.key, range);
      if (!member.value().is_null()) read(path.c_str(), member.value(), entry.value.emplace(), range);
    }
  }
  template <Described T>
  void read(const char* name, const Value& from, T& to, Range) {
    const Object* object = from.if_object();
    if (!object) return wrong(name, "must be an object");
    ObjectReader inner(*object, concat(path_, name, '.'));
    T::members(to, inner);
    inner.refuse_unknown();
    if (!error) error = std::move(inner.error);
  }

  void read_text(const char* name, const Value& from, std::string& to, std::size_t most) {
    if (!from.is_string()) return wrong(name, "must be a text");
    to = from.get_string();
    if (is_blank(to)) return wrong(name, to.empty() ? "must not be empty" : "must not be blank");
    if (to.size() > most) return wrong(name, concat("is longer than ", most, " bytes"));
    if (std::ranges::any_of(to, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; }))
      wrong(name, "holds a control character");
  }

 private:
  template <class T>
  struct is_entries : std::false_type {};
  template <class K, class V>
  struct is_entries<std::vector<Entry<K, V>>> : std::true_type {};

  const Object& object_;
  std::string path_;
};

void read_common(ObjectReader& reader, const Object& object, Request& request) {
  Command& command = request.command;
  auto with = [&](const char* name, auto use) {
    reader.known.push_back(name);
    if (const Value* value = object.if_contains(name)) use(name, *value);
  };
  auto word = [&](std::string& to, bool (*valid)(std::string_view), const char* rule) {
    return [&reader, &to, valid, rule](const char* name, const Value& value) {
      if (value.is_string() && valid(value.get_string())) to = value.get_string();
      else reader.wrong(name, rule);
    };
  };
  with("type", [](auto&&...) {});
  with("programme", [&](const char* name, const Value& value) { reader.read(name, value, command.programme, {}); });
  with("id", word(command.id, is_command_id, "must be 1 to 64 of A-Z a-z 0-9 . _ : -"));
  with("actor", word(command.actor, is_actor, "must be 1 to 128 of a-z 0-9 : @ . _ -, starting with a letter or digit"));
  with("reason", [&](const char* name, const Value& value) {
    if (value.is_string() && is_blank(value.get_string())) return;
    reader.read_text(name, value, command.reason.emplace().clear, max_reason);
  });
  with("effective", [&](const char* name, const Value& value) { reader.read(name, value, command.effective.emplace(), {}); });
  with("expect", [&](const char* name, const Value& value) {
    if (value.is_int64() && value.get_int64() >= 0) command.expect = static_cast<Position>(value.get_int64());
    else reader.wrong(name, "must be a position: 0 or more");
  });
  with("accept", [&](const char* name, const Value& value) {
    reader.read(name, value, command.accept, {});
    if (!command.accept.empty() && !command.reason) reader.wrong(name, "needs a 'reason'");
  });
  with("at", [&](const char* name, const Value& value) {
    request.at = value.is_string() ? parse_instant(value.get_string()) : std::nullopt;
    if (!request.at) reader.wrong(name, "must be a time with offset, like \"2024-05-31T09:00:00+02:00\"");
  });
}

// Reads the body of the type that has this name; false where none has.
template <std::size_t I = 0>
bool read_body(std::string_view type, ObjectReader& reader, CommandBody& body) {
  if constexpr (I == std::variant_size_v<CommandBody>) {
    return false;
  } else {
    using T = std::variant_alternative_t<I, CommandBody>;
    if (type != T::type) return read_body<I + 1>(type, reader, body);
    T value;
    T::members(value, reader);
    body = std::move(value);
    return true;
  }
}

// What a single member cannot show.
void check_whole(ObjectReader& reader, const Object& object, const Request& request) {
  std::string_view type = type_of(request.command.body);
  if ((type.starts_with("change_") || type == "set_policy") && reader.optional_members_given == 0)
    reader.wrong("type", "changes nothing: name at least one member to change");
  if (const auto* define = std::get_if<command::DefineProgramme>(&request.command.body)) {
    if (request.command.programme.empty()) reader.wrong("programme", "is required");
    if (define->time_zone && !TimeZone::find(*define->time_zone)) reader.wrong("time_zone", "is not a time zone, like \"Europe/Amsterdam\"");
  }
  if (type.ends_with("_unavailability") || type == "declare_unavailable")
    if (object.contains("venue") == object.contains("person")) reader.wrong("venue", "or 'person' is required, and only one of them");
  if (type == "register_person" || type == "change_person") {
    const Value *name = object.if_contains("name"), *person = object.if_contains("person");
    if (name && person && name->is_string() && person->is_string() && contains_word_of(person->get_string(), name->get_string()))
      reader.wrong("person", "contains a word of the name; ids stay for ever, so they must not tell who it is");
  }
}

std::vector<std::string_view> names_in(const Object& object) {
  std::vector<std::string_view> names;
  for (const auto& member : object) names.push_back(member.key());
  return names;
}

}  // namespace

Result<Request> read_command(const Value& value) {
  const Object* object = value.if_object();
  if (!object) return fail(ErrorKind::invalid, "invalid_command", "a command is a JSON object");
  const Value* type = object->if_contains("type");
  ObjectReader reader(*object, "");
  Request request;
  if (!type) reader.wrong("type", concat("is required", did_you_mean("type", names_in(*object))));
  else if (!type->is_string()) reader.wrong("type", "must be a text");
  else if (!read_body(type->get_string(), reader, request.command.body))
    reader.wrong("type", concat("'", std::string_view(type->get_string()), "' is not a command", did_you_mean(type->get_string(), TypesOf<CommandBody>::all)));
  read_common(reader, *object, request);
  if (type) reader.name_unknown();
  if (!reader.error) reader.refuse_unknown();
  if (!reader.error) check_whole(reader, *object, request);
  if (reader.error) return std::unexpected(std::move(*reader.error));
  request.command.digest = digest_of(*object);
  return request;
}

Result<Request> parse_command(std::string_view text) {
  auto value = parse(text);
  if (!value) {
    value.error().code = "invalid_command";
    return std::unexpected(std::move(value.error()));
  }
  return read_command(*value);
}

}  // namespace kring::json
