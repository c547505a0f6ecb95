#include "engine/runtime/answer.h"

namespace kring {

Answer answer_for(Position position, const Decision& decision) {
  Answer answer;
  answer.id = decision.command.id;
  answer.status = decision.accepted() ? AnswerStatus::accepted : AnswerStatus::rejected;
  answer.position = position;
  for (const Event& event : decision.events) answer.events.emplace_back(type_of(event));
  answer.warnings = decision.warnings;
  answer.rejection = decision.rejection;
  if (decision.command.generated) {
    const auto* registered = std::get_if<command::RegisterPerson>(&decision.command.body);
    if (registered) answer.person = registered->person;
  }
  return answer;
}

Answer unknown_answer(std::string id, const Error& why) {
  Answer answer;
  answer.id = std::move(id);
  answer.status = AnswerStatus::unknown;
  answer.error = why;
  return answer;
}

}  // namespace kring
