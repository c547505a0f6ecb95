// The key that wraps all others, in a file of its own: 64 hexadecimal digits and a line end, readable by its owner alone.
// It lies outside the data directory, so that a copy of the directory opens nothing.
#pragma once

#include "events/base/error.h"
#include "events/filesystem/filesystem.h"
#include "events/privacy/crypto.h"

namespace kring {

// Error `not_found` where there is no such file; `damaged` where it holds no key.
Result<Secret> read_key_encryption_key(FileSystem& files, const std::string& path);

// Makes a new one; it is durable when this returns. Precondition: there is no file at `path`.
Result<Secret> make_key_encryption_key(FileSystem& files, const std::string& path);
// The same with one that there is.
Result<void> write_key_encryption_key(FileSystem& files, const std::string& path, const Secret& secret);

}  // namespace kring
