#include "events/privacy/key_encryption_key.h"

#include "events/base/text.h"

namespace kring {
namespace {

constexpr std::size_t file_size = 65;

}  // namespace

Result<Secret> read_key_encryption_key(FileSystem& files, const std::string& path) {
  auto file = files.open(path, OpenMode::read);
  if (!file) return std::unexpected(std::move(file.error()));
  std::string text(file_size + 1, '\0');
  auto got = (*file)->read_at(0, text);
  if (!got) return std::unexpected(std::move(got.error()));
  text.resize(*got);
  if (text.ends_with('\n')) text.pop_back();
  auto bytes = from_hex(text);
  auto secret = bytes ? Secret::from_bytes(*bytes) : std::nullopt;
  wipe(text);
  if (bytes) wipe(*bytes);
  if (!secret) return fail(ErrorKind::damaged, "key_damaged", concat(path, " is not a key-encryption key: 64 hexadecimal digits"));
  return *secret;
}

Result<Secret> make_key_encryption_key(FileSystem& files, const std::string& path) {
  Secret secret = Secret::random();
  if (auto written = write_key_encryption_key(files, path, secret); !written) return std::unexpected(std::move(written.error()));
  return secret;
}

Result<void> write_key_encryption_key(FileSystem& files, const std::string& path, const Secret& secret) {
  std::string text = to_hex(secret.bytes()) + "\n";
  auto written = replace_file(files, path, text, OpenMode::create_secret);
  wipe(text);
  return written;
}

}  // namespace kring
