#include "events/filesystem/filesystem.h"

namespace kring {

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::unique_ptr<File>> open_or_create(FileSystem& files, const std::string& path, OpenMode mode) {
  auto file = files.open(path, OpenMode::update);
  if (file || file.error().kind != ErrorKind::not_found) return file;
  file = files.open(path, mode);
  if (!file) return file;
  if (auto synced = files.sync_directory(directory_of(path)); !synced) return std::unexpected(std::move(synced.error()));
  return file;
}

Result<Bytes> read_whole(File& file) {
  auto size = file.size();
  if (!size) return std::unexpected(std::move(size.error()));
  Bytes bytes(*size, '\0');
  auto got = file.read_at(0, bytes);
  if (!got) return std::unexpected(std::move(got.error()));
  bytes.resize(*got);
  return bytes;
}

Result<void> replace_file(FileSystem& files, const std::string& path, BytesView bytes, OpenMode mode) {
  const std::string unfinished = path + ".new";
  {
    auto file = files.open(unfinished, mode);
    if (!file) return std::unexpected(std::move(file.error()));
    auto done = (*file)->write_at(0, bytes);
    if (done) done = (*file)->sync_data();
    if (!done) {
      (void)files.remove(unfinished);  // it may be what fills the disk
      return done;
    }
  }
  if (auto renamed = files.rename(unfinished, path); !renamed) return renamed;
  return files.sync_directory(directory_of(path));
}

}  // namespace kring
