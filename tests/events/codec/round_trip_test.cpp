// What is encoded comes out as it went in, for every type.
#include <gtest/gtest.h>

#include "events/codec/codec.h"
#include "tests/events/codec/sample.h"

namespace kring::test {
namespace {

void comes_back(const Sample& sample) {
  auto decoded = codec::decode(codec::encode(sample.decision));
  ASSERT_TRUE(decoded) << sample.name << ": " << decoded.error().message;
  EXPECT_EQ(*decoded, sample.decision) << sample.name;
}

TEST(Codec, brings_every_type_back_with_all_optional_members) {
  for (const Sample& sample : samples(Optionals::set)) comes_back(sample);
}

TEST(Codec, brings_every_type_back_without_optional_members) {
  for (const Sample& sample : samples(Optionals::unset)) comes_back(sample);
}

TEST(Codec, brings_back_several_events_in_order) {
  Decision decision = bare(filled<command::Withdraw>(Optionals::set));
  for (const Sample& sample : event_samples(Optionals::set, std::make_index_sequence<std::variant_size_v<Event>>{}))
    decision.events.push_back(sample.decision.events[0]);
  comes_back({"all events", decision});
}

TEST(Codec, brings_back_the_ends_of_numbers_and_texts) {
  Decision decision = bare(command::ReleaseSchedule{std::string("\0 \xff", 3)});
  decision.command.expect = UINT64_MAX;
  decision.recording_day = Day::first();
  decision.effective = Day::never();
  decision.rules = 0xffff;
  decision.events = {event::SessionCancelled{{""}, INT32_MIN},
                     event::SessionCancelled{{std::string(70'000, 'x')}, INT32_MAX}};
  comes_back({"ends", decision});
}

TEST(Codec, brings_back_a_setting_that_takes_away) {
  event::PolicySet set;
  set.change.retention_days.named = true;
  set.change.capacity = {{{"alpha"}, std::nullopt}};
  comes_back({"policy", with_event(set)});
}

TEST(Codec, gives_the_same_bytes_every_time) {
  for (const Sample& sample : samples(Optionals::set))
    EXPECT_EQ(codec::encode(sample.decision), codec::encode(sample.decision)) << sample.name;
}

TEST(CodecDeathTest, never_encodes_a_text_that_is_not_sealed) {
  Decision decision = bare(command::ForgetPerson{{"p-1"}});
  decision.command.reason = Personal{"Daarom", ""};
  EXPECT_DEATH(codec::encode(decision), "clear");
}

}  // namespace
}  // namespace kring::test
