// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <span>
#include <string>
#include <vector>

namespace relais::model {

struct migration {
    int version;
    std::string name;
    std::string text;
};

// model/migrations/NNN_name.sql in order, carried inside the program (CMake writes the source).
std::span<const migration> migrations();

// Brings an empty database to the schema that the given migrations make, for rows written under it; model::migrate then does the rest.
// Throws std::runtime_error when one of them is not known.
void migrate_only(const database_options& options, const std::vector<int>& versions);

// Throws std::runtime_error, with a sentence, when the database has had a migration that is not known.
void refuse_newer(soci::session& session);

// False when a migration of this program is missing: an older backup was put back. One that is not known is another node's, newer, which
// this program still understands (docs/operations.md, "Several nodes").
bool has_every_migration(soci::session& session);

} // namespace relais::model
