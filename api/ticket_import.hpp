// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "model/import_report.hpp"

#include <istream>

namespace relais::api {

// Opens the tickets of a file of JSON lines: the fields of POST /tickets, external_id (the key), received_at, and what happened since
// (status, closed_at, messages, category). The good lines are kept whatever the others are; a line whose external_id is known changes
// nothing; nobody is written to. Some hundreds of lines a transaction, memory does not grow. Waits for the database.
// Throws: busy, when the database stays away.
// Source: contract.md "Files".
model::import_counts import_tickets(model::database& into, const secrets& keys, const settings& config, std::istream& from,
                                    model::sys_seconds now, const model::import_report& report);

} // namespace relais::api
