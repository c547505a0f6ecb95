// One command, in the order that the contract gives: valid, programme, id, time, and then the domain.
#include "engine/domain/decide.h"
#include "engine/runtime/engine.h"
#include "events/base/check.h"
#include "events/base/mistakes.h"
#include "events/base/text.h"
#include "events/codec/codec.h"

namespace kring {
namespace {

Answer invalid(const Command& command, std::string code, std::string member, std::string message) {
  Answer answer;
  answer.id = command.id;
  answer.status = AnswerStatus::invalid;
  answer.error = Error{ErrorKind::invalid, std::move(code), std::move(member), std::move(message)};
  return answer;
}

// Refused before there is anything to record it in.
Answer unrecorded(const Command& command, std::string code, std::string message) {
  Answer answer;
  answer.id = command.id;
  answer.status = AnswerStatus::rejected;
  answer.rejection = Rejection{std::move(code), std::move(message)};
  return answer;
}

// An id that says nothing about whose it is, and holds no word of the name by chance either.
PersonId make_person_id(const Environment& environment, std::string_view name) {
  for (;;) {
    PersonId id{"p-" + to_hex(view(environment.random())).substr(0, 12)};
    if (!contains_word_of(id.text, name)) return id;
  }
}

void fill_in_person(Command& command, const Environment& environment) {
  auto* person = std::get_if<command::RegisterPerson>(&command.body);
  if (!person || !person->person.empty()) return;
  person->person = make_person_id(environment, person->name.clear);
  command.generated = true;
}

// In a log that is one of several a programme is missed that is in another one.
std::string perhaps_elsewhere(const ProgrammeId& programme, const Share& share) {
  const auto home = home_of(programme, share.of);
  return home == share.number ? "" : concat(" in partition ", share.number, "; it would be in partition ", home, " of ", share.of);
}

// May the reason be kept? Not where a person named is unknown or forgotten: nothing could seal it.
bool may_keep_reason(const Command& command, const domain::State& state) {
  for (const PersonId& person : persons_named(command)) {
    auto no = state.facts.person_ids.find(person);
    if (!no || state.facts[no].forgotten) return false;
  }
  return true;
}

}  // namespace

Answer Engine::handle(Request& request) {
  Command& command = request.command;
  if (command.expect && *command.expect >= next_)
    return invalid(command, "invalid_command", "expect", concat("'expect' is ", *command.expect, ", and the log ends at ", next_ - 1));
  bool defines = std::holds_alternative<command::DefineProgramme>(command.body);
  if (command.programme.empty()) {
    if (state_.programmes.defined() > 1) return invalid(command, "invalid_command", "programme", "'programme' is required: this log holds several");
    if (const ProgrammeId* only = state_.programmes.only()) command.programme = *only;
  }
  Programme* programme = state_.programmes.find(command.programme);
  bool defined = programme && programme->state.defined;
  if (command.id.empty()) command.id = uuid_v7(environment_);
  if (!defined && !defines)
    return unrecorded(command, "unknown_programme", concat("there is no programme '", command.programme.text, "'", perhaps_elsewhere(command.programme, log_.share())));
  if (!defined) {
    const Share share = log_.share();
    if (const auto home = home_of(command.programme, share.of); home != share.number)
      return unrecorded(command, "wrong_log", concat("programme '", command.programme.text, "' is defined in partition ", home, " of ", share.of, ", and this is partition ", share.number));
  }
  fill_in_person(command, environment_);
  auto before = answered_before(command);
  if (!before) {
    failure_ = std::move(before.error());
    return broken(command.id);
  }
  if (*before) return std::move(**before);
  Instant at = request.at.value_or(environment_.now());
  if (programme && programme->last_time && at < *programme->last_time) {
    if (request.at)
      return invalid(command, "time_goes_back", "at", concat("'at' is before ", to_string(*programme->last_time), ", the programme's last record"));
    at = *programme->last_time;
  }
  return record(std::move(command), at, state_.programmes.at(command.programme));
}

Result<std::optional<Answer>> Engine::answered_before(const Command& command) {
  auto known = index_.find(command.programme, command.id);
  if (!known) return std::unexpected(std::move(known.error()));
  if (!*known || KRING_MISTAKE(forget_command_ids)) return std::nullopt;
  const IndexedCommand& first = **known;
  if (first.digest != command.digest)
    return unrecorded(command, "id_reused", concat("the id '", command.id, "' was used for another command, at position ", first.position));
  // What is not durable yet is waited for; then the log is nobody else's.
  if (auto settled = settle(); !settled) return std::unexpected(std::move(settled.error()));
  Result<Answer> answer;
  auto read = log_.read_at(first.position, [&](const LogEntry& entry) {
    auto decision = codec::decode(entry.body);
    if (decision) answer = answer_for(first.position, *decision);
    else answer = std::unexpected(std::move(decision.error()));
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!answer) return std::unexpected(std::move(answer.error()));
  answer->first_status = answer->status;
  answer->status = AnswerStatus::duplicate;
  return std::optional(std::move(*answer));
}

// Decides, and leaves the record in draft_.
Answer Engine::record(Command command, Instant at, Programme& programme) {
  Decision decision;
  auto zone = programme.zone;
  if (!zone) {
    const auto& define = std::get<command::DefineProgramme>(command.body);
    zone = TimeZone::find(define.time_zone.value_or("Europe/Amsterdam"));
    KRING_CHECK(zone.has_value());  // checked where the command was read
  }
  decision.recording_day = zone->day_of(at);
  decision.effective = command.effective.value_or(decision.recording_day);
  auto verdict = domain::decide(programme.state, command, {decision.recording_day, decision.effective});
  decision.command = std::move(command);
  if (verdict) {
    decision.events = std::move(verdict->events);
    decision.warnings = std::move(verdict->warnings);
  } else {
    decision.rejection = std::move(verdict.error());
  }
  bool keep_reason = decision.command.reason && may_keep_reason(decision.command, programme.state);
  auto sealed = seal(decision, keep_reason, sealer_);
  if (!sealed) {
    failure_ = std::move(sealed.error());
    return broken(decision.command.id);
  }
  Position position = next_++;
  if (auto noted = state_.programmes.note(position, at, decision); !noted) {
    failure_ = std::move(noted.error());
    return broken(decision.command.id);
  }
  index_.add(decision.command.programme, decision.command.id, {position, decision.command.digest});
  add_erasures(decision, position, forgotten_);
  draft_ = Draft{at, codec::encode(decision)};
  return answer_for(position, decision);
}

}  // namespace kring
