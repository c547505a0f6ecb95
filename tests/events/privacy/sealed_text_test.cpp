// Sealed texts: bytes that are none are refused, whatever they are.
#include "events/privacy/sealed_text.h"

#include <gtest/gtest.h>

#include "events/privacy/keyring.h"

namespace kring {
namespace {

const HistoryId history{7};
const std::vector<PersonKey> keys{{KeyId{1}, Secret::random()}, {KeyId{2}, Secret::random()}};
const SealContext context{{{"p-1"}, {"p-2"}}, "reason", {"proef"}, "key-1"};
const SealContext of_nobody{{}, "reason", {"proef"}, "key-1"};

TEST(SealedText, cut_off_anywhere_is_opened_by_nobody) {
  const Bytes sealed = sealed_text(history, context, keys, "Daarom");
  EXPECT_EQ(opened_text(history, context, keys, sealed), "Daarom");
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    const BytesView cut = BytesView(sealed).substr(0, size);
    EXPECT_EQ(opened_text(history, context, keys, cut), std::nullopt) << size;
    EXPECT_EQ(opened_text(history, of_nobody, {}, cut), std::nullopt) << size;
    EXPECT_EQ(open_without_keys()->open(of_nobody, cut), std::nullopt) << size;
  }
}

TEST(SealedText, without_keys_is_the_clear_one_of_nobody) {
  EXPECT_EQ(open_without_keys()->open(of_nobody, clear_text("Daarom")), "Daarom");
  EXPECT_EQ(open_without_keys()->open(context, clear_text("Daarom")), std::nullopt);
  EXPECT_EQ(open_without_keys()->open(of_nobody, sealed_text(history, context, keys, "Daarom")), std::nullopt);
}

}  // namespace
}  // namespace kring
