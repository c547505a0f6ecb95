// The body of a record. Whatever the bytes, they are a decision or an error that tells damage; a decision stands for
// exactly these bytes, and everything that is done with a record when it is shown can be done with it.
#include "events/codec/codec.h"
#include "events/privacy/keyring.h"
#include "events/privacy/sealing.h"
#include "tests/fuzz/fuzz.h"
#include "tools/kring/record_json.h"

namespace kring::fuzz {
namespace {

void stands_for(const Decision& decision, BytesView body) {
  Bytes bytes = codec::encode(decision);
  if (bytes == body) return;
  // Only an older version of an event comes out as other bytes; from then on it is the newest.
  KRING_CHECK(body.find(BytesView("SessionMoved\x01\0", 14)) != BytesView::npos);
  auto again = codec::decode(bytes);
  KRING_CHECK(again && codec::encode(*again) == bytes);
}

void can_be_shown(Decision decision) {
  std::vector<Erasure> erasures;
  add_erasures(decision, 1, erasures);
  Record record;
  record.position = 1;
  record.decision = std::move(decision);
  auto shown = cli::record_to_json(record, *open_without_keys());
  KRING_CHECK(shown.at("status").is_string() && !json::to_text(shown).empty());
}

}  // namespace
}  // namespace kring::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kring;
  BytesView body = fuzz::input_of(data, size);
  auto decision = codec::decode(body);
  if (decision) {
    fuzz::stands_for(*decision, body);
    fuzz::can_be_shown(std::move(*decision));
    return 0;
  }
  KRING_CHECK(decision.error().kind == ErrorKind::damaged || decision.error().kind == ErrorKind::unsupported);
  KRING_CHECK(!decision.error().message.empty());
  return 0;
}
