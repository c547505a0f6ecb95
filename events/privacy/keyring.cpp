#include "events/privacy/keyring.h"

#include <utility>

#include "events/base/text.h"
#include "events/privacy/key_encryption_key.h"
#include "events/privacy/writing_keyring.h"

namespace kring {
namespace {

// Whoever stands in the ledger is not opened, whatever keys there are: a restored backup has those of its own time.
class ReadingKeyring : public Opener {
 public:
  ReadingKeyring(std::unique_ptr<KeyReader> keys, const std::vector<Erasure>& erasures, const HistoryId& history) : opener_(std::move(keys), history) {
    for (const Erasure& erasure : erasures) erased_.insert(key_owner(erasure.programme, erasure.person));
  }

  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override {
    for (const PersonId& person : context.persons)
      if (is_erased(context.programme, person)) return std::nullopt;
    return opener_.open(context, sealed);
  }
  bool is_erased(const ProgrammeId& programme, const PersonId& person) const override {
    return !erased_.empty() && erased_.contains(key_owner(programme, person));
  }

 private:
  KeyOpener opener_;
  KeyOwners erased_;
};

class NoKeys : public Opener {
 public:
  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override { return opened_text({}, context, {}, sealed); }
};

Error missing_keys(const std::string& path) {
  return {ErrorKind::damaged, "keys_missing", "",
          concat("the keys of this history, ", path, ", are missing: put them back. If they are lost for good, make an empty file there: "
                 "then what they sealed stays sealed for ever")};
}

Error missing_key_encryption_key(const std::string& path) {
  return {ErrorKind::damaged, "key_encryption_key_missing", "",
          concat("the key-encryption key of this history, ", path, ", is missing: put it back, or say where it is in kring.toml of the data directory")};
}

Error missing_ledger(const std::string& path) {
  return {ErrorKind::damaged, "ledger_missing", "",
          concat("the ledger of erasures of this history, ", path, ", is missing: put it back, or say where it is in kring.toml of the data directory. "
                 "If it is lost for good, make an empty file there: then who was forgotten after a backup that is restored now can be read again")};
}

bool is_missing(const Error& error) { return error.kind == ErrorKind::not_found; }

// Is there a file with something in it?
Result<bool> stands(FileSystem& files, const std::string& path) {
  auto file = files.open(path, OpenMode::read);
  if (!file) return is_missing(file.error()) ? Result<bool>(false) : std::unexpected(std::move(file.error()));
  auto size = (*file)->size();
  return size ? Result<bool>(*size > 0) : std::unexpected(std::move(size.error()));
}

Result<Secret> wrapping_key(FileSystem& files, const KeyringPaths& paths) {
  auto wrapping = read_key_encryption_key(files, paths.key_encryption_key);
  if (wrapping || !is_missing(wrapping.error())) return wrapping;
  // Where no key was ever wrapped a new one may be made.
  auto used = stands(files, paths.keys);
  if (!used) return std::unexpected(std::move(used.error()));
  if (*used) return std::unexpected(missing_key_encryption_key(paths.key_encryption_key));
  return make_key_encryption_key(files, paths.key_encryption_key);
}

}  // namespace

Result<std::unique_ptr<Sealer>> open_keyring(FileSystem& files, const KeyringPaths& paths, const HistoryId& history, bool fresh) {
  auto lacks = [&](const std::string& path) {
    auto there = files.open(path, OpenMode::read);
    return !there && is_missing(there.error());
  };
  if (!fresh && lacks(paths.keys)) return std::unexpected(missing_keys(paths.keys));
  if (!fresh && lacks(paths.erasure_ledger)) return std::unexpected(missing_ledger(paths.erasure_ledger));
  auto wrapping = wrapping_key(files, paths);
  if (!wrapping) return std::unexpected(std::move(wrapping.error()));
  auto keyring = WritingKeyring::open(files, paths, history, *wrapping, fresh);
  if (!keyring) return std::unexpected(std::move(keyring.error()));
  if (auto applied = (*keyring)->apply_ledger(); !applied) return std::unexpected(std::move(applied.error()));
  return std::move(*keyring);
}

Result<std::unique_ptr<Opener>> open_key_reader(FileSystem& files, const KeyringPaths& paths, const HistoryId& history) {
  auto wrapping = read_key_encryption_key(files, paths.key_encryption_key);
  if (!wrapping && is_missing(wrapping.error())) return std::unexpected(missing_key_encryption_key(paths.key_encryption_key));
  if (!wrapping) return std::unexpected(std::move(wrapping.error()));
  auto reader = KeyReader::open(files, paths.keys, *wrapping);
  if (!reader && is_missing(reader.error())) return std::unexpected(missing_keys(paths.keys));
  if (!reader) return std::unexpected(std::move(reader.error()));
  auto erasures = read_erasures(files, paths.erasure_ledger, history);
  if (!erasures && is_missing(erasures.error())) return std::unexpected(missing_ledger(paths.erasure_ledger));
  if (!erasures) return std::unexpected(std::move(erasures.error()));
  return std::make_unique<ReadingKeyring>(std::move(*reader), *erasures, history);
}

std::unique_ptr<Opener> open_without_keys() { return std::make_unique<NoKeys>(); }

}  // namespace kring
