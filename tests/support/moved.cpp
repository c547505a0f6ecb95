#include "tests/support/moved.h"

namespace kring::test {

std::map<std::string, std::string> answers(const std::vector<std::string>& place) {
  std::map<std::string, std::string> all;
  const auto ask = [&](const std::vector<std::string>& question) {
    std::vector<std::string> arguments = place;
    std::string name;
    for (const std::string& word : question) {
      arguments.push_back(word);
      name += word + " ";
    }
    const Ran ran = run(Kring::program(), arguments);
    all[name] = std::to_string(ran.exit_code) + " " + ran.out;
    return ran;
  };
  const auto last = ask({"log"}).lines().size();
  const auto programme = ask({"programme"}).object();
  std::vector<std::vector<std::string>> questions{{"venues"}, {"sessions"}, {"sessions", "--release", "last"}, {"conflicts"}, {"areas"}, {"programme"}, {"history"},
                                                  {"person", "p-1"}, {"person", "p-2"}};
  for (const auto& theme : programme.at("themes").as_array()) {
    const std::string id(theme.at("theme").as_string());
    questions.push_back({"roster", id});
    questions.push_back({"session", id, "1"});
  }
  for (auto question : questions) {
    ask(question);
    for (const std::size_t as_of : {last / 3, 2 * last / 3, last}) {
      auto then = question;
      then.insert(then.end(), {"--as-of", std::to_string(as_of)});
      ask(then);
    }
  }
  return all;
}

}  // namespace kring::test
