// The bytes of a sealed text, as pure functions. docs/log-format.md says the same in words.
#pragma once

#include <span>
#include <vector>

#include "events/privacy/key_store.h"
#include "events/privacy/sealing.h"

namespace kring {

// A text that names nobody is stored as it is.
Bytes clear_text(std::string_view clear);

// The key of a text that names several persons: only those have it who have all of `keys`.
Secret common_key(std::span<const PersonKey> keys);

// `keys`: those of the persons of the context, in their order; `common`: their common key.
Bytes sealed_text(const HistoryId& history, const SealContext& context, std::span<const PersonKey> keys, const Secret& common, std::string_view clear);
Bytes sealed_text(const HistoryId& history, const SealContext& context, const std::vector<PersonKey>& keys, std::string_view clear);

// The ids of the keys that open it; none where it is clear. False: these bytes are no sealed text.
bool keys_of(BytesView sealed, std::vector<KeyId>& keys);

// `keys`: those that keys_of named. None where it was sealed with other keys, or for another context, or is no sealed text.
std::optional<std::string> opened_text(const HistoryId& history, const SealContext& context, const std::vector<PersonKey>& keys, BytesView sealed);

}  // namespace kring
