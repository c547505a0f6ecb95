#include "events/privacy/crypto.h"

#include <sodium.h>

#include <array>
#include <cstring>

#include "events/base/check.h"

namespace kring {
namespace {

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(nonce_size + tag_size == encryption_overhead);

// libsodium has to be initialised before anything else of it; once, from whatever thread comes first.
void initialise() {
  static const int outcome = sodium_init();
  KRING_CHECK(outcome >= 0);
}

// Random bytes that are no secret (nonces, ids). A drawing from the kernel for each would take longer than the encryption: so a
// seed is drawn, and many bytes are made of it.
struct Drawn {
  std::array<unsigned char, 4096> bytes;
  std::size_t left = 0;
};
thread_local Drawn drawn;

void draw(unsigned char* out, std::size_t count) {
  if (drawn.left < count) {
    std::array<unsigned char, randombytes_SEEDBYTES> seed;
    randombytes_buf(seed.data(), seed.size());
    randombytes_buf_deterministic(drawn.bytes.data(), drawn.bytes.size(), seed.data());
    drawn.left = drawn.bytes.size();
  }
  drawn.left -= count;
  std::memcpy(out, drawn.bytes.data() + drawn.left, count);
}

const unsigned char* raw(BytesView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace

Secret::~Secret() { sodium_memzero(bytes_.data(), bytes_.size()); }

Secret Secret::random() {
  initialise();
  Secret secret;
  randombytes_buf(secret.bytes_.data(), secret.bytes_.size());
  return secret;
}

std::optional<Secret> Secret::from_bytes(BytesView bytes) {
  Secret secret;
  if (bytes.size() != secret.bytes_.size()) return std::nullopt;
  std::memcpy(secret.bytes_.data(), bytes.data(), bytes.size());
  return secret;
}

std::uint64_t random_number() {
  initialise();
  unsigned char bytes[sizeof(std::uint64_t)];
  draw(bytes, sizeof bytes);
  std::uint64_t number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

void drop_drawn() { drawn.left = 0; }

Bytes encrypt(const Secret& key, BytesView bound, BytesView clear) {
  Bytes out;
  append_encrypted(out, key, bound, clear);
  return out;
}

void append_encrypted(Bytes& out, const Secret& key, BytesView bound, BytesView clear) {
  initialise();
  const std::size_t at = out.size();
  out.resize(at + encryption_overhead + clear.size());
  unsigned char* const nonce = raw(out) + at;
  draw(nonce, nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, raw(clear), clear.size(), raw(bound), bound.size(), nullptr, nonce, raw(key.bytes()));
}

std::optional<std::string> decrypt(const Secret& key, BytesView bound, BytesView encrypted) {
  initialise();
  if (encrypted.size() < encryption_overhead) return std::nullopt;
  std::string clear(encrypted.size() - encryption_overhead, '\0');
  BytesView sealed = encrypted.substr(nonce_size);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(clear), nullptr, nullptr, raw(sealed), sealed.size(), raw(bound), bound.size(),
                                                 raw(encrypted), raw(key.bytes())) != 0)
    return std::nullopt;
  return clear;
}

Secret derive(BytesView purpose, BytesView input) {
  initialise();
  std::array<unsigned char, 32> out;
  // The purpose is the key of the hash: no input for one purpose can pass for that of another.
  std::array<unsigned char, crypto_generichash_KEYBYTES_MAX> label{};
  KRING_CHECK(purpose.size() <= label.size());
  std::memcpy(label.data(), purpose.data(), purpose.size());
  crypto_generichash(out.data(), out.size(), raw(input), input.size(), label.data(), label.size());
  auto secret = Secret::from_bytes({reinterpret_cast<const char*>(out.data()), out.size()});
  sodium_memzero(out.data(), out.size());
  return *secret;
}

void wipe(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace kring
