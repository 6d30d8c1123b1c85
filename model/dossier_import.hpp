// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/import_report.hpp"

#include <istream>

namespace relais::model {

class database;

namespace dossiers {

// Reads a file of dossiers (docs/api/files.md: CSV with a header, any column but `number` absent or empty) into the mirror while it
// comes, a few thousand lines a transaction. The good lines are kept whatever the others are; the newer updated_at wins; importing again
// changes nothing. Lines without updated_at are news of `now`.
// Throws: invalid (field "header"), when there is no header or no column `number`; busy, when the database stays away.
import_counts import_csv(database& into, std::istream& from, sys_seconds now, const import_report& report);

} // namespace dossiers

} // namespace relais::model
