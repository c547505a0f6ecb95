// Opens nothing of those who are forgotten by now, whatever keys are still about: a key is void from its PersonForgotten on,
// also before it is destroyed, and wherever a copy of it lies.
#pragma once

#include <map>
#include <utility>

#include "events/privacy/sealing.h"
#include "projections/store/database.h"

namespace kring::projections {

// Belongs to one thread; what is passed must outlive it.
class Forgetting : public Opener {
 public:
  Forgetting(Database& database, const Opener& opener) : database_(database), opener_(opener) {}

  std::optional<std::string> open(const SealContext& context, BytesView sealed) const override;

  // Does the ledger of erasures alone know it? The log is older, and says so once somebody writes to it.
  bool is_only_erased(const ProgrammeId& programme, const PersonId& person) const {
    return opener_.is_erased(programme, person) && !is_forgotten(programme, person);
  }

  void look_again() { known_.clear(); }  // after the database was refreshed

 private:
  bool is_forgotten(const ProgrammeId& programme, const PersonId& person) const;

  Database& database_;
  const Opener& opener_;
  mutable std::map<std::pair<ProgrammeId, PersonId>, bool> known_;
};

}  // namespace kring::projections
