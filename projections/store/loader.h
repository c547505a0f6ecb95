// Private to this folder: versions of rows into sorted files, and those into a column family.
#pragma once

#include <rocksdb/db.h>

#include <functional>
#include <memory>
#include <string>

#include "projections/store/database.h"

namespace kring::projections {

// `scratch`: where the files are made; beside the database, so that they can be moved in. `swap`: what makes the family the model.
std::unique_ptr<Loader> make_loader(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, bool versioned, std::string scratch,
                                    std::function<Result<void>(const Bookmark&)> swap);

}  // namespace kring::projections
