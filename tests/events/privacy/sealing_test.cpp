// Sealing: no personal text leaves a decision in the clear.
#include "events/privacy/sealing.h"

#include <gtest/gtest.h>

#include "events/json/json.h"
#include "tests/support/plain_sealer.h"

namespace kring {
namespace {

Decision decision_of(const char* text) {
  Decision decision;
  decision.command = json::parse_command(text).value().command;
  return decision;
}

std::vector<std::string> named(const char* text) {
  std::vector<std::string> persons;
  for (const PersonId& person : persons_named(decision_of(text).command)) persons.push_back(person.text);
  return persons;
}

using Texts = std::vector<std::string>;

// Notes what it is asked to seal, and may refuse.
class NotingSealer : public Sealer {
 public:
  bool must_resume_all() const override { return false; }
  void resume(const Decision&) override {}
  Result<void> resumed() override { return {}; }
  Result<void> settle() override { return {}; }
  Texts asked;
  bool broken = false;

  Result<Bytes> seal(const SealContext& context, std::string_view clear) override {
    std::string persons;
    for (const PersonId& person : context.persons) persons += person.text + " ";
    asked.push_back(persons + std::string(context.member) + " " + context.programme.text + " " + context.command_id);
    if (broken) return fail(ErrorKind::io, "io", "the disk is full");
    return "<" + std::string(clear.size(), 'x') + ">";
  }
  std::optional<std::string> open(const SealContext&, BytesView) const override { return std::nullopt; }
  Result<void> make_durable() override { return {}; }
  Result<void> forget(const std::vector<Erasure>&) override { return {}; }
};

constexpr auto registration = R"({"type":"register_person","programme":"proef","id":"key","person":"p-1","role":"r",)"
                              R"("name":"Iemand","email":"a@b.nl","reason":"Daarom"})";

TEST(PersonsNamed, are_all_of_the_command_each_once_in_order) {
  EXPECT_EQ(named(R"({"type":"transfer_seat","theme":"t","from":"p-2","to":"p-1"})"), (Texts{"p-2", "p-1"}));
  EXPECT_EQ(named(R"({"type":"substitute","theme":"t","session":1,"person":"p-1","by":"p-1"})"), (Texts{"p-1"}));
  EXPECT_EQ(named(R"({"type":"declare_unavailable","person":"p-3","from":"2024-01-01","to":"2024-01-01"})"),
            (Texts{"p-3"}));
  EXPECT_EQ(
      named(R"({"type":"set_agenda","theme":"t","session":1,"items":[{"kind":"workshop","title":"T",)"
            R"("speaker":"p-5"},{"kind":"workshop","title":"T"},)"
            R"({"kind":"workshop","title":"T","speaker":"p-4"},{"kind":"workshop","title":"T","speaker":"p-5"}]})"),
      (Texts{"p-5", "p-4"}));
  EXPECT_EQ(named(R"({"type":"release_schedule"})"), Texts{});
  EXPECT_EQ(named(R"({"type":"register_person","role":"r","name":"N"})"), Texts{});
}

TEST(Seal, replaces_each_personal_text_of_command_and_events_and_seals_what_both_hold_once) {
  Decision decision = decision_of(registration);
  const auto& body = std::get<command::RegisterPerson>(decision.command.body);
  decision.events = {event::PersonRegistered{body.person, body.area, body.role, body.name, body.email, {}, {}}};
  NotingSealer sealer;
  ASSERT_TRUE(seal(decision, true, sealer));
  EXPECT_EQ(body.name, (Personal{"", "<xxxxxx>"}));
  EXPECT_EQ(body.email, (Personal{"", "<xxxxxx>"}));
  const auto& event = std::get<event::PersonRegistered>(decision.events[0]);
  EXPECT_EQ(event.name, (Personal{"", "<xxxxxx>"}));
  EXPECT_EQ(event.email, (Personal{"", "<xxxxxx>"}));
  EXPECT_EQ(decision.command.reason, (Personal{"", "<xxxxxx>"}));
  EXPECT_EQ(sealer.asked, (Texts{"p-1 name proef key", "p-1 email proef key", "p-1 reason proef key"}));
}

TEST(Seal, drops_the_personal_members_of_a_command_that_is_refused) {
  Decision decision = decision_of(registration);
  decision.rejection = {"person_exists", "there is one"};
  NotingSealer sealer;
  ASSERT_TRUE(seal(decision, true, sealer));
  const auto& body = std::get<command::RegisterPerson>(decision.command.body);
  EXPECT_EQ(body.name, Personal{});
  EXPECT_EQ(body.email, std::nullopt);
  EXPECT_EQ(sealer.asked, Texts{"p-1 reason proef key"});
}

TEST(Seal, drops_a_reason_that_is_not_to_be_kept) {
  for (bool refused : {false, true}) {
    Decision decision = decision_of(registration);
    if (refused) decision.rejection = {"person_exists", "there is one"};
    NotingSealer sealer;
    ASSERT_TRUE(seal(decision, false, sealer));
    EXPECT_EQ(decision.command.reason, std::nullopt);
  }
}

TEST(Seal, says_so_when_a_text_could_not_be_sealed) {
  Decision decision = decision_of(registration);
  NotingSealer sealer;
  sealer.broken = true;
  auto sealed = seal(decision, true, sealer);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().message, "the disk is full");
}

TEST(Seal, of_a_reason_that_names_nobody_is_sealed_too) {
  Decision decision = decision_of(R"({"type":"release_schedule","programme":"proef","id":"key","reason":"Daarom"})");
  NotingSealer sealer;
  ASSERT_TRUE(seal(decision, true, sealer));
  EXPECT_EQ(sealer.asked, Texts{"reason proef key"});
  EXPECT_TRUE(decision.command.reason->clear.empty());
}

TEST(PlainSealer, opens_what_it_sealed_and_nothing_else) {
  PlainSealer sealer;
  auto sealed = sealer.seal({}, "Iemand");
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealer.open({}, *sealed), "Iemand");
  EXPECT_EQ(sealer.open({}, "Iemand"), std::nullopt);
  EXPECT_EQ(sealer.open({}, ""), std::nullopt);
}

}  // namespace
}  // namespace kring
