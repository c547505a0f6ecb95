// The door to libsodium: secrets, authenticated encryption and derived keys. Thread-safe, but for one object.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "events/base/bytes.h"

namespace kring {

// A secret key of 32 bytes. Wiped when it is destroyed.
class Secret {
 public:
  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();

  static Secret random();
  static std::optional<Secret> from_bytes(BytesView bytes);  // none unless it is 32 bytes

  BytesView bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  std::array<std::uint8_t, 32> bytes_{};
};

// A random number that is no secret.
std::uint64_t random_number();
// What was drawn ahead for nonces and the like is dropped: for simulators, which give each run its own.
void drop_drawn();

// XChaCha20-Poly1305 with a random nonce: nonce (24 bytes), ciphertext, tag (16 bytes). `bound` is authenticated, not stored.
inline constexpr std::size_t encryption_overhead = 40;
Bytes encrypt(const Secret& key, BytesView bound, BytesView clear);
void append_encrypted(Bytes& out, const Secret& key, BytesView bound, BytesView clear);
// None where key, bound data or bytes are not those of `encrypt`.
std::optional<std::string> decrypt(const Secret& key, BytesView bound, BytesView encrypted);

// A key that only those can derive who have all that goes in; BLAKE2b.
Secret derive(BytesView purpose, BytesView input);

void wipe(std::string& text);  // overwrites and empties it

}  // namespace kring
